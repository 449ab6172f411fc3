package dev.stepcast.bench.fanout;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** Appends events as our services do, by the channel log's own function, pipelined. */
final class Publisher {
  private static final int ROOM = 4 << 20;
  private static final String APPEND = "return append(KEYS[1], KEYS[2], unpack(ARGV))";

  private final SocketChannel socket;
  private final Scenario scenario;
  private final String prefix;
  private final String sha;
  private final String filler;
  private final long[] published;
  private final ByteBuffer out = ByteBuffer.allocateDirect(ROOM);
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
  private boolean lineBegins = true;
  /** Answers to PING. */
  private long answered;

  Publisher(int port, Scenario scenario, String prefix) throws IOException {
    this.scenario = scenario;
    this.prefix = prefix;
    this.published = new long[scenario.channels()];
    this.filler = "x".repeat(Math.max(0, scenario.bytes() - 40));
    this.socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var source = resource() + APPEND;
    this.sha = sha(source);
    put("SCRIPT", "LOAD", source);
    out.flip();
    while (out.hasRemaining()) {
      socket.write(out);
    }
    out.clear();
    socket.configureBlocking(false);
  }

  long published(int channel) {
    return published[channel];
  }

  boolean room() {
    return out.remaining() > scenario.bytes() + 1_024;
  }

  /** Queues the next event of a channel, stamped with when it was due. */
  void publish(int channel, long nanos) {
    var name = scenario.channel(channel);
    long seq = ++published[channel];
    put("EVALSHA", sha, "2", prefix + ":{0}:ch:" + name, prefix + ":{0}:tail:" + name, "note",
        "{\"text\":\"~" + seq + "T" + nanos + "~" + filler + "\"}",
        scenario.history() > 0 ? "0" : "1000", "86400000",
        "691200000");
  }

  /** Sends what is queued, and reads what was answered. */
  void turn() throws IOException {
    out.flip();
    socket.write(out);
    out.compact();
    while (socket.read(in.clear()) > 0) {
      for (int i = 0; i < in.position(); i++) {
        byte b = in.get(i);
        if (lineBegins && b == '-') {
          throw new IOException("Redis refuses: "
              + new String(in.array(), i, in.position() - i, StandardCharsets.UTF_8));
        }
        if (lineBegins && b == '+') {
          answered++;
        }
        lineBegins = b == '\n';
      }
    }
  }

  /** Sends all that is queued, and waits until it is answered. */
  void finish() throws IOException {
    while (out.position() > 0) {
      turn();
    }
    put("PING");
    long began = answered;
    turn();
    while (answered == began) {
      turn();
    }
  }

  void close() throws IOException {
    socket.close();
  }

  private void put(String... words) {
    ascii("*" + words.length + "\r\n");
    for (var word : words) {
      ascii("$" + word.getBytes(StandardCharsets.UTF_8).length + "\r\n" + word + "\r\n");
    }
  }

  private void ascii(String text) {
    out.put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String resource() throws IOException {
    try (InputStream in = Objects.requireNonNull(Publisher.class
        .getResourceAsStream("/dev/stepcast/platform/channel/append.lua"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String sha(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1")
          .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
