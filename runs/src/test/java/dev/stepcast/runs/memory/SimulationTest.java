package dev.stepcast.runs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Recording;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.schemas.RunState;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Replay one seed with {@code -Dseed=…}; {@code -Dsoak=true} tries two hundred times as many. The
 * mutations show that the simulation would notice if a rule were missing.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {
  private static final int SEEDS = Boolean.getBoolean("soak") ? 400_000 : 2_000;

  @Test
  void every_rule_holds_whatever_goes_wrong() {
    var only = Long.getLong("seed");
    for (long seed = only == null ? 0 : only; only == null ? seed < SEEDS : seed == only; seed++) {
      try {
        new Simulation(seed, clock -> new Shelf(clock, _ -> 0)).run();
      } catch (AssertionError e) {
        fail("seed " + seed + ", replay it with -Dseed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Nested
  class It_notices {
    @Test
    void a_dropped_fence() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        Recording holding(Hold hold, Function<MemoryRun, Recording> fresh,
            Function<MemoryRun, Recording> again) {
          var run = runs.get(hold.id());
          return run == null ? new Recording.Fenced() : fresh.apply(run);
        }
      });
    }

    @Test
    void a_missing_write_counter() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        Recording holding(Hold hold, Function<MemoryRun, Recording> fresh,
            Function<MemoryRun, Recording> again) {
          var run = runs.get(hold.id());
          boolean holds = run != null && run.token.equals(hold.token())
              && run.state() == RunState.RUNNING;
          return holds ? fresh.apply(java.util.Objects.requireNonNull(run))
              : new Recording.Fenced();
        }
      });
    }

    @Test
    void a_hole_that_is_let_through() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        Recording holding(Hold hold, Function<MemoryRun, Recording> fresh,
            Function<MemoryRun, Recording> again) {
          var run = runs.get(hold.id());
          if (run != null && run.token.equals(hold.token()) && hold.number() > run.writes + 1
              && run.state() == RunState.RUNNING) {
            return fresh.apply(run);
          }
          return super.holding(hold, fresh, again);
        }
      });
    }

    @Test
    void a_token_without_the_number_of_its_take() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        String token(MemoryRun run, Take take) {
          return run.number("e") + ":" + take.nonce();
        }
      });
    }

    @Test
    void a_park_that_does_not_look_at_what_came() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        Map<String, String> there(MemoryRun run, Set<String> awaited) {
          return Map.of();
        }
      });
    }

    @Test
    void a_delivery_that_takes_a_run_from_its_holder() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        void came(MemoryRun run) {
          run.enter(RunState.QUEUED);
          look(run, now());
        }
      });
    }

    @Test
    void a_step_that_queues_a_paused_run() {
      broken(clock -> new Shelf(clock, _ -> 0) {
        @Override
        void stepped(MemoryRun run) {
          look(run, now() + Simulation.LEASE);
        }
      });
    }

    private void broken(Function<LongSupplier, Shelf> mutation) {
      int seed = 0;
      for (; seed < 4_000; seed++) {
        try {
          new Simulation(seed, mutation).run();
        } catch (AssertionError e) {
          return;
        }
      }
      assertThat(seed).as("seeds tried before the mutation was noticed").isLessThan(4_000);
    }
  }
}
