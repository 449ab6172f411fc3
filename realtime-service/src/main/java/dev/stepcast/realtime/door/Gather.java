package dev.stepcast.realtime.door;

import dev.stepcast.realtime.frame.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one piece of bytes of the frames of one write, as a transport has them on the wire. Most
 * connections of a channel write the same frames one after the other, so the last piece made is
 * kept and shared. Whoever is given bytes releases them.
 */
abstract class Gather {
  private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

  private List<Frame> frames = List.of();
  private @Nullable ByteBuf made;

  /** The frames' bytes; {@code marks} as {@code Listener.Outlet.write} has them. */
  ByteBuf bytes(List<Frame> wanted, @Nullable List<@Nullable String> marks) {
    if (marks != null) {
      return encode(wanted, marks);
    }
    var known = made;
    if (known == null || !same(wanted)) {
      if (known != null) {
        known.release();
      }
      known = encode(wanted, null);
      made = known;
      frames = wanted;
    }
    return known.retainedDuplicate();
  }

  abstract ByteBuf encode(List<Frame> wanted, @Nullable List<@Nullable String> marks);

  private boolean same(List<Frame> wanted) {
    if (wanted.size() != frames.size()) {
      return false;
    }
    for (int i = wanted.size() - 1; i >= 0; i--) {
      if (wanted.get(i) != frames.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Server-sent events, as one HTTP chunk (RFC 9112, 7.1). */
  static final class Events extends Gather {
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    ByteBuf encode(List<Frame> wanted, @Nullable List<@Nullable String> marks) {
      int length = 0;
      for (int i = 0; i < wanted.size(); i++) {
        var mark = marks == null ? null : marks.get(i);
        length += mark == null ? wanted.get(i).size()
            : wanted.get(i).size() - wanted.get(i).dataAt() + ID.length + mark.length() + 1;
      }
      var head = Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII);
      var out = ALLOCATOR.directBuffer(length + head.length + 4);
      out.writeBytes(head).writeBytes(LINE_END);
      for (int i = 0; i < wanted.size(); i++) {
        write(out, wanted.get(i), marks == null ? null : marks.get(i));
      }
      return out.writeBytes(LINE_END);
    }

    private static void write(ByteBuf out, Frame frame, @Nullable String mark) {
      if (mark == null) {
        out.writeBytes(frame.bytes());
      } else {
        out.writeBytes(ID).writeCharSequence(mark, StandardCharsets.US_ASCII);
        out.writeByte('\n').writeBytes(frame.bytes(), frame.dataAt(),
            frame.bytes().length - frame.dataAt());
      }
    }
  }

  /** JSON lines in one text frame, not masked (RFC 6455, 5.2). */
  static final class Lines extends Gather {
    private static final int FINAL_TEXT = 0x81;
    private static final int SHORT_MAX = 125;
    private static final int SIXTEEN_BITS = 126;
    private static final int SIXTY_FOUR_BITS = 127;

    @Override
    ByteBuf encode(List<Frame> wanted, @Nullable List<@Nullable String> marks) {
      int length = wanted.size() - 1;
      for (var frame : wanted) {
        length += frame.jsonEnd() - frame.jsonAt();
      }
      var out = ALLOCATOR.directBuffer(length + 10).writeByte(FINAL_TEXT);
      if (length <= SHORT_MAX) {
        out.writeByte(length);
      } else if (length <= 0xFFFF) {
        out.writeByte(SIXTEEN_BITS).writeShort(length);
      } else {
        out.writeByte(SIXTY_FOUR_BITS).writeLong(length);
      }
      for (int i = 0; i < wanted.size(); i++) {
        var frame = wanted.get(i);
        if (i > 0) {
          out.writeByte('\n');
        }
        out.writeBytes(frame.bytes(), frame.jsonAt(), frame.jsonEnd() - frame.jsonAt());
      }
      return out;
    }
  }
}
