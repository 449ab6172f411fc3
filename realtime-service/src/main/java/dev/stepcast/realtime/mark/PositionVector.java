package dev.stepcast.realtime.mark;

import dev.stepcast.realtime.position.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The positions of one SSE stream on all its channels as one {@code Last-Event-ID}: {@code v1.} and
 * base64url of a two-byte checksum of the channels, then ms and seq of each as varints (LEB128), in
 * the order of the channels. A stream of one channel says the plain id instead.
 */
public final class PositionVector {
  private static final String VERSION = "v1.";
  private static final int CHARS_MAX = 4_096;

  private PositionVector() {}

  /** The vector of {@code positions}, one for each of {@code channels}. */
  public static String encode(List<String> channels, List<Position> positions) {
    var out = new ByteArrayOutputStream(2 + 8 * channels.size());
    int sum = checksum(channels);
    out.write(sum >>> 8);
    out.write(sum);
    for (var position : positions) {
      varint(out, position.ms());
      varint(out, position.seq());
    }
    return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /** What a client sent back; null unless it was made for exactly these channels in this order. */
  public static @Nullable List<Position> decode(List<String> channels, String text) {
    if (channels.size() == 1) {
      var only = Position.read(text);
      return only == null ? null : List.of(only);
    }
    if (!text.startsWith(VERSION) || text.length() > CHARS_MAX) {
      return null;
    }
    try {
      return read(channels, Base64.getUrlDecoder().decode(text.substring(VERSION.length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static @Nullable List<Position> read(List<String> channels, byte[] bytes) {
    if (bytes.length < 2
        || (((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF)) != checksum(channels)) {
      return null;
    }
    var positions = new ArrayList<Position>(channels.size());
    int at = 2;
    for (int i = 0; i < channels.size(); i++) {
      int seqAt = end(bytes, at);
      int next = end(bytes, seqAt);
      positions.add(new Position(value(bytes, at, seqAt), value(bytes, seqAt, next)));
      at = next;
    }
    return at == bytes.length ? positions : null;
  }

  private static int end(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private static long value(byte[] bytes, int from, int to) {
    if (to - from > 10) {
      throw new IllegalArgumentException("over 64 bits");
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      value |= (bytes[i] & 0x7FL) << (7 * (i - from));
    }
    return value;
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private static int checksum(List<String> channels) {
    var crc = new CRC32();
    for (var channel : channels) {
      crc.update(channel.getBytes(StandardCharsets.UTF_8));
      crc.update(0);
    }
    return (int) (crc.getValue() & 0xFFFF);
  }
}
