package dev.stepcast.api.redis;

/** Ids of a history as XRANGE takes them: {@code 5-1}, {@code (5-1}, {@code 5}, - and +. */
final class Ids {
  private Ids() {}

  /** Whether {@code id} lies behind the end of a range, which runs backwards where {@code back}. */
  static boolean beyond(String id, String until, boolean back) {
    if (until.equals("+") || until.equals("-")) {
      return until.equals(back ? "+" : "-");
    }
    boolean exclusive = until.startsWith("(");
    var bound = exclusive ? until.substring(1) : until;
    var whole = bound.contains("-") ? bound : bound + (back ? "-0" : "-" + Long.MAX_VALUE);
    int order = compare(id, whole);
    return (exclusive && order == 0) || (back ? order < 0 : order > 0);
  }

  private static int compare(String a, String b) {
    int order = Long.compare(part(a, 0), part(b, 0));
    return order != 0 ? order : Long.compare(part(a, 1), part(b, 1));
  }

  private static long part(String id, int index) {
    return Long.parseLong(id.split("-", 2)[index]);
  }
}
