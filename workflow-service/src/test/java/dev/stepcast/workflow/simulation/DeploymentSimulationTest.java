package dev.stepcast.workflow.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Replay one seed with {@code -Dseed=…}; {@code -Dsoak=true} tries a hundred times as many. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeploymentSimulationTest {
  private static final long SEEDS = Boolean.getBoolean("soak") ? 200_000 : 2_000;

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
}
