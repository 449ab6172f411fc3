package dev.stepcast.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Replay one seed with {@code -Dseed=…}; {@code -Dsoak=true} tries a hundred times as many. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeploymentSimulationTest {
  private static final long SEEDS = Boolean.getBoolean("soak") ? 200_000 : 2_000;

  /** What no seed draws: the secret part of a webhook's name. */
  private static final Pattern DRAWN = Pattern.compile("(?<=/)[0-9a-f]{8}(?:-[0-9a-f]{4,}){4}");

  @BeforeAll
  static void expectFailures() {
    ((Logger) LoggerFactory.getLogger("dev.stepcast.workflow.execution")).setLevel(Level.OFF);
  }

  @Test
  void runs_that_deal_with_others_keep_every_promise_whatever_goes_wrong() {
    var only = Long.getLong("seed");
    long last = only == null ? Long.getLong("seeds", SEEDS) : only + 1;
    for (long seed = only == null ? 0 : only; seed < last; seed++) {
      try {
        new World(seed).run();
      } catch (AssertionError e) {
        fail("seed " + seed + ", replay it with -Dseed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void a_seed_is_replayed_step_by_step_the_same() {
    for (long seed = 0; seed < 20; seed++) {
      var first = traced(seed);
      var again = traced(seed);
      assertThat(first).hasSizeGreaterThan(20).hasSameSizeAs(again);
      for (int i = 0; i < first.size(); i++) {
        assertThat(again.get(i)).as("seed " + seed + ", step " + i).isEqualTo(first.get(i));
      }
    }
  }

  /** Sets are printed in any order: words are enough. */
  private static List<String> traced(long seed) {
    return new World(seed).traced().stream().map(line -> DRAWN.matcher(line).replaceAll("…"))
        .map(line -> Stream.of(line.split("[\\[\\], ]+", -1)).sorted()
            .collect(Collectors.joining(" ")))
        .toList();
  }
}
