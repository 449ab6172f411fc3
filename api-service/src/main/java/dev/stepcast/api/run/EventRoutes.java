package dev.stepcast.api.run;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.limit.Rate;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.NotifyRequest;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WaiterList;
import dev.stepcast.schemas.WaiterView;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;

/** Events that runs wait for: notify them, of either executor; who waits. */
final class EventRoutes {
  private static final int DATA_BYTES_MAX = 1024 * 1024;
  private static final int SHOWN = 200;
  /** Beyond that a score is no instant but "never". */
  private static final long INSTANT_MAX = 1L << 52;

  private final HttpDoor door;
  private final RunStore store;
  private final Notifier notifier;
  private final EndpointRuns endpoints;
  private final Rate hooks;

  EventRoutes(Platform platform, Rate hooks) {
    this.hooks = hooks;
    this.door = platform.http();
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
    this.notifier = new Notifier(store, EventBook.redis(platform.redis(), platform.keys()));
    this.endpoints = new EndpointRuns(platform.redis(), platform.keys(), true,
        RunStore.KEPT);
  }

  void mount(Router router) {
    door.json(router.post("/api/notify/:eventId").handler(door::requireToken), "requests/notify",
        DATA_BYTES_MAX).handler(this::notify);
    router.get("/api/waiters/:eventId").handler(door::requireToken)
        .handler(ctx -> HttpDoor.answer(ctx, 200, waiters(ctx.pathParam("eventId"))));
    new HookRoute(door, store, notifier, hooks).mount(router);
  }

  private void notify(RoutingContext ctx) {
    var asked = door.body(ctx, NotifyRequest.class);
    var data = asked == null || asked.data() == null ? RawJson.NULL : asked.data();
    var event = ctx.pathParam("eventId");
    var run = asked == null ? null : asked.workflowRunId();
    HttpDoor.answer(ctx, 200, run == null ? all(event, data) : one(run, event, data));
  }

  /** Runs of endpoints first; it is kept only where nobody of either kind waits. */
  private Future<NotifyAnswer> all(String event, RawJson data) {
    return Notifier.runOf(event).isPresent() ? notifier.notify(event, data, null)
        : endpoints.notify(EndpointRuns.EVENT + event, Buffer.buffer(data.text()))
            .compose(told -> notifier.broadcast(event, data, told.size()));
  }

  private Future<NotifyAnswer> one(String run, String event, RawJson data) {
    return endpoints.config(run).compose(config -> config.isEmpty()
        ? notifier.notify(event, data, run)
        : endpoints.notify(run, EndpointRuns.EVENT + event,
            EndpointRuns.arrival(Buffer.buffer(data.text())), true)
            .map(arrived -> new NotifyAnswer(arrived ? 1 : 0, !arrived)));
  }

  private Future<WaiterList> waiters(String event) {
    return notifier.waiters(event, SHOWN)
        .compose(ours -> endpoints.waiters(EndpointRuns.EVENT + event).map(others -> {
          var all = new ArrayList<WaiterView>();
          ours.forEach((waiter, until) -> all.add(new WaiterView(waiter.run(), waiter.name(),
              waiter.index(), until > INSTANT_MAX ? null : until)));
          others.forEach(run -> all.add(new WaiterView(run, null, null, null)));
          return new WaiterList(all.stream().limit(SHOWN).toList(), all.size());
        }));
  }
}
