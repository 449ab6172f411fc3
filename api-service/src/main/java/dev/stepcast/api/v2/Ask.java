package dev.stepcast.api.v2;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program asks.
 *
 * @param rest the path after {@code /v2/} as it was sent, with its query: destinations stand in it
 */
record Ask(RoutingContext ctx, String method, String rest) {
  private static final int WORDS_MAX = 64;

  static Ask of(RoutingContext ctx) {
    var request = ctx.request();
    return new Ask(ctx, request.method().name(),
        request.uri().substring("/v2".length()).replaceFirst("^/", ""));
  }

  /** Without the query. */
  String path() {
    return rest.split("\\?", 2)[0];
  }

  /** The word of that number in the path, decoded; empty where there is none. */
  String word(int number) {
    var words = path().split("/", WORDS_MAX);
    return number < words.length ? decoded(words[number]) : "";
  }

  /** What follows that many words, as it was sent. */
  String after(int words) {
    var parts = rest.split("/", words + 1);
    return parts.length > words ? parts[words] : "";
  }

  /** What follows that many words without the query, decoded. */
  String name(int words) {
    var parts = path().split("/", words + 1);
    return parts.length > words ? decoded(parts[words]) : "";
  }

  MultiMap query() {
    return ctx.queryParams();
  }

  Buffer body() {
    var body = ctx.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  JsonObject json() {
    return body().length() == 0 ? new JsonObject() : body().toJsonObject();
  }

  /** The message that the request itself is. */
  Item item(String destination, @Nullable String queue) {
    Map<String, String> headers = new HashMap<>();
    ctx.request().headers().forEach(headers::put);
    return new Item(destination, told(headers), body(), queue);
  }

  /** Headers, with who sent them. */
  Map<String, String> told(Map<String, String> headers) {
    headers.keySet().removeIf(Item.CALLER_IP::equalsIgnoreCase);
    headers.put(Item.CALLER_IP, String.valueOf(ctx.request().remoteAddress().hostAddress()));
    return headers;
  }

  /** Names stand in paths as they are, or percent-encoded by whoever built the URL. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
