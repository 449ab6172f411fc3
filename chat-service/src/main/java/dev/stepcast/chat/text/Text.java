package dev.stepcast.chat.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody says: Unicode in form NFC, lines ended by a line feed, without control characters,
 * not blank. Two texts that look and mean the same are the same.
 *
 * @param value the text; {@link #of} makes it
 */
public record Text(String value) {
  /** Most bytes of a text in UTF-8. */
  public static final int BYTES_MAX = 4_096;

  private static final Pattern SEALED = Pattern
      .compile("e1\\.[1-9][0-9]{0,14}\\.[A-Za-z0-9_-]{16}\\.[A-Za-z0-9_-]{22,}");
  private static final Pattern LINE_END = Pattern.compile("\\r\\n?");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");
  private static final Pattern HALVES = Pattern.compile("\\p{Cs}");
  private static final Pattern INVISIBLE = Pattern
      .compile("[\\p{Z}\\p{C}\\s\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}"
          + "\\x{2800}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}\\x{E0100}-\\x{E01EF}]*");

  /** What {@code raw} says; empty when nobody could see it. */
  public static Optional<Text> of(String raw) {
    var clean = CONTROLS.matcher(LINE_END.matcher(raw).replaceAll("\n")).replaceAll("");
    var text = normal(clean);
    return blank(text) ? Optional.empty() : Optional.of(new Text(text));
  }

  /** Whether it has the form of an encrypted text (docs/ROOMS.md); only members can tell more. */
  public boolean sealed() {
    return SEALED.matcher(value).matches();
  }

  /** Its size in UTF-8. */
  public int bytes() {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Form NFC; a half of a surrogate pair, which UTF-8 cannot carry, becomes U+FFFD. */
  static String normal(String text) {
    return Normalizer.normalize(HALVES.matcher(text).replaceAll("\ufffd"), Normalizer.Form.NFC);
  }

  static boolean blank(String text) {
    return INVISIBLE.matcher(text).matches();
  }
}
