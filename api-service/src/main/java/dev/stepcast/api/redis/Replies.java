package dev.stepcast.api.redis;

import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers in the form that {@code @upstash/redis} reads: {@code {"result":…}} or
 * {@code {"error":…}}; strings in base64 where it asked for that.
 *
 * @param base64 whether strings are encoded; {@code OK} never is, its reader knows that
 */
record Replies(boolean base64) {
  /** A status such as OK, which is told from a string of the same letters. */
  record Status(String text) {}

  /** What a command answered, as text, numbers, lists and null. */
  static @Nullable Object plain(@Nullable Response response) {
    if (response == null) {
      return null;
    }
    return switch (response.type()) {
      case NUMBER -> response.toLong();
      case MULTI, PUSH -> response.stream().map(Replies::plain).toList();
      case SIMPLE -> new Status(response.toString());
      case ERROR -> new Refused(response.toString());
      default -> response.toBuffer();
    };
  }

  JsonObject result(@Nullable Object value) {
    if (value instanceof Refused refused) {
      return error(refused);
    }
    return new JsonObject().put("result", value instanceof Status status && status.text()
        .equals("OK") ? "OK" : json(value));
  }

  JsonObject error(Throwable cause) {
    return new JsonObject().put("error", String.valueOf(cause.getMessage()));
  }

  /** Whether Redis itself said no, rather than being away. */
  static boolean refusal(Throwable cause) {
    return cause instanceof Refused || cause instanceof ErrorType
        || cause instanceof RedisLink.WrongType;
  }

  private @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Long number -> number;
      case List<?> list -> {
        var array = new JsonArray();
        list.forEach(item -> array.add(json(item)));
        yield array;
      }
      case Buffer bytes -> text(bytes);
      case Status status -> text(Buffer.buffer(status.text()));
      case Refused refused -> text(Buffer.buffer(String.valueOf(refused.getMessage())));
      default -> text(Buffer.buffer(value.toString()));
    };
  }

  private String text(Buffer bytes) {
    return base64 ? Base64.getEncoder().encodeToString(bytes.getBytes()) : bytes.toString();
  }
}
