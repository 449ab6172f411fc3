package dev.stepcast.schemas;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.nio.charset.StandardCharsets;

/**
 * Any JSON value as text that is carried through unread: a payload, a result, an event's data. What
 * {@link Wire} reads into one is on a single line without blanks, its numbers as they were written.
 * JSON's {@code null} is {@link #NULL}, an absent member is Java's null.
 *
 * @param text valid JSON on one line; the caller's word is taken for it, so pass what is not known
 *     to be valid through {@link #parse}
 */
@JsonSerialize(using = RawJsonCodec.Writer.class)
@JsonDeserialize(using = RawJsonCodec.Reader.class)
public record RawJson(String text) {
  /** Most bytes that a result may have in an event. */
  public static final int EVENT_BYTES_MAX = 32 * 1024;

  /** JSON's null. */
  public static final RawJson NULL = new RawJson("null");

  /** Stands in an event for a result that is too long for it. */
  public static final RawJson TRUNCATED = new RawJson("{\"truncated\":true}");

  /**
   * Reads {@code text} from outside: what comes out is valid JSON on one line.
   *
   * @throws WireException when it is not JSON
   */
  public static RawJson parse(String text) {
    return Wire.decode(text, RawJson.class);
  }

  /** The encoding of {@code value}, see {@link Wire#encode}. */
  public static RawJson of(Object value) {
    return new RawJson(Wire.encode(value));
  }

  /** This value, or {@link #TRUNCATED} when it is over {@link #EVENT_BYTES_MAX} in UTF-8. */
  public RawJson forEvent() {
    return bytes() <= EVENT_BYTES_MAX ? this : TRUNCATED;
  }

  /** Its size in UTF-8. */
  public int bytes() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String toString() {
    return text;
  }
}
