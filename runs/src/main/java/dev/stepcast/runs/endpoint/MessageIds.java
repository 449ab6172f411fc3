package dev.stepcast.runs.endpoint;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Draws ids of messages. */
final class MessageIds {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;
  private static final int SIGNS = 36 * 36 * 36 * 36 * 36;

  private MessageIds() {}

  /** Of what was asked: the same hash for the same request. */
  static String hash(String config, Buffer body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(config.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(body.getBytes()), 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A few characters that tell runs of one id apart. */
  static String sign() {
    return Integer.toString(ThreadLocalRandom.current().nextInt(SIGNS), Character.MAX_RADIX);
  }

  static String draw() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return "msg_" + HexFormat.of().formatHex(bytes);
  }
}
