package dev.stepcast.realtime.frame;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RealtimeEvent.Gap;
import dev.stepcast.schemas.RealtimeEvents;
import dev.stepcast.schemas.ServerFrame;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message to clients in its bytes, for every transport at once. They are laid out as
 * {@code id: <id>\ndata: <json>\n\n}: a one-channel SSE stream sends them whole, another SSE stream
 * sends its own id line and the part from {@link #dataAt} on, a WebSocket the JSON alone. Frames
 * that are no event have no id line. Never changed after it was made.
 */
public final class Frame {
  private static final String ID = "id: ";
  private static final String DATA = "\ndata: ";
  private static final int DATA_CHARS = 6;
  private static final int END_CHARS = 2;

  private final @Nullable Position id;
  private final byte[] bytes;
  private final int dataAt;
  private final boolean marks;
  private final long bornMs = System.nanoTime() / 1_000_000;

  /**
   * Part of a channel's history, encoded.
   *
   * @param base   the id before the first of {@code frames}; the tail if there are none
   * @param tail   the channel's last id when this was read
   * @param frames in order
   */
  public record Page(Position base, Position tail, List<Frame> frames) {
    /** Whether the history goes on behind this page. */
    public boolean more() {
      return !frames.isEmpty() && !tail.equals(frames.getLast().place());
    }
  }

  /** Encodes the events of one channel. */
  public static final class Encoder {
    private final String channel;
    private final String between;

    /** Encodes for {@code channel}. */
    public Encoder(String channel) {
      this.channel = channel;
      this.between = ",\"channel\":" + Wire.encode(channel) + ",\"data\":";
    }

    /** An event; {@code data} is JSON text. */
    public Frame event(Position id, String event, String data) {
      var name = plain(event) ? '"' + event + '"' : Wire.encode(event);
      return withId(id, name, oneLine(data));
    }

    /** That events are missing: {@code after} exclusive, {@code until} inclusive. */
    public Frame gap(Gap gap) {
      return withId(Position.of(gap.until()), '"' + RealtimeEvents.GAP.name() + '"',
          Wire.encode(gap));
    }

    /** A page as the log answered it. */
    public Page page(ChannelLog.Page page) {
      var frames = new ArrayList<Frame>(page.entries().size());
      for (var entry : page.entries()) {
        frames.add(event(Position.of(entry.id()), entry.event(), entry.data()));
      }
      var tail = Position.of(page.tail());
      return new Page(
          frames.isEmpty() ? tail : Position.of(page.entries().getFirst().prev()), tail, frames);
    }

    /** That the channel is listened to from {@code cursor} on. */
    public Frame connected(Position cursor) {
      return system(new ServerFrame.Connected(channel, cursor.toString()), true);
    }

    private Frame withId(Position id, String quotedEvent, String data) {
      var written = id.toString();
      var text = ID + written + DATA + "{\"id\":\"" + written + "\",\"event\":" + quotedEvent
          + between
          + data + "}\n\n";
      return new Frame(id, text, ID.length() + written.length() + 1, true);
    }

    private static boolean plain(String event) {
      for (int i = 0; i < event.length(); i++) {
        char c = event.charAt(i);
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
          return false;
        }
      }
      return true;
    }

    /** JSON is free to hold line ends between tokens; our frames are not. */
    private static String oneLine(String data) {
      if (data.indexOf('\n') < 0 && data.indexOf('\r') < 0) {
        return data;
      }
      try {
        return RawJson.parse(data).text();
      } catch (WireException e) {
        return Wire.encode(data);
      }
    }
  }

  private Frame(@Nullable Position id, String text, int dataAt, boolean marks) {
    this.id = id;
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
    this.dataAt = dataAt;
    this.marks = marks;
  }

  /**
   * A frame that is no event.
   *
   * @param marks whether an SSE stream says its positions with it
   */
  public static Frame system(ServerFrame frame, boolean marks) {
    return new Frame(null, "data: " + Wire.encode(frame) + "\n\n", 0, marks);
  }

  /** The event's id; null for what is no event. */
  public @Nullable Position id() {
    return id;
  }

  /** The event's id; only for events. */
  public Position place() {
    if (id == null) {
      throw new IllegalStateException("not an event");
    }
    return id;
  }

  /** Whether an SSE stream says its positions with it, so that a browser resumes behind it. */
  public boolean marks() {
    return marks;
  }

  /** All bytes; not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the {@code data:} line begins. */
  public int dataAt() {
    return dataAt;
  }

  /** Where the JSON begins. */
  public int jsonAt() {
    return dataAt + DATA_CHARS;
  }

  /** Where the JSON ends, exclusive. */
  public int jsonEnd() {
    return bytes.length - END_CHARS;
  }

  /** How much memory it is charged with. */
  public int size() {
    return bytes.length;
  }

  /** When it was encoded: ms of {@link System#nanoTime}. */
  public long bornMs() {
    return bornMs;
  }

  @Override
  public String toString() {
    return new String(bytes, jsonAt(), jsonEnd() - jsonAt(), StandardCharsets.UTF_8);
  }
}
