package dev.stepcast.platform.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** What counts as this machine. */
final class Loopback {
  private static final Pattern OF_IPV4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

  private Loopback() {}

  /** Whether a Host header's name can only mean this machine. */
  static boolean isName(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.endsWith(".localhost") || isAddress(name);
  }

  /** Whether an address is this machine's own. */
  static boolean isAddress(String address) {
    return OF_IPV4.matcher(address).matches() || address.equals("::1")
        || address.equals("[::1]") || address.equals("0:0:0:0:0:0:0:1")
        || address.equals("0:0:0:0:0:0:0:1%lo");
  }
}
