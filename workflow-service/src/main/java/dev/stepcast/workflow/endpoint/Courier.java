package dev.stepcast.workflow.endpoint;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.Deliveries.Death;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Wire;
import dev.stepcast.workflow.outside.Answer;
import dev.stepcast.workflow.outside.Caller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one delivery and says what becomes of it: done, tried again, or failed for good. */
final class Courier {
  private static final String NO_WORKFLOW = "detected a non-workflow destination for "
      + "trigger/invoke. make sure you are sending the request to the correct endpoint";
  private static final String OLD_PACKAGE = "trigger rest api is only usable with sdk versions "
      + "after v1.0.0 major version";
  private static final String STRANDED = "the endpoint answered, and nothing is left that would "
      + "move the run";
  private static final int RETRIES_OF_CALLS = 0;
  private static final Optional<Leased> NOTHING = Optional.empty();
  /** How long the outcome of a call waits for Redis, rather than have the call made again. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final RedisLink redis;
  private final Deliveries deliveries;
  private final Caller caller;
  private final Gate gate;
  private final Letters letters;
  private final RetryDelay delays;
  private final Duration lease;
  private volatile boolean goesOn = true;

  Courier(Platform platform, EndpointConfig config, Deliveries deliveries, Signature signature) {
    this.redis = platform.redis();
    this.deliveries = deliveries;
    this.caller = new Caller(platform.vertx(), config.privateToo());
    this.gate = new Gate(new Limits(platform.redis(), platform.keys()), deliveries);
    this.letters = new Letters(signature, platform.clock());
    this.delays = new RetryDelay(platform.clock());
    this.lease = config.lease();
  }

  /**
   * Fails only when Redis is away for long; then the lease ends and it is made again.
   *
   * @return the delivery that was held back until this one was done, and is the caller's now
   */
  Future<Optional<Leased>> deliver(Leased one) {
    var flow = Gate.flow(one);
    if (one.before() < 0) { // its run ended while a node had it that is no more
      return (flow == null ? Future.<Void>succeededFuture() : gate.leave(flow, one))
          .compose(_ -> deliveries.settle(one, Map.of()).map(NOTHING));
    }
    return flow == null ? make(one)
        : gate.enter(flow, one).compose(may -> may
            ? make(one).eventually(() -> redis.insist(PATIENCE, () -> gate.leave(flow, one)))
            : Future.succeededFuture(NOTHING));
  }

  /** From now on the next delivery of a run is left to others. */
  void stop() {
    goesOn = false;
  }

  private Future<Optional<Leased>> make(Leased one) {
    return switch (one.spec().kind()) {
      case TIMEOUT -> redis.insist(PATIENCE, () -> deliveries.timeOut(one)).map(NOTHING);
      case INVOKER -> redis.insist(PATIENCE, () -> deliveries.tellInvoker(one)
          .compose(_ -> deliveries.settle(one, Map.of()).map(NOTHING)));
      case STEP, CALL, CALLBACK, FAILURE, MESSAGE -> caller.call(letters.of(one))
          .compose(answer -> redis.insist(PATIENCE, () -> judge(one, answer)));
    };
  }

  private Future<Optional<Leased>> judge(Leased one, Answer answer) {
    return one.spec().kind() == Kind.FAILURE && one.slot().equals("f")
        ? deliveries.told(one, letters.told(one, answer, retries(one)))
            .compose(_ -> outcome(one, answer))
        : outcome(one, answer);
  }

  private Future<Optional<Leased>> outcome(Leased one, Answer answer) {
    if (answer.ok()) {
      var refusal = one.spec().kind() == Kind.STEP && one.messages().size() == 1
          ? misdirected(one, answer)
          : null;
      return refusal == null ? done(one, answer) : failed(one, answer, refusal);
    }
    return deliveries.advanced(one).compose(advanced -> {
      if (advanced) {
        return settle(one, answer, Map.of()); // its answer was lost, not its work
      }
      int retries = retries(one);
      return answer.askedToStop() || one.before() >= retries ? exhausted(one, answer)
          : again(one, answer);
    });
  }

  /** The very first answer tells whether there is a workflow behind the URL. */
  private static @Nullable String misdirected(Leased one, Answer answer) {
    if (one.config().rest() && answer.header("Upstash-Workflow-Sdk") == null) {
      return OLD_PACKAGE;
    }
    return answer.header("Upstash-Workflow-Sdk-Version") == null ? NO_WORKFLOW : null;
  }

  private Future<Optional<Leased>> done(Leased one, Answer answer) {
    var callback = one.spec().callback();
    return settle(one, answer, callback == null ? Map.of()
        : Map.of(slotOfCallback(one), letters.callback(one, answer, callback)));
  }

  private Future<Optional<Leased>> settle(Leased one, Answer answer, Map<String, Spec> follows) {
    return deliveries.settle(one, follows, goesOn ? lease : Duration.ZERO).compose(settled -> {
      boolean stranded = settled.open() == 0 && one.id().startsWith("wfr_");
      return stranded ? strand(one, answer) : Future.succeededFuture(settled.next());
    });
  }

  /** An active run with nothing open would never move: it fails at once, and says so. */
  private Future<Optional<Leased>> strand(Leased one, Answer answer) {
    return failed(one.loose(), answer, STRANDED);
  }

  private static String slotOfCallback(Leased one) {
    return (one.spec().kind() == Kind.CALL ? "c" : "o") + one.slot();
  }

  private Future<Optional<Leased>> again(Leased one, Answer answer) {
    var expression = one.spec().retryDelay();
    var fallback = one.spec().kind() == Kind.CALL || one.spec().kind() == Kind.MESSAGE ? null
        : one.config().retryDelay();
    Duration delay;
    try {
      delay = delays.after(one.before(), answer::header,
          expression == null ? fallback : expression);
    } catch (IllegalArgumentException e) {
      delay = delays.after(one.before(), answer::header, null);
    }
    return deliveries.retry(one, delay, letters.error(answer).encode(),
        failure(one, answer, letters.reason(answer))).map(NOTHING);
  }

  private static int retries(Leased one) {
    var own = one.spec().retries();
    return own != null ? own
        : one.spec().kind() == Kind.CALL ? RETRIES_OF_CALLS : one.config().retries();
  }

  /** A third party's refusal is a result; anything else fails the run, or is given up. */
  private Future<Optional<Leased>> exhausted(Leased one, Answer answer) {
    return switch (one.spec().kind()) {
      case CALL -> done(one, answer);
      case FAILURE -> deliveries.settle(one, Map.of()).map(NOTHING);
      case CALLBACK -> one.slot().startsWith("c") ? failed(one, answer, null)
          : deliveries.settle(one, Map.of()).map(NOTHING);
      default -> failed(one, answer, null);
    };
  }

  private Future<Optional<Leased>> failed(Leased one, Answer answer, @Nullable String reason) {
    var message = reason == null ? letters.reason(answer) : reason;
    var failure = failure(one, answer, message);
    var step = failure.step();
    var error = new RunError(reason == null ? letters.type(answer) : "EndpointError", message,
        step == null ? null : step.name());
    var callback = one.id().startsWith("wfr_") ? one.config().failure() : one.spec().failure();
    return deliveries.fail(one, new Death(error, dead(one, answer, reason).encode(),
        Optional.ofNullable(callback).map(spec -> letters.failure(one, answer, spec)), failure))
        .map(NOTHING);
  }

  /** What the timeline shows: the step that failed, where the endpoint names it. */
  private Failure failure(Leased one, Answer answer, String message) {
    var name = answer.header("Upstash-Error-Step-Name");
    var next = one.spec().next();
    var step = name == null || next == null || name.isBlank() ? null
        : new Entry.Step(Letters.printable(name), "run", next);
    long took = Math.max(0, answer.tookMs());
    return new Failure(step, new Attempt(one.before() + 1, one.takenAt(), took, "endpoint",
        new StepError(letters.type(answer), message), null));
  }

  private JsonObject dead(Leased one, Answer answer, @Nullable String reason) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("messageId", Letters.messageId(one));
    entry.put("status", answer.status());
    entry.put("header", answer.canonicalHeaders());
    entry.put("body", answer.body().toString());
    entry.put("retried", one.before());
    entry.put("slot", one.slot());
    entry.put("reason", reason == null ? letters.reason(answer) : reason);
    entry.put("spec", Wire.encode(one.spec()));
    entry.put("url", Letters.url(one));
    return new JsonObject(entry);
  }
}
