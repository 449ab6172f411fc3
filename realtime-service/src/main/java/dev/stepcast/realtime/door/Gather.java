package dev.stepcast.realtime.door;

import dev.stepcast.realtime.frame.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one piece of bytes of the frames of one write. Most connections of a channel write the same
 * frames one after the other, so the last piece made is kept and shared.
 */
final class Gather {
  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);

  private List<Frame> frames = List.of();
  private @Nullable ByteBuf made;

  /** The frames as SSE events, each with its own id line. */
  Buffer events(List<Frame> wanted) {
    return BufferInternal.buffer(shared(wanted));
  }

  /** The frames as SSE events with the id lines of {@code marks}, where those are not null. */
  static Buffer events(List<Frame> wanted, List<@Nullable String> marks) {
    var out = Buffer.buffer(wanted.size() * 256);
    for (int i = 0; i < wanted.size(); i++) {
      var frame = wanted.get(i);
      var mark = marks.get(i);
      if (mark == null) {
        out.appendBytes(frame.bytes());
      } else {
        out.appendBytes(ID).appendString(mark).appendByte((byte) '\n').appendBytes(frame.bytes(),
            frame.dataAt(), frame.bytes().length - frame.dataAt());
      }
    }
    return out;
  }

  private ByteBuf shared(List<Frame> wanted) {
    var known = made;
    if (known == null || !same(wanted)) {
      known = Unpooled.wrappedBuffer(bytes(wanted));
      made = known;
      frames = wanted;
    }
    return known.duplicate();
  }

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

  private static byte[] bytes(List<Frame> wanted) {
    if (wanted.size() == 1) {
      return wanted.getFirst().bytes();
    }
    int length = 0;
    for (var frame : wanted) {
      length += frame.size();
    }
    var bytes = new byte[length];
    int at = 0;
    for (var frame : wanted) {
      System.arraycopy(frame.bytes(), 0, bytes, at, frame.size());
      at += frame.size();
    }
    return bytes;
  }
}
