package dev.stepcast.runs.endpoint;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Draws ids of messages. */
final class MessageIds {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;

  private MessageIds() {}

  static String draw() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return "msg_" + HexFormat.of().formatHex(bytes);
  }
}
