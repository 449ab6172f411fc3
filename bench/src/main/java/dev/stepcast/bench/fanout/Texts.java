package dev.stepcast.bench.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks what has an answer in plain text. */
final class Texts {
  private Texts() {}

  static String ofHttp(int port, String path) throws IOException {
    return ask(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  }

  static String ofRedis(int port, String section) throws IOException {
    return ask(port, "INFO " + section + "\r\nQUIT\r\n");
  }

  private static String ask(int port, String question) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
