package dev.stepcast.platform.testing;

import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One server of a group, and a blocking way to ask it things. */
record RedisServer(EmbeddedRedis process) {
  private static final int ANSWER_WITHIN_MS = 20_000;

  /** Keeps nothing on disk but what {@code dir} is needed for (cluster and sentinel state). */
  static RedisServer start(Path dir, List<String> before, String... options) {
    var all = new ArrayList<>(before);
    all.addAll(List.of("--dir", dir.toString(), "--logfile",
        dir.resolve("redis-" + System.nanoTime() + ".log").toString()));
    all.addAll(List.of(options));
    try {
      return new RedisServer(EmbeddedRedis.start(new EmbeddedRedis.Options(0, null, all)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return process.port();
  }

  /** Sends one command and answers its reply, flattened; an error reply is thrown. */
  List<String> ask(String... words) {
    var request = new StringBuilder("*" + words.length + "\r\n");
    for (var word : words) {
      request.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n")
          .append(word).append("\r\n");
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(ANSWER_WITHIN_MS);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      var flat = new ArrayList<String>();
      read(new BufferedInputStream(socket.getInputStream()), flat);
      return flat;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until this replica has applied all that {@code master} has now. ({@code WAIT} is about
   * the writes of the connection that asks, so it says nothing about those of others.)
   */
  void awaitAllOf(RedisServer master) {
    long wanted = master.offset("master_repl_offset:");
    await().atMost(Duration.ofSeconds(60)).until(() -> offset("slave_repl_offset:") >= wanted);
  }

  /** -1 where it is not told, such as while a replica has yet to meet its master. */
  private long offset(String label) {
    var told = ask("INFO", "replication").getFirst();
    return told.contains("master_link_status:down") ? -1
        : told.lines().filter(line -> line.startsWith(label))
            .mapToLong(line -> Long.parseLong(line.substring(label.length()).strip())).findFirst()
            .orElse(-1);
  }

  private static void read(InputStream in, List<String> into) throws IOException {
    var line = line(in);
    var rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> into.add(rest);
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length >= 0) {
          into.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          in.skipNBytes(2);
        }
      }
      case '*' -> {
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          read(in, into);
        }
      }
      default -> throw new IOException(line);
    }
  }

  private static String line(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server hung up");
      }
      text.append((char) c);
    }
    return Objects.requireNonNull(text.toString().strip());
  }
}
