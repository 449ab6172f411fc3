package dev.stepcast.api.redis;

import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.Wire;
import java.util.List;
import java.util.Set;

/**
 * One word of a command as the program wrote it.
 *
 * @param text   what Redis is given
 * @param quoted whether it came as a string; a bare number or boolean was one in the program
 */
record Word(String text, boolean quoted) {
  private static final Set<String> LITERALS = Set.of("true", "false");

  /** A word of a URL's path, or one that stands in a request body. */
  static Word of(String text) {
    return new Word(text, true);
  }

  /** A member of the array that is a command in JSON; what is no string is its JSON text. */
  static Word of(RawJson json) {
    return json.text().startsWith("\"") ? of(Wire.decode(json.text(), String.class))
        : new Word(json.text(), false);
  }

  /** A command: at least its name. */
  static List<Word> command(List<RawJson> json) {
    return json.stream().map(Word::of).toList();
  }

  /**
   * The value this word stands for, as JSON. {@code @upstash/redis} writes strings as they are and
   * objects as their JSON text, so a string that reads like an object was one; a string that reads
   * like a number was none, for numbers come bare.
   */
  RawJson json() {
    if (!quoted) {
      return RawJson.parse(text);
    }
    var start = text.isEmpty() ? ' ' : text.charAt(0);
    if (start == '{' || start == '[' || text.equals("null")) {
      try {
        return RawJson.parse(text);
      } catch (RuntimeException e) {
        return RawJson.of(text); // a string that only begins like an object
      }
    }
    return RawJson.of(text);
  }

  /**
   * {@code text} as it must stand in an answer so that a reader that parses whatever looks like
   * JSON finds this very text.
   */
  static String readable(String text) {
    var start = text.isEmpty() ? ' ' : text.charAt(0);
    boolean looksLikeJson = start == '"' || start == '{' || start == '[' || start == '-'
        || Character.isDigit(start) || text.equals("null") || LITERALS.contains(text)
        || Character.isWhitespace(start);
    return looksLikeJson ? Wire.encode(text) : text;
  }

  boolean is(String word) {
    return text.equalsIgnoreCase(word);
  }
}
