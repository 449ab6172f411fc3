package dev.stepcast.runs.signing;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * What deliveries are signed with: the configured keys, until somebody rotates them. What rotation
 * came to is kept in Redis beside a hash of the configured keys, so that other configured keys
 * hold at once. Who checks signatures knows two keys, so either side may be told first.
 */
public final class SigningKeys {
  private static final Script ROTATE = Script.of(SigningKeys.class, "rotate");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 14;

  private final RedisLink redis;
  private final String key;
  private final Pair configured;
  private final String base;

  /** The key that is signed with, and the one that will be next; never shown but to its owner. */
  public record Pair(String current, String next) {
    @Override
    public String toString() {
      return "Pair[…]";
    }
  }

  /** Keys in {@code redis}; {@code configured} until they are rotated. */
  public SigningKeys(RedisLink redis, Keys keys, Pair configured) {
    this.redis = redis;
    this.key = keys.slotTagged("signing").key("keys");
    this.configured = configured;
    this.base = hash(configured.current() + "\n" + configured.next());
  }

  /** What holds now. */
  public Future<Pair> now() {
    return redis.send(key, Request.cmd(Command.HMGET).arg(key).arg("base").arg("current")
        .arg("next")).map(
            answer -> answer != null && answer.get(0) != null
                && answer.get(0).toString().equals(base)
                    ? new Pair(answer.get(1).toString(), answer.get(2).toString())
                    : configured);
  }

  /** The next key becomes the current one. Nodes that deliver notice within a second. */
  public Future<Pair> rotate() {
    var bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    return redis.run(ROTATE, List.of(key), List.of(base, configured.next(),
        "sig_" + HexFormat.of().formatHex(bytes)))
        .map(answer -> new Pair(answer.get(0).toString(), answer.get(1).toString()));
  }

  private static String hash(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
