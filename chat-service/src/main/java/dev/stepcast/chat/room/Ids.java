package dev.stepcast.chat.room;

import java.security.SecureRandom;

/** Ids that cannot be guessed: a prefix and 26 base32 characters, 130 bits. */
final class Ids {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 26;

  private final SecureRandom random = new SecureRandom();

  String next(String prefix) {
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    var id = new StringBuilder(prefix.length() + LENGTH).append(prefix);
    for (byte b : bytes) {
      id.append(ALPHABET[b & 31]);
    }
    return id.toString();
  }
}
