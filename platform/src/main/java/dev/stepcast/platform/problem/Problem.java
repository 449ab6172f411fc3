package dev.stepcast.platform.problem;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An RFC 9457 problem: what a caller is told when the answer is no.
 *
 * @param kind   last segment of the type URI, listed in docs/PROBLEMS.md; never reworded
 * @param title  the kind in words
 * @param detail what to do about this very request; holds no secrets, no input and no stack trace
 * @param extra  members beyond the standard ones, such as {@code retryAfterMs} or {@code pointer}
 */
public record Problem(int status, String kind, String title, String detail,
    Map<String, Object> extra) {

  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final long RETRY_MS = 1_000;

  /** A problem with nothing beyond the standard members. */
  public static Problem of(int status, String kind, String title, String detail) {
    return new Problem(status, kind, title, detail, Map.of());
  }

  /** A value that does not fit its schema; {@code pointer} is the JSON pointer of the fault. */
  public static Problem invalid(String pointer, String complaint) {
    return new Problem(422, "invalid", "The request does not fit its schema",
        (pointer.isEmpty() ? "The whole value" : pointer) + ": " + complaint,
        Map.of("pointer", pointer));
  }

  /** Come back later; sent with Retry-After. */
  public static Problem unavailable(String kind, String detail, Duration retryAfter) {
    return new Problem(503, kind, "Not right now", detail,
        Map.of("retryAfterMs", retryAfter.toMillis()));
  }

  /** Redis is away; the wait is jittered so that callers do not return all at once. */
  public static Problem redisUnavailable() {
    return unavailable("redis-unavailable",
        "The store cannot be reached. Nothing was acknowledged; send the request again.",
        Duration.ofMillis(RETRY_MS + ThreadLocalRandom.current().nextLong(RETRY_MS)));
  }

  /** Too often; sent with Retry-After. */
  public static Problem tooOften(String detail, Duration retryAfter) {
    return new Problem(429, "too-many-requests", "Too many requests", detail,
        Map.of("retryAfterMs", retryAfter.toMillis()));
  }

  /** The exception that carries this problem to the one place that answers. */
  public RuntimeException refusal() {
    return new Refusal(this);
  }

  /** The problem that a failure carries, if it is one of ours or Redis is away. */
  public static Optional<Problem> in(Throwable failure) {
    return switch (failure) {
      case Refusal refusal -> Optional.of(refusal.problem());
      case ChannelLog.TooOften often -> Optional.of(tooOften(
          "Events come to this channel faster than its policy allows.", often.retryAfter()));
      case RedisLink.WrongType _ -> Optional.of(wrongType());
      case RedisLink.Unavailable _ -> Optional.of(redisUnavailable());
      default -> Optional.empty();
    };
  }

  /** The problem as it is sent. */
  public JsonObject toJson() {
    var json = new JsonObject().put("type", "/problems/" + kind).put("title", title)
        .put("status", status).put("detail", detail).put("kind", kind);
    extra.forEach(json::put);
    return json;
  }

  /** What is in Redis under a name of ours is somebody else's. */
  public static Problem wrongType() {
    return of(409, "wrong-type", "Not one of ours",
        "Something else is stored under this name; choose another, or have it removed.");
  }
}
