package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.Ends.Closing;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
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
  private static final Script TAKE = EndpointRuns.script("take", "lease", "done");
  private static final Script SETTLE = EndpointRuns.script("settle", "lease");
  private static final Script RETRY = EndpointRuns.script("retry");
  private static final Script BLOCK = EndpointRuns.script("block");
  private static final Script PASS = EndpointRuns.script("pass");
  private static final Script RENEW = EndpointRuns.script("renew");

  private final RedisLink redis;
  private final Keys keys;
  private final EndpointRuns runs;
  private final Known<Config> configs = new Known<>(Config.class);
  private final Known<Spec> specs = new Known<>(Spec.class);

  /** What was due. */
  public record Taken(long now, long nextDue, List<Leased> deliveries) {}

  /**
   * A delivery that is the caller's until its lease ends.
   *
   * @param before   attempts that failed; -1: the run has ended, and there is nothing to deliver
   * @param messages of the run, up to the one that is delivered: id, call type and body, by lines
   * @param takenAt  by the store's clock, ms
   */
  public record Leased(String id, String slot, String token, int before, Config config,
      long createdAt, Spec spec, List<Buffer> messages, long takenAt) {
    /** As it stands in books about deliveries. */
    public String member() {
      return id + "#" + slot;
    }

    /** The same, held by nobody. */
    public Leased loose() {
      return new Leased(id, "", "", before, config, createdAt, spec, messages, takenAt);
    }
  }

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
            leased.add(leased(answer.get(i), token, answer.get(0).toLong()));
          }
          return new Taken(answer.get(0).toLong(), answer.get(1).toLong(), List.copyOf(leased));
        });
  }

  private Leased leased(Response one, String token, long now) {
    var messages = one.stream().skip(6).map(Response::toBuffer).toList();
    return new Leased(one.get(0).toString(), one.get(1).toString(), token,
        one.get(2).toInteger(), configs.of(one.get(3).toString()), one.get(4).toLong(),
        specs.of(one.get(5).toString()), messages, now);
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
    var ask = Request.cmd(Command.HMGET).arg(run).arg("k:r:" + next).arg("k:c:" + next)
        .arg("x:w" + next);
    if (!plan(one)) {
      ask.arg("k:p:" + next); // a plan is there already; what it leads to is what counts
    }
    return redis.send(run, ask)
        .map(found -> found != null && found.stream().anyMatch(field -> field != null));
  }

  private static boolean plan(Leased one) {
    var body = parts(one.messages().getLast()).body().toString();
    return one.messages().size() > 1 && Wire.tree(body).path("targetStep").asInt() > 0;
  }

  /**
   * It is done.
   *
   * @param follows what is delivered next because of it, by slot
   * @return deliveries and waits that its run still has open; 0 where nothing would ever move it
   */
  public Future<Integer> settle(Leased one, Map<String, Spec> follows) {
    return settle(one, follows, Duration.ZERO).map(Settled::open);
  }

  /**
   * What is left of a run.
   *
   * @param open as {@link #settle(Leased, Map)} has it
   * @param next the delivery that was held back until this one was done: the caller's from now on
   */
  public record Settled(int open, Optional<Leased> next) {}

  /** The same, by a node that takes the next one for {@code lease}; zero: it takes none. */
  public Future<Settled> settle(Leased one, Map<String, Spec> follows, Duration lease) {
    boolean message = one.id().startsWith("msg_") && one.slot().equals("0");
    var heir = lease.isZero() ? "" : heir(one);
    var args = new ArrayList<Object>(List.of(one.id(), one.slot(), one.token(),
        message ? RunState.SUCCEEDED.name() : "", runs.ends().kept().toMillis(), heir,
        lease.toMillis()));
    follows.forEach((slot, spec) -> {
      args.add(slot);
      args.add(Wire.encode(spec));
    });
    return redis.run(SETTLE, List.of(keys.slot(one.id()).head()), args)
        .map(answer -> !answer.get(0).toString().equals("SETTLED")
            ? new Settled(1, Optional.empty())
            : new Settled(answer.get(1).toInteger(), answer.size() < 4 ? Optional.empty()
                : Optional.of(next(one, answer.get(3), heir, answer.get(2).toLong()))));
  }

  /** The same for the same delivery, so that it may be sent again, and for no other. */
  private static String heir(Leased one) {
    var token = one.token();
    int end = token.indexOf('/');
    return (end < 0 ? token : token.substring(0, end)) + "/" + one.slot();
  }

  private Leased next(Leased one, Response answer, String token, long now) {
    if (answer.get(3).toBuffer().length() > 0) {
      return leased(answer, token, now);
    }
    var messages = new ArrayList<>(one.messages());
    answer.stream().skip(6).map(Response::toBuffer).forEach(messages::add);
    return new Leased(one.id(), answer.get(1).toString(), token, answer.get(2).toInteger(),
        one.config(), one.createdAt(), specs.of(answer.get(5).toString()), List.copyOf(messages),
        now);
  }

  /**
   * An attempt that failed.
   *
   * @param step    that failed, where the endpoint said so; null where it did not
   * @param attempt what the timeline shows of it
   */
  public record Failure(Entry.@Nullable Step step, Attempt attempt) {}

  /** It failed and is tried again after {@code delay}. */
  public Future<Void> retry(Leased one, Duration delay, String error, Failure failure) {
    var args = new ArrayList<Object>(
        List.of(one.id(), one.slot(), one.token(), delay.toMillis(), error));
    args.addAll(runs.shown().retried(failure));
    return redis.run(RETRY, List.of(keys.slot(one.id()).head()), args).mapEmpty();
  }

  /**
   * What a run or message failed with for good.
   *
   * @param dead     its entry among the dead letters, as JSON
   * @param callback what is called because of it
   */
  public record Death(RunError error, String dead, Optional<Spec> callback, Failure failure) {}

  /** It failed for good, and with it its run or message. */
  public Future<Void> fail(Leased one, Death death) {
    boolean run = one.id().startsWith("wfr_");
    var event = run ? Wire.encodeOpen(new WorkflowEvent.RunFail(death.error(), Timed.OPEN)) : "";
    var closing = new Closing(one.slot(), one.token(), RunState.FAILED, "er",
        Wire.encode(death.error()), run ? WorkflowEvents.RUN_FAIL.name() : "", event, death.dead(),
        runs.shown().failed(death.failure()));
    return runs.ends().close(one.id(), closing,
        Obligations.failed(one.id(), one.config(), death.callback())).mapEmpty();
  }

  /** It may not be made yet; it is looked at again then, ms since the epoch. */
  public Future<Void> block(Leased one, long atMs) {
    return redis.run(BLOCK, List.of(keys.slot(one.id()).head()),
        List.of(one.id(), one.slot(), one.token(), atMs)).mapEmpty();
  }

  /** A blocked delivery may ask again; false where there is nothing to deliver any more. */
  public Future<Boolean> pass(String member) {
    int hash = member.lastIndexOf('#');
    var id = member.substring(0, hash);
    return redis.run(PASS, List.of(keys.slot(id).head()), List.of(id, member.substring(hash + 1)))
        .map(answer -> !answer.get(0).toString().equals("GONE"));
  }

  /** Notes what its run's failure function did; null for nothing. */
  public Future<Void> told(Leased one, @Nullable JsonObject what) {
    var run = keys.slot(one.id()).key("run", one.id());
    return what == null ? Future.succeededFuture()
        : redis.send(run, Request.cmd(Command.HSET).arg(run).arg("ff").arg(what.encode()))
            .mapEmpty();
  }

  /** A wait ends by itself. */
  public Future<Void> timeOut(Leased one) {
    return runs.arrive(one.id(), one.slot(), ",\"waitTimeout\":true}");
  }

  /** Tells the run that invoked this one how it ended. */
  public Future<Void> tellInvoker(Leased one) {
    return runs.notify(String.valueOf(one.spec().url()),
        EndpointRuns.INVOKE + EndpointRuns.nameOf(one.id()),
        String.valueOf(one.spec().body()), false).mapEmpty();
  }
}
