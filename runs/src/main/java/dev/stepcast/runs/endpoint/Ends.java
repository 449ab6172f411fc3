package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Retention;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How runs and messages end, and how they are held up: see {@link EndpointRuns}. */
final class Ends {
  private static final Script CLOSE = EndpointRuns.script("close");
  private static final Script PAUSE = EndpointRuns.script("pause");
  private static final Script UNPAUSE = EndpointRuns.script("unpause");

  private final RedisLink redis;
  private final Keys keys;
  private final EndpointRuns runs;
  private final Retention retention;

  Ends(RedisLink redis, Keys keys, EndpointRuns runs, Retention retention) {
    this.retention = retention;
    this.redis = redis;
    this.keys = keys;
    this.runs = runs;
  }

  /**
   * How a run ends; the components are the arguments of {@code close.lua}.
   *
   * @param step the step that failed, as {@code tell} in post.lua takes it
   */
  record Closing(String slot, String token, RunState state, String field, String value,
      String event, String data, String dead, List<String> step) {
    Closing(RunState state, String field, String value, String event, String data) {
      this("", "", state, field, value, event, data, "", Shown.NOTHING);
    }
  }

  /** How long a message is kept that was delivered. */
  Duration kept() {
    return retention.succeeded();
  }

  Future<Boolean> finish(String id, String result) {
    var body = Shown.json(result);
    var event = runs.shown().events() ? Wire.encodeOpen(new WorkflowEvent.RunFinish(
        new RawJson(body).forEvent(), Timed.OPEN)) : "";
    return redis.insist(Starts.PATIENCE, () -> runs.config(id)
        .compose(config -> config.isEmpty() ? Future.succeededFuture(false)
            : close(id,
                new Closing(RunState.SUCCEEDED, result.isEmpty() ? "" : RunImage.RESULT, body,
                    event.isEmpty() ? "" : WorkflowEvents.RUN_FINISH.name(), event),
                Obligations.ended(id, config.get(), Optional.of(result)))));
  }

  Future<Boolean> cancel(String id) {
    boolean run = id.startsWith("wfr_");
    var event = run ? Wire.encodeOpen(new WorkflowEvent.RunCancel(Timed.OPEN)) : "";
    return runs.config(id).compose(config -> config.isEmpty() ? Future.succeededFuture(false)
        : close(id, new Closing(RunState.CANCELED, "", "",
            run ? WorkflowEvents.RUN_CANCEL.name() : "", event),
            Obligations.canceled(id, config.get())));
  }

  /** False where it had ended before, or the delivery is another's. */
  Future<Boolean> close(String id, Closing closing, Map<String, Spec> left) {
    var large = closing.value().length() > RunImage.LARGE;
    var args = new ArrayList<Object>(List.of(id, closing.slot(), closing.token(),
        closing.state().name(), retention.of(closing.state()).toMillis(),
        (large ? "b:" : "") + closing.field(), closing.value(), closing.event(), closing.data(),
        closing.dead()));
    args.addAll(closing.step());
    left.forEach((slot, spec) -> {
      args.add(slot);
      args.add(Wire.encode(spec));
    });
    return redis.run(CLOSE, List.of(keys.slot(id).head()), args)
        .map(answer -> answer.get(0).toString().equals("CLOSED"));
  }

  Future<Control> pause(String id) {
    return control(PAUSE, id);
  }

  Future<Control> unpause(String id) {
    return control(UNPAUSE, id);
  }

  private Future<Control> control(Script script, String id) {
    return redis.run(script, List.of(keys.slot(id).head()), List.of(id))
        .map(answer -> switch (answer.get(0).toString()) {
          case "DONE" -> Control.DONE;
          case "UNCHANGED" -> Control.UNCHANGED;
          case "WRONG" -> Control.WRONG_STATE;
          default -> Control.UNKNOWN;
        });
  }
}
