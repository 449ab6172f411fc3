package dev.stepcast.api.v2;

import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Messages of their own: delivered to a URL, once accepted for good. */
final class Messages {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final EndpointRuns runs;

  Messages(EndpointRuns runs) {
    this.runs = runs;
  }

  /** Accepts one; with a deduplication id, once. */
  Future<JsonObject> publish(Item item) {
    if (item.queue() != null) {
      throw new No(501, "queues are not offered, see docs/COMPATIBILITY.md");
    }
    if (!item.destination().matches("https?://.+")) {
      throw new No(400, "invalid destination url: scheme must be http or https; URL groups and"
          + " providers are not offered, see docs/COMPATIBILITY.md");
    }
    var config = new Config(item.destination(), 0, null, Map.of(), null, List.of(), null, false,
        null);
    return runs.start(new Start(id(item), config, item.message(Kind.MESSAGE), item.body(),
        item.delay(), false)).map(started -> {
          var answer = new JsonObject().put("messageId", started.messageId());
          return started.known() ? answer.put("deduplicated", true) : answer;
        });
  }

  /** The same id for what is the same message, so that it is accepted once. */
  private static String id(Item item) {
    var given = item.header("upstash-deduplication-id");
    if (given.isPresent()) {
      return "msg_" + hash(given.get());
    }
    if (item.header("upstash-content-based-deduplication").filter("true"::equals).isPresent()) {
      return "msg_" + hash(item.destination() + "\n" + item.body() + "\n"
          + item.header("content-type").orElse("") + "\n" + item.under("upstash-forward-"));
    }
    var bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return "msg_" + HexFormat.of().formatHex(bytes);
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
