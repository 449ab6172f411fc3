package dev.stepcast.runs.delivery;

import dev.stepcast.schemas.FlowControl;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 * @param flow      limits that it shares with others; null for those of its run
 */
public record Spec(Kind kind, @Nullable String url, String method, Map<String, String> headers,
    @Nullable String body, @Nullable Integer retries, @Nullable String retryDelay,
    @Nullable Long timeoutMs, @Nullable Spec callback, @Nullable Spec failure,
    @Nullable Integer next, @Nullable String messageId, @Nullable FlowControl flow) {

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

  /** A delivery with nothing special about it. */
  public static Spec of(Kind kind, @Nullable String url, String method) {
    return new Spec(kind, url, method, Map.of(), null, null, null, null, null, null, null, null,
        null);
  }

  /** With {@code text} for its body, stored as it is. */
  public Spec withBody(@Nullable String text) {
    return new Spec(kind, url, method, headers, text, retries, retryDelay, timeoutMs, callback,
        failure, next, messageId, flow);
  }

  /** With {@code id} for its message's id. */
  public Spec withMessage(String id) {
    return new Spec(kind, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
        failure, next, id, flow);
  }

  /** With the number of the step that follows. */
  public Spec withNext(int step) {
    return new Spec(kind, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
        failure, step, messageId, flow);
  }

  /** With headers. */
  public Spec withHeaders(Map<String, String> all) {
    return new Spec(kind, url, method, all, body, retries, retryDelay, timeoutMs, callback,
        failure, next, messageId, flow);
  }

  /** With attempts of its own after the first; null for the run's. */
  public Spec withRetries(@Nullable Integer most, @Nullable String delay) {
    return new Spec(kind, url, method, headers, body, most, delay, timeoutMs, callback, failure,
        next, messageId, flow);
  }

  /** To another destination. */
  public Spec to(@Nullable String other) {
    return new Spec(kind, other, method, headers, body, retries, retryDelay, timeoutMs, callback,
        failure, next, messageId, flow);
  }

  /** As another kind. */
  public Spec as(Kind other) {
    return new Spec(other, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
        failure, next, messageId, flow);
  }

  /** With limits of its own. */
  public Spec withFlow(@Nullable FlowControl limits) {
    return new Spec(kind, url, method, headers, body, retries, retryDelay, timeoutMs, callback,
        failure, next, messageId, limits);
  }
}
