package dev.stepcast.realtime.door;

import dev.stepcast.realtime.presence.Attendance;
import java.math.BigInteger;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of connections: {@code con_} and 26 characters of base32, from what this process drew at its
 * start and a number. A connection keeps the number only, since most are never asked.
 */
final class ConnectionId {
  private static final BigInteger PROCESS = new BigInteger(64, ThreadLocalRandom.current())
      .setBit(64).shiftLeft(64);
  private static final AtomicLong NUMBERS = new AtomicLong(ThreadLocalRandom.current().nextLong());
  private static final int CHARACTERS = 26;
  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private ConnectionId() {}

  /** A number that no other connection of this process has. */
  static long next() {
    return NUMBERS.incrementAndGet();
  }

  /** The id of the connection with that number. */
  static String of(long number) {
    var digits = PROCESS.or(BigInteger.valueOf(number).and(MASK)).toString(32);
    return Attendance.NAMELESS + "0".repeat(CHARACTERS - digits.length()) + digits;
  }
}
