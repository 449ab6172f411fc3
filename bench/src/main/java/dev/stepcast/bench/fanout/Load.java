package dev.stepcast.bench.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;

/** All clients and the publisher, on one thread. */
final class Load implements Client.Hearing {
  private static final int CONNECTING_MAX = 128;
  private static final int HURRY = 64;
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private final Scenario scenario;
  private final boolean sse;
  /** Where clients connect; who is cut off at one goes to the next. */
  private final AtomicIntegerArray ports;
  private final String grant;
  private final Publisher publisher;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private final List<Client> clients = new ArrayList<>();
  private final Tally latency = new Tally();
  private final Rush rush = new Rush();
  private final Tally backs = new Tally();
  private long published;
  private long delivered;
  private long again;
  private long skipped;
  private int ready;
  private int connecting;
  private int nextChannel;
  private boolean storming;
  private boolean hurry;

  /** What was found. {@code lost} and {@code doubled} are over the whole run. */
  record Found(long deliveries, double secs, long lost, long doubled, double p50, double p99,
      double backP99, double backLast) {}

  Load(Scenario scenario, boolean sse, Server server, String grant) throws IOException {
    this(scenario, sse, new AtomicIntegerArray(new int[]{server.port()}), server.redisPort(),
        grant);
  }

  /** Clients of several servers on one Redis; the ports may change while it runs. */
  Load(Scenario scenario, boolean sse, AtomicIntegerArray ports, int redisPort, String grant)
      throws IOException {
    this.scenario = scenario;
    this.sse = sse;
    this.ports = ports;
    this.grant = grant;
    this.publisher = new Publisher(redisPort, scenario, Server.PREFIX);
    for (int i = 0; i < scenario.conns(); i++) {
      clients.add(new Client(i, i % scenario.channels(), i < scenario.stalled(), this));
    }
  }

  /** Connects everybody; how many seconds it took until all were ready. */
  double connectAll() throws IOException {
    long began = System.nanoTime();
    int asked = 0;
    while (ready < clients.size()) {
      while (asked < clients.size() && connecting < CONNECTING_MAX) {
        connecting++;
        connect(clients.get(asked++));
      }
      turn(50);
      if (System.nanoTime() - began > GIVE_UP_NANOS) {
        throw new IOException("only " + ready + " of " + clients.size() + " got ready");
      }
    }
    return (System.nanoTime() - began) / 1e9;
  }

  void closeAll() throws IOException {
    for (var client : clients) {
      client.reset();
    }
    selector.selectNow();
    ready = 0;
    connecting = 0;
  }

  /** For a third of {@code secs} as fast as it goes, then as always; then some stop reading. */
  void warm(int secs) throws IOException {
    hurry = true;
    publishFor(secs / 3, 0);
    hurry = false;
    publishFor(secs - secs / 3, 0);
    clients.stream().filter(client -> client.stalls).forEach(client -> client.reading(false));
  }

  void publishFor(int secs, int resetAt) throws IOException {
    publishFor(secs, resetAt, () -> false);
  }

  /** Publishes until {@code over}, for {@code secs} at most; the next call counts anew. */
  void publishFor(int secs, int resetAt, BooleanSupplier over) throws IOException {
    latency.clear();
    delivered = 0;
    published = 0;
    long began = System.nanoTime();
    long until = began + secs * 1_000_000_000L;
    boolean reset = resetAt == 0;
    for (long now = began; now < until && !over.getAsBoolean(); now = System.nanoTime()) {
      if (!reset && now - began > resetAt * 1_000_000_000L) {
        reset = true;
        storm();
      }
      publish(now, began);
      publisher.turn();
      turn(scenario.rate() > 0 && !hurry ? 1 : 0);
    }
  }

  /** Waits for what is under way, lets the stalled read, and tells what is missing. */
  Found settle(double secs) throws IOException {
    long counted = delivered;
    double p50 = latency.quantile(0.5);
    double p99 = latency.quantile(0.99);
    clients.stream().filter(client -> client.stalls).forEach(client -> client.reading(true));
    long began = System.nanoTime();
    while (missing() > 0 && System.nanoTime() - began < GIVE_UP_NANOS) {
      publisher.turn();
      turn(20);
    }
    return new Found(counted, secs, missing() + skipped, again, p50, p99, backs.quantile(0.99),
        backs.quantile(1));
  }

  /** Appends the history that clients find. */
  void publishHistory() throws IOException {
    for (int i = 0; i < scenario.history(); i++) {
      publisher.publish(i % scenario.channels(), System.nanoTime());
      while (!publisher.room()) {
        publisher.turn();
      }
    }
    publisher.finish();
  }

  /** Reads until nothing is missing, or for {@code secs}; what is missing then. */
  long readAll(int secs) throws IOException {
    long began = System.nanoTime();
    while (missing() > 0 && System.nanoTime() - began < secs * 1_000_000_000L) {
      for (int i = 0; i < 100; i++) {
        turn(10);
      }
    }
    return missing() + skipped;
  }

  /** Lets {@code millis} pass, reading. */
  void idle(int millis) throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < millis * 1_000_000L) {
      turn(10);
    }
  }

  /** Most connects in a tenth of a second since this was asked last. */
  int rush() {
    return rush.take();
  }

  long doubled() {
    return again;
  }

  long deliveries() {
    return delivered;
  }

  long publications() {
    return published;
  }

  void close() throws IOException {
    closeAll();
    publisher.close();
    selector.close();
  }

  private long missing() {
    return clients.stream().mapToLong(
        client -> client.missing(publisher.published(client.channel))).sum();
  }

  private void publish(long now, long began) {
    int listening = scenario.fan();
    int window = hurry ? Math.max(HURRY, 4 * listening) : scenario.window();
    while (publisher.room()) {
      long due = now;
      if (scenario.rate() > 0 && !hurry) {
        due = began + published * 1_000_000_000L / scenario.rate();
        if (due > now) {
          return;
        }
      } else if (published * listening - delivered + listening > window) {
        return;
      }
      publisher.publish(nextChannel, due);
      nextChannel = (nextChannel + 1) % scenario.channels();
      published++;
    }
  }

  private void storm() throws IOException {
    storming = true;
    closeAll();
    for (var client : clients) {
      connect(client);
    }
  }

  private void turn(int millis) throws IOException {
    if (millis == 0) {
      selector.selectNow();
    } else {
      selector.select(millis);
    }
    for (var key : selector.selectedKeys()) {
      if (key.isValid() && key.attachment() instanceof Client client) {
        serve(client, key);
      }
    }
    selector.selectedKeys().clear();
  }

  private void serve(Client client, SelectionKey key) throws IOException {
    boolean alive = false;
    try {
      if (key.isConnectable()) {
        client.connected(request(client));
        return;
      }
      alive = client.read(buffer);
    } catch (IOException e) {
      key.cancel();
    }
    if (!alive) { // refused, or the server closed it: comes back at once
      client.reset();
      ready -= client.isReady() ? 1 : 0;
      client.goElsewhere();
      connect(client);
    }
  }

  private void connect(Client client) throws IOException {
    rush.add(1);
    client.connect(selector, ports.get(client.home() % ports.length()));
  }

  private byte[] request(Client client) {
    var channel = scenario.channel(client.channel);
    var text = "GET /api/realtime?channel=" + channel
        + (!client.lastId().isEmpty() && !sse ? "&last_ack_" + channel + "=" + client.lastId()
            : scenario.history() > 0 ? "&last_ack_" + channel + "=0" : "")
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + (scenario.granted() ? "Authorization: Bearer " + grant + "\r\n" : "")
        + (sse ? "Accept: text/event-stream\r\n"
            + (client.lastId().isEmpty() ? "" : "Last-Event-ID: " + client.lastId() + "\r\n")
            : "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
        + "\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void ready(Client client) {
    ready++;
    connecting--;
    if (storming) {
      backs.add(System.nanoTime() - client.beganAt);
    }
  }

  @Override
  public void event(Client client, long nanos) {
    if (!client.stalls) {
      delivered++;
      latency.add(System.nanoTime() - nanos);
    }
  }

  @Override
  public void again() {
    again++;
  }

  @Override
  public void skipped(long count) {
    skipped += count;
  }
}
