package dev.stepcast.workflow.execution;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.Wire;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.step.Step;
import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What the author calls; decides nothing itself. */
@SuppressWarnings({"unchecked", "NullAway"}) // answers are read back as what the body answered
final class RunContext implements WorkflowContext {
  private final Surroundings around;
  private final Session session;
  private final Branches branches;
  private final Steps steps;
  private final Waits waits;
  private final Undo undo;
  private final Dealings dealings;
  private final RunConfig config;
  private final String identity;

  RunContext(Surroundings around, Parts parts, RunConfig config) {
    this.around = around;
    this.session = parts.session();
    this.branches = parts.branches();
    this.steps = parts.steps();
    this.waits = parts.waits();
    this.undo = parts.undo();
    this.dealings = parts.dealings();
    this.config = config;
    this.identity = parts.identity();
  }

  /** What an execution is made of; {@code identity} as the run's image has it. */
  record Parts(Session session, Branches branches, Steps steps, Waits waits, Undo undo,
      Dealings dealings, String identity) {}

  @Override
  public String runId() {
    return session.hold().id();
  }

  @Override
  public List<String> labels() {
    return config.labels() == null ? List.of() : config.labels();
  }

  @Override
  public Map<String, String> headers() {
    return config.headers() == null ? Map.of() : config.headers();
  }

  @Override
  public int attempt() {
    return Math.max(1, Line.current().at().attempt());
  }

  @Override
  public String idempotencyKey() {
    return identity + "/" + Line.current().at().path();
  }

  @Override
  public <T extends @Nullable Object> T run(String name, Body<T> body) {
    return run(name, Step.defaults(), body);
  }

  @Override
  public <T extends @Nullable Object> T run(String name, Step how, Body<T> body) {
    return (T) steps.run(Line.current(), new Steps.Asked(name, "run", how, null, body));
  }

  @Override
  public <T extends @Nullable Object> T run(String name, Step how, Type answer, Body<T> body) {
    return (T) steps.run(Line.current(), new Steps.Asked(name, "run", how, answer, body));
  }

  @Override
  public void sleep(String name, Duration duration) {
    waits.sleep(Line.current(), name, duration, 0);
  }

  @Override
  public void sleepUntil(String name, Instant instant) {
    waits.sleep(Line.current(), name, Duration.ZERO, instant.toEpochMilli());
  }

  @Override
  public void emit(String event, Object data) {
    var branch = Line.current();
    var json = Wire.encode(data);
    around.live().complaint(event, json).ifPresent(complaint -> {
      throw new IllegalArgumentException(event + ": " + complaint);
    });
    if (branch.inStep()) {
      emitNow(branch, event, json);
      return;
    }
    session.check();
    var path = branch.next();
    var step = session.journal().step(path, event, "emit");
    if (session.journal().entry(path).isEmpty()) {
      var entry = Entry.succeeded(step, new Entry.Run(1, 0, around.worker()), null, null);
      session.defer(new Write(steps.entered(path, entry), List.of(new Told(event, json))));
    }
  }

  private void emitNow(Line branch, String event, String json) {
    var key = session.hold().token() + "/" + branch.at().path() + "/" + branch.told();
    var telling = around.live().tell(runId(), event, json, key);
    try {
      around.machine().threads().await(telling);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      session.check();
    }
    if (telling.failed()) {
      throw new IllegalStateException("the event could not be told", telling.cause());
    }
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(((Number) value("now", () -> session.clock().now())).longValue());
  }

  @Override
  public double random() {
    return ((Number) value("random", () -> ThreadLocalRandom.current().nextDouble()))
        .doubleValue();
  }

  @Override
  public UUID uuid() {
    return UUID.fromString((String) value("uuid", () -> UUID.randomUUID().toString()));
  }

  private Object value(String kind, Body<?> body) {
    return java.util.Objects.requireNonNull(steps.value(Line.current(),
        new Steps.Asked(kind, kind, Step.defaults(), null, body)));
  }

  @Override
  public List<@Nullable Object> parallel(Body<?>... bodies) {
    var group = Line.current().next();
    var running = new java.util.ArrayList<Branches.Running>();
    for (int i = 0; i < bodies.length; i++) {
      running.add(branches.start(new Line(group + "." + i + "."), bodies[i]));
    }
    running.forEach(Branches.Running::await);
    rethrow(Branches.unwinding(running));
    running.forEach(one -> rethrow(one.failure()));
    return Arrays.asList(running.stream().map(Branches.Running::answer).toArray());
  }

  @Override
  public <T extends @Nullable Object> Branch<T> runAsync(Body<T> body) {
    var running = branches.start(new Line(Line.current().next() + ".0."), body);
    return () -> {
      running.await();
      rethrow(running.failure());
      return (T) running.answer();
    };
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void onFailure(String name, Body<?> body) {
    undo.add(name, body);
  }

  @Override
  public void cancel() {
    throw new Unwinding.Canceled();
  }

  @Override
  public <T> Optional<T> waitForEvent(String name, String eventId, Class<T> type,
      Duration timeout) {
    return (Optional<T>) (Optional<?>) dealings.await(Line.current(),
        new Dealings.Wait(name, eventId, type, timeout));
  }

  @Override
  public int notify(String name, String eventId, @Nullable Object data) {
    return (Integer) steps.run(Line.current(), new Steps.Asked(name, "notify", Step.defaults(),
        Integer.class, () -> dealings.notify(eventId, data)));
  }

  @Override
  public Webhook createWebhook(String name) {
    var eventId = (String) steps.value(Line.current(), new Steps.Asked(name, "webhook",
        Step.defaults(), null, () -> runId() + "/" + UUID.randomUUID()));
    return new Webhook(eventId,
        "/api/hooks/" + URLEncoder.encode(eventId, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  @Override
  public <T> Optional<T> waitForWebhook(String name, Webhook webhook, Class<T> type,
      Duration timeout) {
    return waitForEvent(name, webhook.eventId(), type, timeout);
  }

  @Override
  public <T> T invoke(String name, String workflow, @Nullable Object payload, Class<T> type) {
    return (T) dealings.invoke(Line.current(),
        new Dealings.Invocation(name, workflow, payload, type));
  }

  @Override
  public Reply call(String name, Call call) {
    var how = Step.retries(call.retries());
    return (Reply) steps.run(Line.current(),
        new Steps.Asked(name, "call", how, Reply.class, () -> {
          var reply = around.world().call(call, idempotencyKey());
          boolean again = reply.status() >= 500 || reply.status() == 429;
          if (again && attempt() <= call.retries()) {
            throw new IOException("answered " + reply.status());
          }
          return reply;
        }));
  }
}
