package dev.stepcast.realtime.transport;

import dev.stepcast.realtime.transport.Client.Transport;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A client that comes back wherever it can when its connection ends, and goes on. */
final class Wanderer implements AutoCloseable {
  private final Transport transport;
  private final int[] ports;
  private final Map<String, String> acks;
  private final List<JsonObject> before = new ArrayList<>();
  private Client client;
  private int at;

  Wanderer(Transport transport, Map<String, String> acks, int... ports) {
    this.transport = transport;
    this.ports = ports.clone();
    this.acks = acks;
    this.client = transport.connect(ports[0], acks, "");
  }

  /** Comes back if it must; then all events so far over all connections. */
  List<String> ids() {
    if (client.ended()) {
      comeBack();
    }
    var all = new ArrayList<String>();
    before.forEach(frame -> all.add(frame.getString("id")));
    all.addAll(client.ids());
    return all;
  }

  Client client() {
    return client;
  }

  @Override
  public String toString() {
    return "before " + before.size() + ", ended " + client.ended() + ", resume "
        + transport.resume(client).strip() + ", frames " + client.frames();
  }

  private void comeBack() {
    var resume = transport.resume(client);
    var heard = client.events();
    at = (at + 1) % ports.length;
    try {
      var next = transport.connect(ports[at], acks, resume);
      before.addAll(heard);
      client = next;
    } catch (AssertionError e) {
      // refused: the next look tries the next port
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
