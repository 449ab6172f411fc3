package dev.stepcast.api.live;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.changes.ChangeFeed;
import dev.stepcast.runs.changes.ChangeFeed.Moved;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells {@code workflow:<name>} which runs moved, at most ten times a second, so that lists update
 * themselves. One replica does it at a time, the holder of a short lease; who takes it over begins
 * some seconds back, with what the one before may have left untold.
 */
public final class RunLists {
  private static final Logger log = LoggerFactory.getLogger(RunLists.class);
  private static final Script LEASE = Script.of(RunLists.class, "lease");
  private static final Duration LEASE_FOR = Duration.ofSeconds(3);
  private static final long BUSY_MS = 100;
  private static final long IDLE_MS = 1_000;
  private static final int RUNS_MAX = 200;
  private static final History KEPT = new History(100, Duration.ofMinutes(10));

  private final Platform platform;
  private final ChangeFeed feed;
  private final String node = UUID.randomUUID().toString();
  private final String leaseKey;
  private volatile boolean stopped;

  /** Folds the changes of {@code feed}. */
  public RunLists(Platform platform, ChangeFeed feed) {
    this.platform = platform;
    this.feed = feed;
    this.leaseKey = platform.keys().slotTagged("workflows").key("folder");
  }

  /** Begins; failures are tried again for as long as the service runs. */
  public void start() {
    platform.vertx().getOrCreateContext().runOnContext(_ -> turn());
  }

  /** Ends after the present turn. */
  public void stop() {
    stopped = true;
  }

  private void turn() {
    if (stopped) {
      return;
    }
    lease().compose(held -> held ? fold() : Future.succeededFuture(IDLE_MS)).otherwise(cause -> {
      log.atDebug().addKeyValue("error", String.valueOf(cause.getMessage()))
          .log("run-lists.fold-failed");
      return IDLE_MS;
    }).onSuccess(wait -> platform.vertx().setTimer(wait, _ -> turn()));
  }

  private Future<Boolean> lease() {
    return platform.redis().run(LEASE, List.of(leaseKey), List.of(node, LEASE_FOR.toMillis()))
        .map(answer -> answer.get(0).toString().equals("HELD"));
  }

  private Future<Long> fold() {
    return feed.poll().compose(moved -> {
      Future<?> told = Future.succeededFuture();
      for (var one : moved) {
        told = told.compose(_ -> tell(one));
      }
      return told.map(moved.isEmpty() ? IDLE_MS : BUSY_MS);
    });
  }

  private Future<?> tell(Moved moved) {
    var latest = moved.runs().subList(Math.max(0, moved.runs().size() - RUNS_MAX),
        moved.runs().size());
    var event = new WorkflowEvent.ListChanged(latest, platform.clock().millis());
    return platform.channels().append(new ChannelName("workflow:" + moved.workflow()),
        Emit.of(WorkflowEvents.LIST_CHANGED, event), KEPT);
  }
}
