package dev.stepcast.workflow.simulation;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.memory.MemoryRunStore;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.execution.Surroundings;
import dev.stepcast.workflow.execution.Surroundings.Alarms;
import dev.stepcast.workflow.execution.Surroundings.Machine;
import dev.stepcast.workflow.registry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real executor over stores in memory, in a world where everything goes wrong, drawn from one
 * seed: at each call of a holder others may move, time may pass, the call or its answer be lost or
 * come again later, the holder crash or be stopped past its lease.
 */
final class World {
  static final long LEASE = 30_000;
  private static final long STEP_START_MS = 3_600_000;
  private static final int ROUNDS = 30;
  private static final int RUNS_MOST = 8;
  private static final int SETTLES_MOST = 4_000;
  private static final int DEPTH_MOST = 3;
  private static final int NODES = 2;
  private static final List<String> LATE = List.of("step", "park", "finish", "renew", "release",
      "begin", "deliver", "settle", "acquire", "trigger");

  /** What happened, for a person who replays a seed; null: nobody wants to know. */
  private @Nullable List<String> trace;

  final MemoryRunStore store;
  final EventBook book;
  final FlowBook flow;
  final List<String> runs = new ArrayList<>();
  private final Random random;
  private final Checks checks;
  private final Operator operator;
  private final Registry registry;
  private final Faults faults = new Faults(this, LATE);
  private final Map<String, Holder> latest = new HashMap<>();
  private final List<Holder> holders = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private final long[] takes = new long[NODES];
  private long now = 1_000_000;
  private int depth;
  private int drawn;
  private boolean faulty = true;

  private record Late(long at, Faults.Ask duplicate) {}

  World(long seed) {
    this.random = new Random(seed);
    this.store = new MemoryRunStore(() -> now, _ -> 0);
    this.book = EventBook.memory(() -> now);
    this.checks = new Checks(this);
    this.flow = checks.counting(FlowBook.memory(() -> now));
    this.operator = new Operator(this);
    this.registry = new Registry(new Zoo(this).all());
    store.ring(new Drops(latest));
  }

  /** Plays on, writing down what happens; as {@link #run} otherwise. */
  List<String> traced() {
    var lines = new ArrayList<String>();
    trace = lines;
    run();
    return lines;
  }

  /** Throws an {@link AssertionError} that says what did not hold. */
  void run() {
    try {
      int count = 2 + draw(4);
      for (int i = 0; i < count; i++) {
        trigger();
      }
      for (int round = 0; round < ROUNDS; round++) {
        now += draw(4_000);
        move();
        move();
        checks.hold();
      }
      faulty = false;
      settle();
      checks.ended(operator);
    } finally {
      holders.forEach(Holder::kill);
    }
  }

  /** Without faults and with an operator who helps, everything must come to its end. */
  private void settle() {
    late.forEach(one -> one.duplicate().send());
    late.clear();
    for (int i = 0; i < SETTLES_MOST && !checks.allSettled(); i++) {
      holders.stream().filter(Holder::isFrozen).toList().forEach(Holder::thaw);
      operator.help();
      while (take(0)) {
        checks.hold();
      }
      now = store.nextDue(EnumSet.allOf(RunState.class)).map(due -> Math.max(due, now + 1_000))
          .orElse(now + 1_000);
    }
  }

  /** All threads of a holder wait for what never comes. */
  void stuck(Holder holder) {
    checks.stuck(holder.run);
    holder.crash();
  }

  boolean faults() {
    return faulty;
  }

  long now() {
    return now;
  }

  void note(Supplier<String> what) {
    var lines = trace;
    var me = Holder.current();
    if (lines != null && (me == null || !me.isKilled())) {
      lines.add((now - 1_000_000) + " " + (me == null ? "" : me) + " " + what.get());
    }
  }

  int draw(int bound) {
    return random.nextInt(bound);
  }

  int next() {
    return ++drawn;
  }

  void later(Faults.Ask duplicate) {
    late.add(new Late(now + draw(40_000), duplicate));
  }

  /** In the middle of what a holder does, the world goes on. */
  void interleave(Holder me) {
    if (faulty && depth < DEPTH_MOST && draw(8) == 0) {
      depth++;
      Holder.outside(this::move);
      depth--;
    }
    me.hear();
    me.live();
  }

  private void move() {
    late.removeIf(one -> {
      if (one.at() <= now) {
        one.duplicate().send();
      }
      return one.at() <= now;
    });
    switch (draw(10)) {
      case 0, 1 -> operator.act();
      case 2 -> now += draw(4) == 0 ? LEASE : draw(5_000);
      case 3 -> holders.stream().filter(Holder::isFrozen).skip(draw(2)).findFirst()
          .ifPresent(this::thaw);
      default -> take(draw(NODES));
    }
  }

  private void thaw(Holder frozen) {
    if (latest.get(frozen.run) != frozen && draw(2) == 0) {
      frozen.drop(); // told before it goes on, as the watch over leases does
    }
    note(() -> "THAW " + frozen);
    frozen.thaw();
  }

  /** Starts somebody, who calls {@link #through} a bad network. */
  void start(String run, Consumer<Holder> work) {
    var holder = new Holder(this, run);
    holders.add(holder);
    holder.start(() -> work.accept(holder));
    holders.removeIf(Holder::isOver);
  }

  <T> T through(Class<T> type, T real) {
    return faults.before(type, real);
  }

  private boolean take(int node) {
    var take = new Take(0, "java", 1, "n" + node, ++takes[node], Duration.ofMillis(LEASE));
    if (faulty && draw(30) == 0) {
      store.take(take); // its reply is lost, and it is sent again
    }
    var taken = Holder.now(() -> store.take(take)).runs();
    taken.forEach(one -> note(() -> "TAKE " + one.id() + " " + one.token()));
    taken.forEach(this::work);
    return !taken.isEmpty();
  }

  private void work(Leased leased) {
    start(leased.id(), holder -> {
      var timers = faults.timers(STEP_START_MS);
      var executions = new Executions(new Surroundings(through(RunStore.class, store),
          through(EventBook.class, book), through(FlowBook.class, flow), timers,
          new Machine(Alarms.exact(timers), holder.turns, () -> now * 1_000_000, random),
          new Outside.AnyEvent(), new Outside(registry), "n", Duration.ofMillis(STEP_START_MS),
          Duration.ZERO), registry);
      holder.whenDropped(() -> executions.drop(leased.id(), "told so"));
      if (!leased.token().equals(Leased.OWES)) {
        latest.put(leased.id(), holder);
      }
      executions.launch(leased, now, holder::over);
    });
  }

  /** A step's own work, which others may interrupt. */
  void body(WorkflowContext context) {
    var me = java.util.Objects.requireNonNull(Holder.current());
    me.live();
    if (latest.get(me.run) == me) {
      checks.stepRuns(me.run, context.idempotencyKey());
    }
    me.turns.pass();
    if (faulty) {
      interleave(me);
      int fate = draw(60);
      if (fate == 0) {
        me.crash();
      } else if (fate == 1) {
        me.freeze();
      }
    }
  }

  void trigger() {
    var name = Zoo.NAMES.get(draw(Zoo.NAMES.size()));
    var payload = Zoo.isParent(name) ? Zoo.NAMES.get(draw(Zoo.CHILDREN)) : "e" + draw(2);
    var control = draw(2) == 0 ? null : Checks.FLOWS.get(draw(Checks.FLOWS.size()));
    var request = new TriggerRequest(name, RawJson.of(payload), null, null, null, null, null,
        control);
    var told = Holder.now(() -> runs(store).trigger(new TriggerCommand(request, "1", null)));
    runs.add(((Runs.Triggered.Accepted) told).workflowRunId());
    note(() -> "TRIGGER " + name + " " + payload + " " + control + " " + told);
  }

  void triggerOneMore() {
    if (runs.size() < RUNS_MOST) {
      trigger();
    }
  }

  boolean exists(String run) {
    return Holder.now(() -> store.read(run)).isPresent();
  }

  RunImage image(String run) {
    return Holder.now(() -> store.read(run)).orElseThrow();
  }

  /** Every run there is: those triggered, their children, and those made from them. */
  List<String> known() {
    var all = new ArrayList<>(runs);
    for (int i = 0; i < all.size(); i++) {
      var image = image(all.get(i));
      Stream.concat(image.of(RunImage.CHILD), image.of("to:")).map(Map.Entry::getValue)
          .filter(this::exists).sorted().forEach(all::add);
    }
    return all;
  }

  Runs runs(RunStore through) {
    return new Runs(through, new Keys("sim", 1), random);
  }
}
