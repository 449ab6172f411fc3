package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.EndpointRuns.Closing;
import dev.stepcast.schemas.RunError;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The open deliveries: takes what is due, and says what became of each. A delivery is leased under
 * a token; who lost it is fenced. Futures fail only with {@code RedisLink.Unavailable}.
 */
public final class Deliveries {
  private static final Script TAKE = EndpointRuns.script("take", "post", "slots", "run");
  private static final Script SETTLE = EndpointRuns.script("settle", "post", "slots", "run");
  private static final Script RETRY = EndpointRuns.script("retry", "post", "slots", "run");
  private static final Script RENEW = EndpointRuns.script("renew", "run");
  private static final Duration MESSAGE_KEPT = Duration.ofHours(24);

  private final RedisLink redis;
  private final Keys keys;
  private final EndpointRuns runs;

  /** What a delivery is. */
  public enum Kind {
    /** The list up to a message goes to the run's endpoint. */
    STEP,
    /** A third party is called on behalf of a run. */
    CALL,
    /** What a call, or a message, came to goes to whoever asked. */
    CALLBACK,
    /** A wait ends by itself. */
    TIMEOUT,
    /** A run failed, and its endpoint is told. */
    FAILURE,
    /** A run ended, and the run that invoked it is told. */
    INVOKER,
    /** A message of its own. */
    MESSAGE
  }

  /**
   * What holds for every delivery of a run.
   *
   * @param url        of the endpoint
   * @param retries    attempts after the first
   * @param retryDelay expression in ms; null for the default
   * @param headers    that the run's starter forwards to every delivery
   * @param failure    what is called when the run fails; null for nothing
   * @param labels     for lists
   * @param invoker    id of the run that invoked it, and the step, as {@code <id> <step>}
   * @param rest       started without the endpoint's package: its first answer must name one
   */
  public record Config(String url, int retries, @Nullable String retryDelay,
      Map<String, String> headers, @Nullable Spec failure, List<String> labels,
      @Nullable String invoker, boolean rest) {}

  /**
   * One delivery.
   *
   * @param headers   beyond the run's and ours
   * @param body      in base64; null where the list is the body
   * @param retries   attempts after the first; null for the run's
   * @param timeoutMs until an answer; null for the default
   * @param callback  what is called with what it came to; null for nothing
   * @param failure   what is called when it failed for good; null for nothing
   * @param next      number of the step that follows it; where that is there, it did its work
   * @param messageId of its message
   */
  public record Spec(Kind kind, @Nullable String url, String method, Map<String, String> headers,
      @Nullable String body, @Nullable Integer retries, @Nullable String retryDelay,
      @Nullable Long timeoutMs, @Nullable Spec callback, @Nullable Spec failure,
      @Nullable Integer next, @Nullable String messageId) {

    /** A delivery with nothing special about it. */
    public static Spec of(Kind kind, @Nullable String url, String method) {
      return new Spec(kind, url, method, Map.of(), null, null, null, null, null, null, null, null);
    }

    /** With {@code text} for its body, stored as it is. */
    public Spec withBody(@Nullable String text) {
      return new Spec(kind, url, method, headers, text, retries, retryDelay, timeoutMs, callback,
          failure, next, messageId);
    }

    /** With {@code id} for its message's id. */
    public Spec withMessage(String id) {
      return new Spec(kind, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
          failure, next, id);
    }

    /** With the number of the step that follows. */
    public Spec withNext(int step) {
      return new Spec(kind, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
          failure, step, messageId);
    }

    /** With headers. */
    public Spec withHeaders(Map<String, String> all) {
      return new Spec(kind, url, method, all, body, retries, retryDelay, timeoutMs, callback,
          failure, next, messageId);
    }
  }

  /** What was due. */
  public record Taken(long now, long nextDue, List<Leased> deliveries) {}

  /**
   * A delivery that is the caller's until its lease ends.
   *
   * @param before   attempts that failed
   * @param messages of the run, up to the one that is delivered: id, call type and body, by lines
   */
  public record Leased(String id, String slot, String token, int before, Config config,
      long createdAt, Spec spec, List<Buffer> messages) {}

  /** Takes from {@code redis}; {@code runs} are whose waits it ends. */
  public Deliveries(RedisLink redis, Keys keys, EndpointRuns runs) {
    this.redis = redis;
    this.keys = keys;
    this.runs = runs;
  }

  /** Leases due deliveries of one partition; {@code token} must be unique. */
  public Future<Taken> take(int partition, int most, String token, Duration lease) {
    return redis.run(TAKE, List.of(keys.slot(partition).head()),
        List.of(most, token, lease.toMillis())).map(answer -> {
          var leased = new ArrayList<Leased>();
          for (int i = 2; i < answer.size(); i++) {
            leased.add(leased(answer.get(i), token));
          }
          return new Taken(answer.get(0).toLong(), answer.get(1).toLong(), List.copyOf(leased));
        });
  }

  private static Leased leased(Response one, String token) {
    var messages = one.stream().skip(6).map(Response::toBuffer).toList();
    return new Leased(one.get(0).toString(), one.get(1).toString(), token,
        one.get(2).toInteger(), Wire.decode(one.get(3).toString(), Config.class),
        one.get(4).toLong(), Wire.decode(one.get(5).toString(), Spec.class), messages);
  }

  /** The list as an endpoint gets it: compact JSON, bodies in base64. */
  public static String list(List<Buffer> messages) {
    var json = new StringBuilder("[");
    for (var message : messages) {
      var parts = parts(message);
      json.append(json.length() > 1 ? "," : "").append("{\"messageId\":\"").append(parts.id())
          .append("\",\"body\":\"")
          .append(Base64.getEncoder().encodeToString(parts.body().getBytes()))
          .append("\",\"callType\":\"").append(parts.callType()).append("\"}");
    }
    return json.append(']').toString();
  }

  /** One message of a list. */
  public record Message(String id, String callType, Buffer body) {}

  /** Reads a message as it is stored. */
  public static Message parts(Buffer message) {
    int first = lineEnd(message, 0);
    int second = lineEnd(message, first + 1);
    return new Message(message.getString(0, first), message.getString(first + 1, second),
        message.slice(second + 1, message.length()));
  }

  private static int lineEnd(Buffer message, int from) {
    int at = from;
    while (message.getByte(at) != '\n') {
      at++;
    }
    return at;
  }

  /** Prolongs leases. */
  public Future<Void> renew(int partition, List<Leased> held, Duration lease) {
    var args = new ArrayList<Object>(List.of(lease.toMillis()));
    held.forEach(one -> args.addAll(List.of(one.id(), one.slot(), one.token())));
    return redis.run(RENEW, List.of(keys.slot(partition).head()), args).mapEmpty();
  }

  /** Whether what the delivery asks of its endpoint has been done, whatever it answered. */
  public Future<Boolean> advanced(Leased one) {
    var next = one.spec().next();
    if (next == null) {
      return Future.succeededFuture(false);
    }
    var run = keys.slot(one.id()).key("run", one.id());
    return redis.send(run, Request.cmd(Command.HMGET).arg(run).arg("k:r:" + next)
        .arg("k:c:" + next).arg("k:p:" + next).arg("x:w" + next))
        .map(found -> found != null && found.stream().anyMatch(field -> field != null));
  }

  /**
   * It is done.
   *
   * @param follows what is delivered next because of it, by slot
   * @return deliveries and waits that its run still has open; 0 where nothing would ever move it
   */
  public Future<Integer> settle(Leased one, Map<String, Spec> follows) {
    boolean message = one.id().startsWith("msg_") && one.slot().equals("0");
    var args = new ArrayList<Object>(List.of(one.id(), one.slot(), one.token(),
        message ? RunState.SUCCEEDED.name() : "", MESSAGE_KEPT.toMillis()));
    follows.forEach((slot, spec) -> {
      args.add(slot);
      args.add(Wire.encode(spec));
    });
    return redis.run(SETTLE, List.of(keys.slot(one.id()).head()), args)
        .map(answer -> answer.get(0).toString().equals("SETTLED") ? answer.get(1).toInteger() : 1);
  }

  /** It failed and is tried again after {@code delay}. */
  public Future<Void> retry(Leased one, Duration delay, String error) {
    return redis.run(RETRY, List.of(keys.slot(one.id()).head()),
        List.of(one.id(), one.slot(), one.token(), delay.toMillis(), error)).mapEmpty();
  }

  /**
   * It failed for good, and with it its run or message.
   *
   * @param dead     its entry among the dead letters, as JSON
   * @param callback what is called because of it
   */
  public Future<Void> fail(Leased one, RunError error, String dead, Optional<Spec> callback) {
    boolean run = one.id().startsWith("wfr_");
    var event = run ? Wire.encodeOpen(new WorkflowEvent.RunFail(error, Timed.OPEN)) : "";
    var closing = new Closing(one.slot(), one.token(), RunState.FAILED, "er", Wire.encode(error),
        run ? WorkflowEvents.RUN_FAIL.name() : "", event, dead);
    return redis.run(EndpointRuns.CLOSE, List.of(keys.slot(one.id()).head()),
        EndpointRuns.closeArgs(one.id(), closing,
            Obligations.failed(one.id(), one.config(), callback)))
        .mapEmpty();
  }

  /** A wait ends by itself. */
  public Future<Void> timeOut(Leased one) {
    return runs.arrive(one.id(), one.slot(), ",\"waitTimeout\":true}");
  }

  /** Tells the run that invoked this one how it ended. */
  public Future<Void> tellInvoker(Leased one) {
    return runs.notify(String.valueOf(one.spec().url()), "invoke:" + one.id(),
        String.valueOf(one.spec().body()), false).mapEmpty();
  }
}
