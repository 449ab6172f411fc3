package dev.stepcast.workflow.api;

import dev.stepcast.workflow.api.step.Step;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow does its work with. Every call that has a name is an entry in the run's journal:
 * it happens once, and answers the same ever after. Names are for people and for detecting changed
 * code; they need not be unique. Call it from the workflow's own threads only.
 */
public interface WorkflowContext {
  /** Work that may take long, fail, and be repeated. */
  @FunctionalInterface
  interface Body<T extends @Nullable Object> {
    /** Does it. */
    T run() throws Exception;
  }

  /** A step that has failed for good; the cause is in the message, its class' name in the type. */
  final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String step;
    private final String type;

    /** The step {@code step} failed with an exception named {@code type}. */
    public StepFailed(String step, String type, String message) {
      super(message);
      this.step = step;
      this.type = type;
    }

    /** Name of the step. */
    public String step() {
      return step;
    }

    /** Name of the class that was thrown. */
    public String type() {
      return type;
    }
  }

  /** A branch that runs beside the workflow. */
  interface Branch<T extends @Nullable Object> {
    /** Waits for it; throws what it threw. Every branch must be joined. */
    T join();
  }

  /**
   * Where the world calls back: with GET, POST or PUT, without a token, so who knows it may. What
   * is waited for is the body, as JSON or else as a text; null for none.
   *
   * @param eventId its id; {@code POST /api/notify/{eventId}} wakes the waiting run as well
   * @param url     path of that call, to be put behind the deployment's address
   */
  record Webhook(String eventId, String url) {}

  /**
   * An HTTP call.
   *
   * @param body     sent as it is; null for none
   * @param retries  attempts after the first, where no answer came or its status is 5xx or 429
   * @param timeout  of one attempt
   */
  record Call(String method, String url, Map<String, String> headers, @Nullable String body,
      int retries, Duration timeout) {
    /** A GET with three retries, 30 s each. */
    public static Call get(String url) {
      return new Call("GET", url, Map.of(), null, 3, Duration.ofSeconds(30));
    }

    /** A POST of JSON with three retries, 30 s each. */
    public static Call post(String url, String json) {
      return new Call("POST", url, Map.of("content-type", "application/json"), json, 3,
          Duration.ofSeconds(30));
    }
  }

  /** An answer of any status. */
  record Reply(int status, Map<String, String> headers, String body) {}

  /** Id of the run; also the name of its channel. */
  String runId();

  /** Labels that the run was triggered with. */
  List<String> labels();

  /**
   * Headers that the run was triggered with: what {@code Stepcast-Forward-Tenant: a} said is
   * {@code a} under {@code tenant}. Child runs do not get them.
   */
  Map<String, String> headers();

  /** Which attempt of the current step this is, from 1; 1 between steps. */
  int attempt();

  /** The same for every attempt of the current step and for no other step: pass it on. */
  String idempotencyKey();

  /**
   * Runs {@code body} as a step and records what it answers. At least once; normally once. The
   * answer goes through JSON, so what comes back is a copy, the same now as after a crash. Elements
   * of collections come back as JSON has them, unless the type is given.
   *
   * @throws StepFailed when no attempt is left, now and in every replay
   */
  <T extends @Nullable Object> T run(String name, Body<T> body);

  /** As {@link #run(String, Body)}, tried as {@code how} says. */
  <T extends @Nullable Object> T run(String name, Step how, Body<T> body);

  /** As above, with the type that answers are read back as, such as a list of records. */
  <T extends @Nullable Object> T run(String name, Step how, Type answer, Body<T> body);

  /** Goes on after {@code duration}. A run that sleeps longer than a second holds no thread. */
  void sleep(String name, Duration duration);

  /** Goes on at {@code instant}. */
  void sleepUntil(String name, Instant instant);

  /**
   * Tells a live event on the run's channel, schema-checked. Between steps it is told once; inside
   * a step once an attempt.
   */
  void emit(String event, Object data);

  /** The time; the same in every replay. */
  Instant now();

  /** A number from 0 to 1; the same in every replay. */
  double random();

  /** A random UUID; the same in every replay. */
  UUID uuid();

  /**
   * Waits until somebody notifies {@code eventId}. A notification of the last minutes that nobody
   * took counts.
   *
   * @return empty when nobody did within {@code timeout}
   */
  <T> Optional<T> waitForEvent(String name, String eventId, Class<T> type, Duration timeout);

  /** Notifies {@code eventId}. @return how many runs were waiting for it */
  int notify(String name, String eventId, @Nullable Object data);

  /** Draws an address that the world can call once. */
  Webhook createWebhook(String name);

  /** Waits until {@code webhook} was called, also before. Empty after {@code timeout}. */
  <T> Optional<T> waitForWebhook(String name, Webhook webhook, Class<T> type, Duration timeout);

  /**
   * Runs another workflow as a child and waits for it. Canceling this run cancels the child.
   *
   * @throws StepFailed when the child fails or is canceled
   */
  <T> T invoke(String name, String workflow, @Nullable Object payload, Class<T> type);

  /** Calls over HTTP as a step. Any status is an answer; only no answer at all fails the step. */
  Reply call(String name, Call call);

  /**
   * Runs branches at the same time and waits for all; the first failure is thrown when all have
   * ended.
   *
   * @return what they answered, in order
   */
  List<@Nullable Object> parallel(Body<?>... branches);

  /** Starts a branch beside this one. */
  <T extends @Nullable Object> Branch<T> runAsync(Body<T> branch);

  /**
   * Runs {@code undo} as a step if the run fails later; the last one registered comes first. A
   * journal that is full of the run's own entries has room for it.
   */
  void onFailure(String name, Body<?> undo);

  /** Ends this run as canceled; never returns. */
  void cancel();
}
