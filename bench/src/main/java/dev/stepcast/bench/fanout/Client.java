package dev.stepcast.bench.fanout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One listening client. It finds the marker {@code ~<seq>T<nanos>~} of each event in what comes,
 * whatever is around it, and holds the numbers against the one it is due.
 */
final class Client {
  private static final byte[] CONNECTED = ":\"connected\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = "\"id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final long NONE = -1;
  private static final int SMALL = 4 * 1024;

  final int channel;
  final boolean stalls;
  private int home;
  private final Hearing hearing;
  private @Nullable SocketChannel socket;
  private @Nullable SelectionKey key;
  private long next = 1;
  private boolean ready;
  private int connectedAt;
  private int idAt;
  private boolean inId;
  private boolean inMark;
  private long seq = NONE;
  private long number;
  private final StringBuilder id = new StringBuilder(0);
  private String lastId = "";
  long beganAt;

  /** What clients tell. */
  interface Hearing {
    /** The server said that it listens to the channel. */
    void ready(Client client);

    /** The event that was due came, made at {@code nanos}. */
    void event(Client client, long nanos);

    /** An event came again, or out of order. */
    void again();

    /** Events were skipped. */
    void skipped(long count);
  }

  Client(int home, int channel, boolean stalls, Hearing hearing) {
    this.home = home;
    this.channel = channel;
    this.stalls = stalls;
    this.hearing = hearing;
  }

  void connect(Selector selector, int port) throws IOException {
    var fresh = SocketChannel.open();
    fresh.configureBlocking(false);
    fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (stalls) {
      fresh.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
    }
    ready = false;
    inMark = false;
    inId = false;
    beganAt = System.nanoTime();
    fresh.connect(new InetSocketAddress("127.0.0.1", port));
    socket = fresh;
    key = fresh.register(selector, SelectionKey.OP_CONNECT, this);
  }

  /** The connection stands: sends {@code request}. */
  void connected(byte[] request) throws IOException {
    var open = socket;
    if (open != null && open.finishConnect()) {
      open.write(ByteBuffer.wrap(request));
      reading(true);
    }
  }

  /** Which of several servers it is for, modulo their number. */
  int home() {
    return home;
  }

  void goElsewhere() {
    home++;
  }

  void reading(boolean on) {
    if (key != null && key.isValid()) {
      key.interestOps(on ? SelectionKey.OP_READ : 0);
    }
  }

  /** Reads what is there; false once the server has closed. */
  boolean read(ByteBuffer into) throws IOException {
    var open = socket;
    if (open == null) {
      return false;
    }
    for (int got = open.read(into.clear()); got != 0; got = open.read(into.clear())) {
      if (got < 0) {
        return false;
      }
      scan(into.array(), got);
      if (got < into.capacity()) {
        return true;
      }
    }
    return true;
  }

  /** Ends it with a TCP reset. */
  void reset() throws IOException {
    var open = socket;
    if (open != null && open.isOpen()) {
      open.setOption(StandardSocketOptions.SO_LINGER, 0);
      open.close();
    }
  }

  boolean isReady() {
    return ready;
  }

  /** The id of the last event it got; empty for none. */
  String lastId() {
    return lastId;
  }

  /** Events that it has not got of {@code published}. */
  long missing(long published) {
    return published - (next - 1);
  }

  private void scan(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (inMark) {
        mark(b);
      } else if (b == '~') {
        inMark = true;
        seq = NONE;
        number = 0;
      } else if (!ready) {
        connectedAt = follow(CONNECTED, connectedAt, b);
        if (connectedAt == CONNECTED.length) {
          connectedAt = 0;
          ready = true;
          hearing.ready(this);
        }
      } else if (inId) {
        inId = b != '"';
        if (inId) {
          id.append((char) b);
        }
      } else {
        idAt = follow(ID, idAt, b);
        if (idAt == ID.length) {
          idAt = 0;
          inId = true;
          id.setLength(0);
        }
      }
    }
  }

  private static int follow(byte[] pattern, int at, byte b) {
    return b == pattern[at] ? at + 1 : b == pattern[0] ? 1 : 0;
  }

  /** A tilde may also be a byte of a WebSocket frame's header: then no number follows. */
  private void mark(byte b) {
    if (b == 'T' && seq == NONE) {
      seq = number;
      number = 0;
    } else if (b == '~' && seq != NONE) {
      inMark = false;
      judge(number);
    } else if (b >= '0' && b <= '9') {
      number = number * 10 + (b - '0');
    } else {
      inMark = b == '~';
      seq = NONE;
      number = 0;
    }
  }

  private void judge(long nanos) {
    if (seq < next) {
      hearing.again();
      return;
    }
    if (seq > next) {
      hearing.skipped(seq - next);
    }
    next = seq + 1;
    lastId = id.toString();
    hearing.event(this, nanos);
  }
}
