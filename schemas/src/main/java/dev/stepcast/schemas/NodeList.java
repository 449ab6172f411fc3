package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/nodes.
 *
 * <p>Wire form: {@code schemas/answers/nodes.json}.
 *
 * @param nodes by id
 */
public record NodeList(List<NodeReport> nodes) {
  public NodeList {
    nodes = List.copyOf(nodes);
  }
}
