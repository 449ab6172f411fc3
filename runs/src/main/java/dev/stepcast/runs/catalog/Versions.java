package dev.stepcast.runs.catalog;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which versions of which workflows each running node has, so that a node which has to leave a run
 * alone knows whether others can go on with it. A node that dies is forgotten within a minute.
 */
public final class Versions {
  /** How often a node must announce itself. */
  public static final Duration AGAIN = Duration.ofSeconds(20);
  private static final Duration HOLDS = AGAIN.multipliedBy(3);
  private static final TypeReference<Map<String, Set<String>>> HAS = new TypeReference<>() {};

  private final RedisLink redis;
  private final Keys.Slot slot;
  private final String nodes;

  /** Those of a deployment. */
  public Versions(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.slot = keys.slotTagged("workflows");
    this.nodes = slot.key("nodes");
  }

  /** {@code node} has {@code versions}, by the name of their workflow. */
  public Future<Void> announce(String node, Map<String, Set<String>> versions) {
    var has = slot.key("has", node);
    return redis.send(has, Request.cmd(Command.SET).arg(has).arg(Wire.encode(versions)).arg("PX")
        .arg(HOLDS.toMillis()))
        .compose(_ -> redis.send(nodes, Request.cmd(Command.SADD).arg(nodes).arg(node)))
        .mapEmpty();
  }

  /** {@code node} runs nothing any more. */
  public Future<Void> leave(String node) {
    var has = slot.key("has", node);
    return redis.send(has, Request.cmd(Command.DEL).arg(has))
        .compose(_ -> redis.send(nodes, Request.cmd(Command.SREM).arg(nodes).arg(node)))
        .mapEmpty();
  }

  /** Nodes that have any version of {@code workflow}, by name, with the versions they have. */
  public Future<Map<String, Set<String>>> of(String workflow) {
    return redis.send(nodes, Request.cmd(Command.SMEMBERS).arg(nodes)).compose(answer -> {
      var names = answer == null ? List.<String>of()
          : answer.stream().map(Object::toString).sorted().toList();
      return names.isEmpty() ? Future.succeededFuture(Map.of()) : read(names, workflow);
    });
  }

  private Future<Map<String, Set<String>>> read(List<String> names, String workflow) {
    var ask = Request.cmd(Command.MGET);
    names.forEach(name -> ask.arg(slot.key("has", name)));
    return redis.send(nodes, ask).map(all -> {
      Map<String, Set<String>> found = new TreeMap<>();
      for (int i = 0; i < names.size(); i++) {
        var has = all == null ? null : all.get(i);
        if (has == null) {
          redis.send(nodes, Request.cmd(Command.SREM).arg(nodes).arg(names.get(i)));
        } else if (Wire.decode(has.toString(), HAS).containsKey(workflow)) {
          found.put(names.get(i), Wire.decode(has.toString(), HAS).getOrDefault(workflow,
              Set.of()));
        }
      }
      return found;
    });
  }
}
