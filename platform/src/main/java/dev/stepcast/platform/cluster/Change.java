package dev.stepcast.platform.cluster;

import io.vertx.redis.client.Response;

/** One entry of the cluster's log: what every node is told, in one order for all. */
sealed interface Change {
  /** The node it is about. */
  String node();

  /** A node became a member, with nothing yet. */
  record Joined(String node) implements Change {}

  /** It said how it is reached; {@code reached} is a sealed {@link NodeCard}. */
  record Described(String node, String reached) implements Change {}

  /** It listens to {@code address}. */
  record Added(String node, long seq, String address) implements Change {}

  /** It no longer does. */
  record Dropped(String node, long seq, String address) implements Change {}

  /** It is gone, and all it had. */
  record Left(String node) implements Change {}

  /** An entry as follow.lua answers it: mark, kind, node, seq, text, each after its name. */
  static Change of(Response fields) {
    var node = fields.get(5).toString();
    long seq = Long.parseLong(fields.get(7).toString());
    var text = fields.get(9).toString();
    return switch (fields.get(3).toString()) {
      case "JOIN" -> new Joined(node);
      case "INFO" -> new Described(node, text);
      case "ADD" -> new Added(node, seq, text);
      case "DROP" -> new Dropped(node, seq, text);
      case "LEAVE" -> new Left(node);
      default -> throw new IllegalStateException("a change of unknown kind: " + fields);
    };
  }
}
