package dev.stepcast.api.v2;

import dev.stepcast.runs.delivery.Config;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows what was sent, without what its sender said that nobody shall see. */
record Redacted(List<String> fields) {
  static Redacted of(Config config) {
    var fields = config.from().redact();
    return new Redacted(fields == null ? List.of()
        : fields.stream().map(field -> field.toLowerCase(Locale.ROOT)).toList());
  }

  boolean body() {
    return fields.contains("body");
  }

  /** The text, or a sign that tells equal ones apart from others. */
  String body(String text) {
    return body() ? hidden(text) : text;
  }

  /** {@code body}, and {@code bodyBase64} where it is no text. */
  JsonObject putBody(JsonObject json, String name, Buffer bytes) {
    if (body()) {
      return json.put(name, hidden(bytes.toString(StandardCharsets.ISO_8859_1)));
    }
    try {
      return json.put(name, StandardCharsets.UTF_8.newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes())).toString());
    } catch (CharacterCodingException e) {
      return json.put(name + "Base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
    }
  }

  JsonObject headers(Map<String, String> headers) {
    var json = new JsonObject();
    headers.forEach((name, value) -> {
      boolean hide = fields.contains("header")
          || fields.contains("header[" + name.toLowerCase(Locale.ROOT) + "]");
      json.put(Waits.canonical(name), new JsonArray().add(hide ? hidden(value) : value));
    });
    return json;
  }

  private static String hidden(String text) {
    try {
      return "REDACTED:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
