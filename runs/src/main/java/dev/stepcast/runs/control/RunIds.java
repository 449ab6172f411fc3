package dev.stepcast.runs.control;

import dev.stepcast.platform.keys.Keys;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws ids of runs: {@code wfr_} and 26 base32 characters, 130 bits. */
final class RunIds {
  private static final String PREFIX = "wfr_";
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = 26;
  private static final int SIGN = 12;

  private final Keys keys;
  private final RandomGenerator random;

  RunIds(Keys keys, RandomGenerator random) {
    this.keys = keys;
    this.random = random;
  }

  /** An id in the partition of {@code like}, so that one script reaches both; anywhere for null. */
  String draw(@Nullable String like) {
    while (true) {
      var id = draw();
      if (like == null || keys.partition(id) == keys.partition(like)) {
        return id;
      }
    }
  }

  /** The caller's own id, with {@code wfr_} before it unless it has it. */
  static String own(String given) {
    return given.startsWith(PREFIX) ? given : PREFIX + given;
  }

  /** What an ended run is known as once its id is used again, in the same partition. */
  String archived(String id) {
    while (true) {
      var old = id + "~" + draw().substring(PREFIX.length(), PREFIX.length() + SIGN);
      if (keys.partition(old) == keys.partition(id)) {
        return old;
      }
    }
  }

  private String draw() {
    var drawn = new byte[LENGTH];
    random.nextBytes(drawn); // all at once: each call of a secure source costs a lock and a hash
    var id = new StringBuilder(PREFIX);
    for (byte one : drawn) {
      id.append(ALPHABET.charAt(one & 31));
    }
    return id.toString();
  }
}
