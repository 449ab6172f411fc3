package dev.stepcast.workflow.testing;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.memory.MemoryRunStore;
import dev.stepcast.runs.query.Timeline;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.Wire;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext.Body;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.execution.Surroundings;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine in memory, on a clock of its own: sleeps and pauses before retries are skipped, waits
 * are not. Runs go as far as they get before a call returns. Belongs to one test; close it.
 */
public final class TestEngine implements AutoCloseable {
  private static final Duration LEASE = Duration.ofDays(1_000);
  private static final Set<RunState> SKIPPED = Set.of(RunState.QUEUED, RunState.SLEEPING,
      RunState.BACKING_OFF);
  private static final int LOOKS_MOST = 100_000;

  private final Vertx vertx = Vertx.vertx();
  private final Script script = new Script();
  private final MemoryRunStore store = new MemoryRunStore(this::millis, _ -> 0);
  private final EventBook book = EventBook.memory(this::millis);
  private final Runs runs = new Runs(store, new Keys("test", 1));
  private final Registry registry;
  private final Executions executions;
  private Function<Call, Reply> calls = call -> new Reply(599, Map.of(),
      "the test answers no call to " + call.url());
  private final AtomicLong nowMs = new AtomicLong(
      Instant.parse("2030-01-01T00:00:00Z").toEpochMilli());
  private long takes;

  /** An engine that knows {@code workflows}. */
  public TestEngine(Workflow<?, ?>... workflows) {
    this.registry = new Registry(List.of(workflows), script::around);
    this.executions = new Executions(new Surroundings(store, book, FlowBook.none(), vertx,
        new AnyEvent(), new TestWorld(), "test", Duration.ofHours(1), Duration.ZERO), registry);
  }

  /** A run, as far as it got. */
  public final class Run {
    private final String id;

    private Run(String id) {
      this.id = id;
    }

    /** Its id. */
    public String id() {
      return id;
    }

    /** All that the operating API would show. */
    public RunView view() {
      return new Timeline(store.read(id).result().orElseThrow(), millis()).view(null);
    }

    /** Where it stands. */
    public RunState state() {
      return view().state();
    }

    /** What it ended with; throws where it did not end well. */
    public <T> T result(Class<T> type) {
      var view = view();
      var result = view.result();
      if (view.state() != RunState.SUCCEEDED || result == null) {
        throw new IllegalStateException("the run is " + view.state() + ", " + view.error());
      }
      return Wire.decode(result.text(), type);
    }

    /** Names of the events on its channel, in order. */
    public List<String> events() {
      return store.told(id).stream().map(Told::event).toList();
    }

    /** Ends it, whoever works on it. */
    public void cancel() {
      store.cancel(id);
      goOn();
    }
  }

  /** The step {@code name} fails {@code times} times with {@code failure}, then does its work. */
  public TestEngine failing(String name, int times, Exception failure) {
    script.failing(name, times, failure);
    return this;
  }

  /** The step {@code name} does {@code body} in place of its work. */
  public TestEngine replacing(String name, Body<?> body) {
    script.replacing(name, body);
    return this;
  }

  /** HTTP calls are answered by {@code answers}; nothing ever leaves the test. */
  public TestEngine answering(Function<Call, Reply> answers) {
    calls = answers;
    return this;
  }

  /** Triggers {@code workflow} and lets it go as far as it gets. */
  public Run run(String workflow, @Nullable Object payload) {
    var version = registry.version(workflow).orElseThrow(
        () -> new IllegalArgumentException("no workflow is named " + workflow));
    var request = new TriggerRequest(workflow, payload == null ? null : RawJson.of(payload), null,
        null, null, null, null, null);
    var triggered = runs.trigger(new TriggerCommand(request, version, null)).result();
    goOn();
    return new Run(((Triggered.Accepted) triggered).workflowRunId());
  }

  /** Notifies {@code eventId}. @return how many runs were waiting for it */
  public long notify(String eventId, @Nullable Object data) {
    var json = data == null ? RawJson.NULL : RawJson.of(data);
    long woken = new Notifier(store, book).notify(eventId, json, null).result().notified();
    goOn();
    return woken;
  }

  /** Lets time pass, so that waits may end by themselves. */
  public void pass(Duration time) {
    nowMs.addAndGet(time.toMillis());
    goOn();
  }

  /** The engine's time. */
  public Instant now() {
    return Instant.ofEpochMilli(nowMs.get());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private long millis() {
    return nowMs.get();
  }

  private void goOn() {
    for (int i = 0; i < LOOKS_MOST; i++) {
      var due = store.take(new Take(0, "java", 100, "test", ++takes, LEASE)).result().runs();
      if (!due.isEmpty()) {
        work(due);
        continue;
      }
      var next = store.nextDue(SKIPPED);
      if (next.isEmpty()) {
        return;
      }
      nowMs.accumulateAndGet(next.get(), Math::max);
    }
    throw new IllegalStateException("the runs never come to rest");
  }

  private void work(List<Leased> due) {
    var busy = new CountDownLatch(due.size());
    due.forEach(leased -> executions.launch(leased, nowMs.get(), busy::countDown));
    try {
      busy.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while runs were under way", e);
    }
  }

  private final class TestWorld implements Surroundings.World {
    @Override
    public Future<Optional<String>> version(String workflow) {
      return Future.succeededFuture(registry.version(workflow));
    }

    @Override
    public Future<Map<String, Set<String>>> nodes(String workflow) {
      return Future.succeededFuture(Map.of());
    }

    @Override
    public Reply call(Call call, String key) {
      return calls.apply(call);
    }
  }

  /** Every event may be told; those told inside a step are not kept. */
  private static final class AnyEvent implements Surroundings.Live {
    @Override
    public Optional<String> complaint(String event, String json) {
      return Optional.empty();
    }

    @Override
    public Future<?> tell(String channel, String event, String json, String key) {
      return Future.succeededFuture();
    }
  }
}
