package dev.stepcast.platform.cluster;

import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a node is reached, as it stands in Redis: {@code <seal> <json>}. With a secret the seal binds
 * it to the node's id, and cards that do not bear it are not believed: who can write to Redis but
 * does not know the secret cannot pass for a node.
 */
final class NodeCard {
  private static final String UNSEALED = "-";

  private final @Nullable String secret;

  NodeCard(@Nullable String secret) {
    this.secret = secret;
  }

  String write(String node, NodeInfo info) {
    var json = new JsonObject().put("host", info.host()).put("port", info.port())
        .put("metadata", info.metadata()).encode();
    return seal(node, json) + " " + json;
  }

  /** Empty when the seal is not ours, or it is no card at all. */
  Optional<NodeInfo> read(String node, String card) {
    int blank = card.indexOf(' ');
    if (blank < 0) {
      return Optional.empty();
    }
    var json = card.substring(blank + 1);
    if (!same(seal(node, json), card.substring(0, blank))) {
      return Optional.empty();
    }
    try {
      var read = new JsonObject(json);
      return Optional.of(new NodeInfo(read.getString("host"), read.getInteger("port"),
          read.getJsonObject("metadata")));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private String seal(String node, String json) {
    if (secret == null) {
      return UNSEALED;
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(("stepcast node " + node + " ").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(json.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8),
        other.getBytes(StandardCharsets.UTF_8));
  }
}
