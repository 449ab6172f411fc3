package dev.stepcast.realtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket by hand, for frames that no client would send and those that none would show. */
final class RawSocket implements AutoCloseable {
  static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int WITHIN_MS = 30_000;

  private final Socket socket;
  private final DataInputStream in;

  /**
   * A frame of the server's.
   *
   * @param code of a frame that closes; else 0
   */
  record Heard(int head, int code, String text) {
    boolean closes() {
      return head == CLOSE;
    }
  }

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static RawSocket open(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(WITHIN_MS);
    var raw = new RawSocket(socket);
    raw.send("""
      GET /api/realtime HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """.getBytes(UTF_8));
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) raw.in.readUnsignedByte());
    }
    return raw;
  }

  /** A frame, masked with zeros as a client must. */
  static byte[] frame(int head, byte[] payload) {
    var frame = new ByteArrayOutputStream();
    frame.write(head);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Every frame up to the end of the connection. */
  List<Heard> untilTheEnd() throws IOException {
    var all = new ArrayList<Heard>();
    try {
      while (true) {
        all.add(next());
      }
    } catch (EOFException | SocketException _) {
      return all;
    }
  }

  /** The next frame. */
  Heard next() throws IOException {
    int head = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    int code = head == CLOSE ? in.readUnsignedShort() : 0;
    var text = new byte[length - (head == CLOSE ? 2 : 0)];
    in.readFully(text);
    return new Heard(head, code, new String(text, UTF_8));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
