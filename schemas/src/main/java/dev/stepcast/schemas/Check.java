package dev.stepcast.schemas;

import java.util.regex.Pattern;

/** What makes an event valid by construction: the limits of its schema file, once more in Java. */
final class Check {
  static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");
  private static final Pattern ID = Pattern.compile("[0-9]{1,20}-[0-9]{1,20}");
  private static final Pattern PRINTABLE = Pattern.compile("[^\\x00-\\x1f\\x7f]*");

  /** The largest integer that JavaScript reads without loss. */
  private static final long SAFE = 9_007_199_254_740_991L;

  private Check() {}

  static void name(String member, String value, int max) {
    shape(member, value, PRINTABLE, max);
  }

  static void event(String member, String value) {
    shape(member, value, EVENT, 200);
  }

  static void id(String member, String value) {
    shape(member, value, ID, 41);
  }

  static void shape(String member, String value, Pattern shape, int max) {
    text(member, value, 1, max);
    that(shape.matcher(value).matches(), member, "is not of the form " + shape);
  }

  static void text(String member, String value, int min, int max) {
    that(value.length() >= min && value.length() <= max, member,
        "has " + value.length() + " characters, not " + min + " to " + max);
  }

  static void least(String member, long value, long min) {
    range(member, value, min, SAFE);
  }

  static void range(String member, long value, long min, long max) {
    that(value >= min && value <= max, member, "is " + value + ", not " + min + " to " + max);
  }

  private static void that(boolean holds, String member, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(member + " " + complaint);
    }
  }
}
