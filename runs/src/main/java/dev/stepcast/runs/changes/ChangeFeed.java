package dev.stepcast.runs.changes;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.RunMoved;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What runs changed their state since the caller last asked. For lists that update themselves: fast
 * changes of one run are folded into the latest, and a caller that asks too rarely misses some.
 */
public final class ChangeFeed {
  private static final int PAGE = 1_000;
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  private final RedisLink redis;
  private final Keys keys;
  private final Map<Integer, String> read = new ConcurrentHashMap<>();

  /** Runs of one workflow that moved, each with its latest state. */
  public record Moved(String workflow, List<RunMoved> runs) {}

  private record One(String workflow, RunMoved run) {}

  /**
   * A feed that begins some seconds before the last change: whoever told before may have died
   * meanwhile. A state that is told again changes no list.
   */
  public ChangeFeed(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** What moved since the last call, by workflow; one call at a time. */
  public Future<List<Moved>> poll() {
    var parts = IntStream.range(0, keys.partitions()).mapToObj(this::part).toList();
    return Future.all(parts).map(_ -> {
      var latest = new LinkedHashMap<String, One>();
      parts.forEach(part -> part.result().forEach(one -> {
        latest.remove(one.run().workflowRunId());
        latest.put(one.run().workflowRunId(), one);
      }));
      var byWorkflow = new LinkedHashMap<String, List<RunMoved>>();
      latest.values().forEach(one -> byWorkflow
          .computeIfAbsent(one.workflow(), _ -> new ArrayList<>()).add(one.run()));
      return byWorkflow.entrySet().stream()
          .map(moved -> new Moved(moved.getKey(), List.copyOf(moved.getValue()))).toList();
    });
  }

  private Future<List<One>> part(int partition) {
    var key = keys.slot(partition).key("changes");
    var from = read.get(partition);
    if (from == null) {
      return redis.send(key, Request.cmd(Command.XREVRANGE).arg(key).arg("+").arg("-")
          .arg("COUNT").arg(1)).map(answer -> {
            read.put(partition, answer == null || answer.size() == 0 ? "0-0"
                : before(answer.get(0).get(0).toString()));
            return List.of();
          });
    }
    return redis.send(key, Request.cmd(Command.XRANGE).arg(key).arg("(" + from).arg("+")
        .arg("COUNT").arg(PAGE)).map(answer -> entries(partition, answer));
  }

  private static String before(String id) {
    long at = Long.parseLong(id.substring(0, id.indexOf('-')));
    return Math.max(0, at - OVERLAP.toMillis()) + "-0";
  }

  private List<One> entries(int partition, @Nullable Response answer) {
    var all = new ArrayList<One>();
    if (answer == null) {
      return all;
    }
    answer.forEach(entry -> {
      var id = entry.get(0).toString();
      var fields = entry.get(1);
      long at = Long.parseLong(id.substring(0, id.indexOf('-')));
      for (int i = 1; i < fields.size(); i += 2) { // one run or more: id, state, workflow
        var words = fields.get(i).toString().split(" ", 3);
        all.add(new One(words[2], new RunMoved(words[0], RunState.valueOf(words[1]), at)));
      }
      read.put(partition, id);
    });
    return all;
  }
}
