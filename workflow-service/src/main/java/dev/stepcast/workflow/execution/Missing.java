package dev.stepcast.workflow.execution;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run whose code is not here. Where another node has it, the run is due again in a moment, and
 * later from time to time: that node may have no free slot. Where none has, the run rests visibly.
 */
record Missing(Surroundings around) {
  private static final Logger log = LoggerFactory.getLogger(Missing.class);
  /** Since when others have been left to go on with it, ms since the epoch. */
  private static final String SINCE = "ls";
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration NOBODY = Duration.ofSeconds(10);
  private static final int NAMED_MOST = 5;

  /** Leaves the run alone. */
  void park(Session session, RunImage image) {
    var asked = around.world().nodes(image.workflow()).otherwise(Map.of());
    session.await(asked);
    var nodes = asked.result();
    var able = nodes.entrySet().stream().filter(one -> one.getValue().contains(image.version()))
        .map(Map.Entry::getKey).filter(name -> !name.equals(around.worker())).toList();
    long now = session.clock().now();
    long since = image.field(SINCE).filter(at -> !at.isEmpty()).map(Long::valueOf).orElse(now);
    long pauseMs = able.isEmpty() ? NOBODY.toMillis()
        : Math.clamp((now - since) / 10, SOON.toMillis(), NOBODY.toMillis());
    session.defer(new Write(Map.of(RunImage.NOTE, note(image, able, nodes),
        SINCE, able.isEmpty() ? "" : String.valueOf(since)), List.of()));
    log.atDebug().addKeyValue("run", image.id()).addKeyValue("able", able.size())
        .log("run.code-missing");
    session.park(new Parking(RunState.BACKING_OFF, now + pauseMs, Set.of()));
  }

  private String note(RunImage image, List<String> able, Map<String, Set<String>> nodes) {
    var what = "workflow " + image.workflow() + " version " + image.version();
    if (!able.isEmpty()) {
      return around.worker() + " does not have " + what + "; left to "
          + able.stream().limit(NAMED_MOST).collect(Collectors.joining(", "));
    }
    return "no node has " + what + nodes.entrySet().stream().limit(NAMED_MOST)
        .map(one -> "; " + one.getKey() + " has version " + String.join(", ", one.getValue()))
        .collect(Collectors.joining());
  }

  /** What a run that has been missed, and is executed, has no longer. */
  static Write over() {
    return new Write(Map.of(RunImage.NOTE, "", SINCE, ""), List.of());
  }
}
