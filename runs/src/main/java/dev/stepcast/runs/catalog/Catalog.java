package dev.stepcast.runs.catalog;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The workflows that workflow-services announced. One that nobody announced for a week is gone; so
 * is nothing that a running node can run, since nodes announce again every day.
 */
public final class Catalog {
  /** How long an announcement holds. */
  public static final Duration HOLDS = Duration.ofDays(7);

  private final RedisLink redis;
  private final String key;
  private final InstantSource clock;

  /** As stored: when it was announced, ms since the epoch, and what. */
  private record Announced(long announcedAt, WorkflowInfo workflow) {}

  /** The catalog of a deployment. */
  public Catalog(RedisLink redis, Keys keys, InstantSource clock) {
    this.redis = redis;
    this.key = keys.slotTagged("workflows").key("catalog");
    this.clock = clock;
  }

  /** Says that this node can run {@code workflows}; each replaces what had its name. */
  public Future<Void> announce(List<WorkflowInfo> workflows) {
    if (workflows.isEmpty()) {
      return Future.succeededFuture();
    }
    var tell = Request.cmd(Command.HSET).arg(key);
    workflows.forEach(workflow -> tell.arg(workflow.name())
        .arg(Wire.encode(new Announced(clock.millis(), workflow))));
    return redis.send(key, tell).mapEmpty();
  }

  /** All of them, by name. */
  public Future<List<WorkflowInfo>> list() {
    return redis.send(key, Request.cmd(Command.HVALS).arg(key)).map(answer -> {
      var all = new ArrayList<WorkflowInfo>();
      if (answer != null) {
        answer.forEach(one -> read(one.toString()).ifPresent(all::add));
      }
      all.sort(Comparator.comparing(WorkflowInfo::name));
      return List.copyOf(all);
    });
  }

  /** The workflow that is triggered by {@code name}. */
  public Future<Optional<WorkflowInfo>> find(String name) {
    return redis.send(key, Request.cmd(Command.HGET).arg(key).arg(name))
        .map(answer -> answer == null ? Optional.empty() : read(answer.toString()));
  }

  private Optional<WorkflowInfo> read(String json) {
    var announced = Wire.decode(json, Announced.class);
    return clock.millis() - announced.announcedAt() > HOLDS.toMillis() ? Optional.empty()
        : Optional.of(announced.workflow());
  }
}
