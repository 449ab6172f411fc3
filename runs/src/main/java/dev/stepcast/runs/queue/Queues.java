package dev.stepcast.runs.queue;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Queues: their messages get their turn in the order in which they came, as many at once as the
 * queue allows, and keep it until nothing about them is left to do. The messages of a queue lie in
 * its partition. Futures fail only with {@code RedisLink.Unavailable}.
 */
public final class Queues {
  private static final Script SET = EndpointRuns.withSlots(Script.of(Queues.class, "set"));

  private final RedisLink redis;
  private final Keys keys;
  private final EndpointRuns runs;

  /**
   * A queue as it is now.
   *
   * @param lag       messages that wait for their turn
   * @param createdAt ms since the epoch
   * @param updatedAt ms since the epoch
   */
  public record Queue(String name, int parallelism, boolean paused, long lag, long createdAt,
      long updatedAt) {}

  /** Asks about queues in {@code redis}; {@code runs} takes their messages back. */
  public Queues(RedisLink redis, Keys keys, EndpointRuns runs) {
    this.redis = redis;
    this.keys = keys;
    this.runs = runs;
  }

  /** Makes it, or changes it. */
  public Future<Void> put(String name, int parallelism, boolean paused) {
    return set(name, String.valueOf(parallelism), paused ? "1" : "0");
  }

  /** Gives no more turns, or gives them again; what has its turn goes on. */
  public Future<Void> pause(String name, boolean paused) {
    return set(name, "", paused ? "1" : "0");
  }

  private Future<Void> set(String name, String parallelism, String paused) {
    return redis.run(SET, List.of(keys.slot(name).head()), List.of(name, parallelism, paused))
        .mapEmpty();
  }

  /** Empty where there is none. */
  public Future<Optional<Queue>> get(String name) {
    var slot = keys.slot(name);
    var key = slot.key("queue", name);
    var waiting = slot.key("queue:wait", name);
    return redis.send(key, Request.cmd(Command.HGETALL).arg(key))
        .compose(fields -> redis.send(waiting, Request.cmd(Command.ZCARD).arg(waiting))
            .map(lag -> read(name, fields == null ? Map.of() : map(fields),
                lag == null ? 0 : lag.toLong())));
  }

  private static Optional<Queue> read(String name, Map<String, String> fields, long lag) {
    return fields.isEmpty() ? Optional.empty()
        : Optional.of(new Queue(name, Integer.parseInt(fields.getOrDefault("parallelism", "1")),
            "1".equals(fields.get("paused")), lag,
            Long.parseLong(fields.getOrDefault("createdAt", "0")),
            Long.parseLong(fields.getOrDefault("updatedAt", "0"))));
  }

  private static Map<String, String> map(Response answer) {
    Map<String, String> fields = new HashMap<>();
    answer.getKeys().forEach(name -> fields.put(name, String.valueOf(answer.get(name))));
    return fields;
  }

  /** All of them, by name. */
  public Future<List<Queue>> all() {
    var names = IntStream.range(0, keys.partitions()).mapToObj(partition -> {
      var set = keys.slot(partition).key("queues");
      return redis.send(set, Request.cmd(Command.SMEMBERS).arg(set));
    }).toList();
    return Future.all(names).compose(_ -> {
      var found = new ArrayList<Future<Optional<Queue>>>();
      names.forEach(part -> {
        if (part.result() != null) {
          part.result().forEach(name -> found.add(get(name.toString())));
        }
      });
      return Future.all(found).map(_ -> found.stream().map(Future::result)
          .flatMap(Optional::stream).sorted((a, b) -> a.name().compareTo(b.name())).toList());
    });
  }

  /** Ends it: what waits in it is taken back, what has its turn goes on. */
  public Future<Void> delete(String name) {
    var slot = keys.slot(name);
    var waiting = slot.key("queue:wait", name);
    var queue = slot.key("queue", name);
    var index = slot.key("queues");
    return pause(name, true)
        .compose(_ -> redis.send(waiting, Request.cmd(Command.ZRANGE).arg(waiting).arg(0).arg(-1)))
        .compose(ids -> Future.all(ids == null ? List.<Future<Boolean>>of()
            : ids.stream().map(id -> runs.cancel(id.toString())).toList()))
        .compose(_ -> redis.send(index, Request.cmd(Command.SREM).arg(index).arg(name)))
        .compose(_ -> redis.send(queue, Request.cmd(Command.DEL).arg(queue))).mapEmpty();
  }
}
