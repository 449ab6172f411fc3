package dev.stepcast.workflow.outside;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a destination answered.
 *
 * @param status 0 where it did not answer at all; then the body says why
 * @param tookMs how long it took
 */
public record Answer(int status, MultiMap headers, Buffer body, long tookMs) {
  private static final int NON_RETRYABLE = 489;

  /** It could not be asked. */
  static Answer none(Throwable cause) {
    return new Answer(0, MultiMap.caseInsensitiveMultiMap(),
        Buffer.buffer(String.valueOf(cause.getMessage())), 0);
  }

  Answer after(long ms) {
    return new Answer(status, headers, body, ms);
  }

  /** Whether it is a 2xx. */
  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** It asks not to be asked again. */
  public boolean askedToStop() {
    return status == NON_RETRYABLE;
  }

  /** The first header of that name. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Its headers with the spelling that programs index them by. */
  public JsonObject canonicalHeaders() {
    var json = new JsonObject();
    for (var name : headers.names()) {
      json.put(canonical(name), new JsonArray(headers.getAll(name)));
    }
    return json;
  }

  /** {@code fail-header-foo} as {@code Fail-Header-Foo}. */
  public static String canonical(String name) {
    return Stream.of(name.split("-", -1))
        .map(word -> word.isEmpty() ? word
            : word.substring(0, 1).toUpperCase(Locale.ROOT)
                + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("-"));
  }
}
