package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/realtime/connections.
 *
 * <p>Wire form: {@code schemas/answers/connections.json}.
 *
 * @param connections those of the nodes that answered in time
 */
public record ConnectionList(List<ConnectionView> connections) {
  public ConnectionList {
    connections = List.copyOf(connections);
  }
}
