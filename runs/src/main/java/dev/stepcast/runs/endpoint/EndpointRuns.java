package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.runs.store.RunStore.Retention;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Starts and moves runs of endpoints, as programs with {@code @upstash/workflow} ask for it. Every
 * call is one atomic transition of one run and may be sent again; futures fail only with
 * {@code RedisLink.Unavailable}.
 */
public final class EndpointRuns {
  /** What the names of events begin with; other waits are known to their run alone. */
  public static final String EVENT = "e:";
  /** What a wait for a child begins with, before the child's id. */
  public static final String INVOKE = "invoke:";

  private static final List<String> LIBRARIES = List.of("post", "shut", "slots", "queue",
      "due");
  /** What stands between the id of a run that ended, and a sign, once its id was used again. */
  static final char AGAIN = '~';

  private final RedisLink redis;
  private final Keys keys;
  private final Shown shown;
  private final DeadRuns dead;
  private final Events events;
  private final Starts starts;
  private final Ends ends;

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

  Shown shown() {
    return shown;
  }

  Ends ends() {
    return ends;
  }

  /** {@code events} as {@link Shown#Shown} has it; what has ended is kept that long. */
  public EndpointRuns(RedisLink redis, Keys keys, boolean events, Retention retention) {
    this.redis = redis;
    this.keys = keys;
    this.shown = new Shown(events);
    this.events = new Events(redis, keys, shown);
    this.starts = new Starts(redis, keys, shown);
    this.ends = new Ends(redis, keys, this, retention);
    this.dead = new DeadRuns(redis, keys, this);
  }

  /** The script of that name, after the functions that it calls. */
  static Script script(String name, String... more) {
    var script = Script.of(EndpointRuns.class, name);
    for (var library : more) {
      script = script.with(Script.of(EndpointRuns.class, library));
    }
    for (var library : LIBRARIES) {
      script = script.with(Script.of(EndpointRuns.class, library));
    }
    return script.with(Script.of(RunStore.class, "run")).with(ChannelLog.LOG);
  }

  /** The scripts of neighbours that give turns and open deliveries: {@code own} after ours. */
  public static Script withSlots(Script own) {
    var script = own;
    for (var library : LIBRARIES.subList(1, LIBRARIES.size())) {
      script = script.with(Script.of(EndpointRuns.class, library));
    }
    return script.with(Script.of(RunStore.class, "run")).with(ChannelLog.LOG);
  }

  /** The id that a run was started with; a later run may have it as well. */
  public static String nameOf(String id) {
    int again = id.indexOf(AGAIN);
    return again < 0 ? id : id.substring(0, again);
  }

  /** Starts a run, or accepts a message. */
  public Future<Started> start(Start start) {
    return start(start, Map.of());
  }

  /** The same, with fields more; one named {@code once} keeps the id from being used again. */
  public Future<Started> start(Start start, Map<String, String> more) {
    return starts.start(start, more);
  }

  /** Appends messages to a run: all or none. */
  public Future<Submitted> submit(String id, List<Item> items) {
    return starts.submit(id, items);
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

  Future<Void> await(String id, String event) {
    return events.waits(id, event);
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

  /**
   * When a run stops waiting for {@code event}: ms since the epoch, 0 for never. Empty where it
   * does not wait.
   */
  public Future<Optional<Long>> deadline(String id, String event) {
    return events.deadline(id, event);
  }

  /** The runs that wait for {@code event}. */
  public Future<List<String>> waiters(String event) {
    return events.waiters(event);
  }

  /** The endpoint says that a run is finished; true where it had not ended before. */
  public Future<Boolean> finish(String id, String result) {
    return ends.finish(id, result);
  }

  /** Ends a run, or takes a message back; true where it had not ended before. */
  public Future<Boolean> cancel(String id) {
    return ends.cancel(id);
  }

  /** Makes no delivery of a run until it is unpaused; what is under way goes on. */
  public Future<Control> pause(String id) {
    return ends.pause(id);
  }

  /** Lets a paused run go on. */
  public Future<Control> unpause(String id) {
    return ends.unpause(id);
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

  /** A new run that goes on where {@code id} failed or was canceled, once. */
  public Future<Remade> resume(String id, UnaryOperator<Config> change) {
    return dead.resume(id, change);
  }

  /** A new run with the payload of one that failed or was canceled, once. */
  public Future<Remade> restart(String id, UnaryOperator<Config> change) {
    return dead.restart(id, change);
  }

  /** The failure callback of a failed run, or message, is called once more; false: it has none. */
  public Future<Boolean> tellFailure(String id) {
    return dead.tellFailure(id);
  }
}
