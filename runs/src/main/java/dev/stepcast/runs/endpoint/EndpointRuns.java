package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.Deliveries.Config;
import dev.stepcast.runs.endpoint.Deliveries.Spec;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts and moves runs of endpoints, as programs with {@code @upstash/workflow} ask for it. Every
 * call is one atomic transition of one run and may be sent again; futures fail only with
 * {@code RedisLink.Unavailable}.
 */
public final class EndpointRuns {
  /** What the names of events begin with; other waits are known to their run alone. */
  public static final String EVENT = "e:";

  private static final Script INIT = script("init", "post", "slots", "run");
  private static final Script SUBMIT = script("submit", "post", "slots", "run");
  static final Script CLOSE = script("close", "post", "slots", "run");

  private final RedisLink redis;
  private final Keys keys;
  private final Shown shown;
  private final DeadRuns dead;
  private final Events events;

  /**
   * A run to start, or a message to deliver.
   *
   * @param anew    the endpoint itself sends it again, with its real configuration
   * @param body    the payload
   * @param delay   when the first delivery is made
   */
  public record Start(String id, Config config, Spec spec, Buffer body, Delay delay,
      boolean anew) {}

  /** How much later, and not before when (ms since the epoch). */
  public record Delay(long ms, long notBefore) {
    /** At once. */
    public static final Delay NONE = new Delay(0, 0);
  }

  /**
   * What came of a start.
   *
   * @param known it was there before and has not ended: nothing was started
   */
  public record Started(String id, String messageId, long createdAt, boolean known) {}

  /**
   * A message to append to a run.
   *
   * @param key  what it is: {@code p:3} plan, {@code r:3} result or {@code c:3} call of step 3;
   *             a run takes each of them once
   * @param need what must be there before: {@code p:3}, or {@code #2} for two results
   * @param step the step that it records, as JSON; empty for none
   */
  public record Item(String key, String need, String callType, Buffer body, Spec spec, Delay delay,
      Optional<String> step) {}

  /** What came of appending. */
  public sealed interface Submitted {
    /** All are there; the ids of the messages, in order. */
    record Appended(List<String> messageIds) implements Submitted {}

    /** There is no such run, or it has ended. */
    record Gone() implements Submitted {}

    /** Something that must come before is missing: send it again later. */
    record Early() implements Submitted {}
  }

  /**
   * A step that waits.
   *
   * @param event     what for
   * @param timeoutMs when it gives up; 0 for never
   * @param step      the step as JSON
   */
  public record Wait(int stepId, String event, long timeoutMs, String step, Spec spec) {}

  /** Asks about runs in {@code redis}; {@code events} as {@link Shown#Shown} has it. */
  public EndpointRuns(RedisLink redis, Keys keys, boolean events) {
    this.redis = redis;
    this.keys = keys;
    this.shown = new Shown(events);
    this.events = new Events(redis, keys, shown);
    this.dead = new DeadRuns(redis, keys);
  }

  static Script script(String name, String... libraries) {
    var script = Script.of(EndpointRuns.class, name);
    for (var library : libraries) {
      script = script
          .with(Script.of(library.equals("run") ? RunStore.class : EndpointRuns.class, library));
    }
    return script.with(ChannelLog.APPEND);
  }

  /** Starts a run, or accepts a message. */
  public Future<Started> start(Start start) {
    return start(start, Map.of());
  }

  /** The same, with fields more; one named {@code once} keeps the id from being used again. */
  public Future<Started> start(Start start, Map<String, String> more) {
    var message = MessageIds.draw();
    boolean run = start.id().startsWith("wfr_");
    var args = new ArrayList<Object>(List.of(start.id(), Wire.encode(start.config()),
        start.anew() ? 1 : 0, start.delay().ms(), start.delay().notBefore(),
        message(run ? message : start.id(), "step", start.body()), Wire.encode(start.spec()),
        String.join("\n", start.config().labels()), run ? Shown.started(start.config()) : ""));
    Shown.fields(start, more).forEach((name, value) -> args.addAll(List.of(name, value)));
    return redis.run(INIT, List.of(keys.slot(start.id()).head()), args)
        .map(answer -> new Started(start.id(), run ? message : start.id(),
            answer.get(1).toLong(), answer.get(0).toString().equals("KNOWN")));
  }

  /** Appends messages to a run: all or none. */
  public Future<Submitted> submit(String id, List<Item> items) {
    var args = new ArrayList<Object>(List.of(id));
    for (var item : items) {
      var message = MessageIds.draw();
      args.addAll(List.of(item.key(), item.need(), message(message, item.callType(), item.body()),
          message, Wire.encode(item.spec()), item.delay().ms(), item.delay().notBefore()));
      args.addAll(item.step().map(step -> shown.step(step, item.key().startsWith("r:")))
          .orElse(Shown.NOTHING));
    }
    return redis.run(SUBMIT, List.of(keys.slot(id).head()), args)
        .map(answer -> switch (answer.get(0).toString()) {
          case "APPENDED" -> new Submitted.Appended(
              answer.stream().skip(1).map(Response::toString).toList());
          case "EARLY" -> new Submitted.Early();
          default -> new Submitted.Gone();
        });
  }

  /**
   * A step begins to wait.
   *
   * @return what it waits for: of the first sending, where this is a repetition; empty where the
   *     run has ended
   */
  public Future<Optional<String>> await(String id, Wait wait) {
    return events.await(id, wait);
  }

  /** Every run that waits for {@code event} goes on, one wait each; the ids of those runs. */
  public Future<List<String>> notify(String event, Buffer data) {
    return events.notify(event, data);
  }

  /**
   * One run goes on.
   *
   * @param tail what completes its step, see {@link #arrival}
   * @param keep whether it is kept for the run's next wait where it does not wait yet
   * @return whether it went on
   */
  public Future<Boolean> notify(String id, String event, String tail, boolean keep) {
    return events.notify(id, event, tail, keep);
  }

  /** One wait of a run ends. */
  Future<Void> arrive(String id, String slot, String tail) {
    return events.arrive(id, slot, tail);
  }

  /** What completes a wait's step with the data that came. */
  public static String arrival(Buffer data) {
    return ",\"out\":\"" + Base64.getEncoder().encodeToString(data.getBytes()) + "\"}";
  }

  /** The runs that wait for {@code event}. */
  public Future<List<String>> waiters(String event) {
    return events.waiters(event);
  }

  /** The endpoint says that a run is finished; true where it had not ended before. */
  public Future<Boolean> finish(String id, String result) {
    var body = Shown.json(result);
    var event = shown.events() ? Wire.encodeOpen(new WorkflowEvent.RunFinish(
        new RawJson(body).forEvent(), Timed.OPEN)) : "";
    return config(id).compose(config -> config.isEmpty() ? Future.succeededFuture(false)
        : close(id, new Closing("", "", RunState.SUCCEEDED, result.isEmpty() ? "" : "out", body,
            shown.events() ? WorkflowEvents.RUN_FINISH.name() : "", event, ""),
            Obligations.ended(id, config.get(), Optional.of(result))));
  }

  /** Ends a run, or takes a message back; true where it had not ended before. */
  public Future<Boolean> cancel(String id) {
    boolean run = id.startsWith("wfr_");
    var event = run ? Wire.encodeOpen(new WorkflowEvent.RunCancel(Timed.OPEN)) : "";
    return config(id).compose(config -> config.isEmpty() ? Future.succeededFuture(false)
        : close(id, new Closing("", "", RunState.CANCELED, "", "",
            run ? WorkflowEvents.RUN_CANCEL.name() : "", event, ""),
            Obligations.canceled(id, config.get())));
  }

  /** How a run ends; the components are the arguments of {@code close.lua}. */
  record Closing(String slot, String token, RunState state, String field, String value,
      String event, String data, String dead) {}

  private Future<Boolean> close(String id, Closing closing, Map<String, Spec> left) {
    return redis.run(CLOSE, List.of(keys.slot(id).head()), closeArgs(id, closing, left))
        .map(answer -> answer.get(0).toString().equals("CLOSED"));
  }

  static List<Object> closeArgs(String id, Closing closing, Map<String, Spec> left) {
    var large = closing.value().length() > dev.stepcast.runs.store.RunImage.LARGE;
    var args = new ArrayList<Object>(List.of(id, closing.slot(), closing.token(),
        closing.state().name(), RunStore.KEPT.of(closing.state()).toMillis(),
        (large ? "b:" : "") + closing.field(), closing.value(), closing.event(), closing.data(),
        closing.dead()));
    left.forEach((slot, spec) -> {
      args.add(slot);
      args.add(Wire.encode(spec));
    });
    return args;
  }

  /** A run's configuration; empty where there is no such run of an endpoint. */
  public Future<Optional<Config>> config(String id) {
    var run = keys.slot(id).key("run", id);
    return redis.send(run, Request.cmd(Command.HGET).arg(run).arg("ep"))
        .map(answer -> Optional.ofNullable(answer)
            .map(json -> Wire.decode(json.toString(), Config.class)));
  }

  /** A run's whole list, as its endpoint wants it; empty where it has ended. */
  public Future<Optional<String>> messages(String id) {
    var slot = keys.slot(id);
    var state = slot.key("run", id);
    return redis.send(state, Request.cmd(Command.HGET).arg(state).arg("st")).compose(st -> {
      if (st == null || RunState.valueOf(st.toString()).ended()) {
        return Future.succeededFuture(Optional.empty());
      }
      return stored(id).map(all -> Optional.of(Deliveries.list(all)));
    });
  }

  /** A run's or message's list, ended or not; see {@link Deliveries#parts}. */
  public Future<List<Buffer>> stored(String id) {
    return list("list", id);
  }

  /** Its failed attempts: the slot, a blank, and the error as JSON. */
  public Future<List<Buffer>> errors(String id) {
    return list("errors", id);
  }

  private Future<List<Buffer>> list(String kind, String id) {
    var key = keys.slot(id).key(kind, id);
    return redis.send(key, Request.cmd(Command.LRANGE).arg(key).arg(0).arg(-1))
        .map(all -> all == null ? List.of() : all.stream().map(Response::toBuffer).toList());
  }

  /** Ids of runs and messages that failed for good, the latest first. */
  public Future<List<String>> dead() {
    return dead.ids();
  }

  /** It is no dead letter any longer; true where it was one. */
  public Future<Boolean> forget(String id) {
    return dead.forget(id);
  }

  /** A new run that goes on where {@code id} failed; empty where it did not fail. */
  public Future<Optional<String>> resume(String id, String slot, Spec spec, Config config) {
    return dead.resume(id, slot, spec, config);
  }

  private static Buffer message(String id, String callType, @Nullable Buffer body) {
    var head = Buffer.buffer(id + "\n" + callType + "\n");
    return body == null ? head : head.appendBuffer(body);
  }
}
