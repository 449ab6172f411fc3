package dev.stepcast.realtime.position;

import org.jspecify.annotations.Nullable;

/** From where a client wants a channel. Whatever it sends means one of these; none is an error. */
public sealed interface Ack {
  /** From here on. */
  record Now() implements Ack {}

  /** All that is kept; what is no longer kept is not missed. */
  record All() implements Ack {}

  /** What was stored at {@code ms} or later. */
  record Since(long ms) implements Ack {}

  /** What follows the event with that id. */
  record After(Position id) implements Ack {}

  /** The longest that is looked at; everything over it means now. */
  int CHARS_MAX = 40;

  /**
   * Reads the ack of a stock browser client. On its first connect that client sends its own clock's
   * now, tens of milliseconds after it learned of the channel; a run may be over by then. So a time
   * within {@code slackMs} of now means the last {@code slackMs}. An id, or any other time, means
   * what it says; what was once handed over is acked by id, so nothing comes twice.
   */
  static Ack ofBrowser(@Nullable String text, long nowMs, long slackMs) {
    var ms = text == null || text.length() > CHARS_MAX ? null : Position.unsigned(text);
    return ms != null && Math.abs(ms - nowMs) < slackMs ? new Since(nowMs - slackMs)
        : of(text, nowMs);
  }

  /**
   * Reads an ack in either of its forms.
   *
   * @param nowMs the server's clock; a time after it means now
   */
  static Ack of(@Nullable String text, long nowMs) {
    if (text == null || text.isEmpty() || text.length() > CHARS_MAX) {
      return new Now();
    }
    if (text.indexOf('-') >= 0) {
      var id = Position.read(text);
      return id == null ? new Now() : id.equals(Position.ZERO) ? new All() : new After(id);
    }
    var ms = Position.unsigned(text);
    if (ms == null || Long.compareUnsigned(ms, nowMs) > 0) {
      return new Now();
    }
    return ms == 0 ? new All() : new Since(ms);
  }
}
