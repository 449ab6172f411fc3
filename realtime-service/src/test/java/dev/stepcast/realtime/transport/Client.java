package dev.stepcast.realtime.transport;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** A listening client of one transport, which keeps all it was told. */
interface Client extends AutoCloseable {
  /** Every frame so far, in order. */
  List<JsonObject> frames();

  /** Whether the server has ended the connection. */
  boolean ended();

  /** Cuts the connection without a word. */
  void cut();

  /** Reads no more, or goes on. */
  void stall(boolean on);

  @Override
  void close();

  /** The frames that are events. */
  default List<JsonObject> events() {
    return frames().stream().filter(frame -> frame.containsKey("event") && frame.containsKey("id"))
        .toList();
  }

  /** The ids of the events, gaps among them. */
  default List<String> ids() {
    return events().stream().map(frame -> frame.getString("id")).toList();
  }

  /** The frames of one type. */
  default List<JsonObject> told(String type) {
    return frames().stream().filter(frame -> type.equals(frame.getString("type"))).toList();
  }

  /** How a client of the transport connects. */
  interface Transport {
    /**
     * Connects for {@code acks}: channel to ack, empty for none.
     *
     * @param resume what the client got as its position, empty for a first connect
     */
    Client connect(int port, Map<String, String> acks, String resume);

    /** What a client of this transport would come back with after what {@code client} got. */
    String resume(Client client);
  }
}
