package dev.stepcast.api.run;

import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.limit.Rate;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WireException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/hooks/{eventId}}: where the world calls back. It has no token and a form of its own,
 * so whoever knows the id of a webhook that a run has drawn may call it, with any body.
 *
 * @param store where the runs are that draw webhooks
 * @param rate  how often those of one run may be called, also by who only guesses, since each call
 *              reads the run
 */
record HookRoute(HttpDoor door, RunStore store, Notifier notifier, Rate rate) {
  private static final int BODY_BYTES_MAX = 1024 * 1024;
  private static final int RUN_MAX = 200;
  private static final String WEBHOOK = "webhook";

  void mount(Router router) {
    var route = HttpDoor.anyQuery(router.route("/api/hooks/:eventId").method(HttpMethod.GET)
        .method(HttpMethod.POST).method(HttpMethod.PUT));
    door.bounded(route, BODY_BYTES_MAX).handler(this::called);
  }

  private void called(RoutingContext ctx) {
    var eventId = ctx.pathParam("eventId");
    var data = data(ctx.body().buffer());
    HttpDoor.answer(ctx, 200, drawn(eventId).compose(is -> is
        ? notifier.notify(eventId, data, null)
        : Future.<NotifyAnswer>failedFuture(Problem.of(404, "webhook-unknown",
            "No such webhook", "No run that is kept has drawn it.").refusal())));
  }

  private Future<Boolean> drawn(String eventId) {
    var run = Notifier.runOf(eventId).filter(id -> id.length() <= RUN_MAX);
    return run.isEmpty() ? Future.succeededFuture(false)
        : rate.take("hook:" + run.get(), "The webhooks of this run are called too often.")
            .compose(_ -> store.read(run.get()))
            .map(found -> found.filter(image -> drew(image, eventId)).isPresent());
  }

  private static boolean drew(RunImage image, String eventId) {
    var answer = RawJson.of(eventId);
    return image.of(Entry.FIELD)
        .filter(field -> field.getValue().contains(answer.text())) // anybody may ask: stay cheap
        .map(field -> Entry.read(field.getKey(), field.getValue(), image))
        .anyMatch(entry -> entry.step().type().equals(WEBHOOK) && answer.equals(entry.result()));
  }

  /** JSON as it is, anything else as a text; null for nothing. */
  private static RawJson data(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      return RawJson.NULL;
    }
    try {
      return RawJson.parse(body.toString());
    } catch (WireException e) {
      return RawJson.of(body.toString());
    }
  }
}
