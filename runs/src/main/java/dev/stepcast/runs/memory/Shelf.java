package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Recording;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Taken;
import dev.stepcast.runs.wake.Bell;
import dev.stepcast.schemas.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The runs, who is due, who may write. Its owner sees to it that one thread is in it at a time.
 * The rules that the simulation breaks one by one, to see whether it notices, are methods of their
 * own.
 */
class Shelf {
  static final long NEVER = Long.MAX_VALUE;
  private static final long MET_MS = 5_000;
  private static final long[] DELAYS = {0, 1_000, 5_000, 30_000};

  final Map<String, MemoryRun> runs = new TreeMap<>();
  private final LongSupplier clock;
  private final ToIntFunction<String> partition;
  private final Map<String, Took> took = new HashMap<>();
  @Nullable
  Bell bell;

  private record Took(long number, List<String> ids) {}

  Shelf(LongSupplier clock, ToIntFunction<String> partition) {
    this.clock = clock;
    this.partition = partition;
  }

  long now() {
    return clock.getAsLong();
  }

  Taken take(Take take) {
    var key = take.partition() + " " + take.nonce();
    var before = took.get(key);
    if (before != null && before.number() > take.number()) {
      return new Taken(now(), -1, List.of());
    }
    boolean again = before != null && before.number() == take.number();
    var leased = new ArrayList<Leased>();
    for (var run : again ? named(before) : due(take)) {
      var token = again ? run.heldBy(take) : lease(run, take);
      if (token != null) {
        run.due = now() + take.lease().toMillis();
        leased.add(new Leased(run.id, token, Optional.of(run.image())));
      }
    }
    took.put(key, new Took(take.number(), leased.stream().map(Leased::id).toList()));
    return new Taken(now(), nextIn(take.partition()), leased);
  }

  private List<MemoryRun> named(@Nullable Took before) {
    return before == null ? List.of()
        : before.ids().stream().map(runs::get).filter(Objects::nonNull).toList();
  }

  private List<MemoryRun> due(Take take) {
    return runs.values().stream().filter(run -> run.due <= now())
        .filter(run -> partition.applyAsInt(run.id) == take.partition())
        .filter(run -> take.pool().equals(run.fields.get(RunImage.POOL)))
        .sorted(Comparator.comparingLong(run -> run.due)).limit(take.most()).toList();
  }

  private long nextIn(int part) {
    return runs.values().stream().filter(run -> partition.applyAsInt(run.id) == part)
        .mapToLong(run -> run.due).filter(due -> due > now() && due != NEVER).min()
        .orElse(-1);
  }

  private @Nullable String lease(MemoryRun run, Take take) {
    if (run.state().ended()) {
      return Leased.OWES;
    }
    if (run.pausing) {
      run.token = "";
      pauseNow(run);
      return null;
    }
    int recoveries = (int) run.number(RunImage.RECOVERIES);
    int lost = run.state() == RunState.RUNNING ? recoveries + 1 : recoveries;
    run.fields.put("e", String.valueOf(run.number("e") + 1));
    run.fields.put(RunImage.RECOVERIES, String.valueOf(lost));
    run.writes = 0;
    if (lost > recoveries && lost > 1 && lost <= DELAYS.length) {
      run.token = "";
      run.enter(RunState.QUEUED);
      look(run, now() + DELAYS[lost - 1]);
      return null;
    }
    run.token = token(run, take);
    run.enter(RunState.RUNNING);
    return run.token;
  }

  void pauseNow(MemoryRun run) {
    run.pausing = false;
    run.enter(RunState.PAUSED);
    run.due = NEVER;
  }

  /** The guard of every write of a holder. */
  Recording holding(Hold hold,
      Function<MemoryRun, Recording> fresh,
      Function<MemoryRun, Recording> again) {
    var run = runs.get(hold.id());
    if (run == null || !run.token.equals(hold.token())) {
      return new Recording.Fenced();
    }
    if (hold.number() <= run.writes) {
      return again.apply(run);
    }
    if (run.state() != RunState.RUNNING) {
      return new Recording.Fenced();
    }
    if (hold.number() > run.writes + 1) {
      run.token = "";
      run.enter(RunState.QUEUED);
      look(run, now());
      return new Recording.Fenced();
    }
    return fresh.apply(run);
  }

  /** A take's token for a run is never given out twice, not even after a fail-over. */
  String token(MemoryRun run, Take take) {
    return run.tokenOf(take);
  }

  /** What a run that parks waits for and has already. */
  Map<String, String> there(MemoryRun run, Set<String> awaited) {
    return awaited.stream().filter(field -> !run.fields.getOrDefault(field, "").isEmpty())
        .collect(Collectors.toMap(field -> field, field -> String.valueOf(run.fields.get(field))));
  }

  /** Something came: wakes the run unless somebody holds it, or nobody may. */
  void came(MemoryRun run) {
    if (!Set.of(RunState.RUNNING, RunState.PAUSED, RunState.QUEUED).contains(run.state())) {
      run.enter(RunState.QUEUED);
      look(run, now());
    }
  }

  /** A step was recorded; its run's score is not touched. */
  void stepped(MemoryRun run) {}

  void end(MemoryRun run, RunState state) {
    run.fields.put("end", String.valueOf(now()));
    run.enter(state);
    run.due = NEVER;
    if (run.number(RunImage.OWED) > 0) {
      look(run, now() + (run.fields.containsKey(RunImage.MEETS) ? MET_MS : 0));
    }
  }

  void look(MemoryRun run, long at) {
    run.due = at;
    var listener = bell;
    if (listener != null && at != NEVER) {
      listener.due(partition.applyAsInt(run.id), String.valueOf(run.fields.get(RunImage.POOL)),
          at);
    }
  }
}
