package dev.stepcast.runs.control;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.runs.store.RunStore.Start;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Triggering;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Triggers and controls runs. Every call is one atomic transition, safe to repeat where it says so;
 * futures fail only with {@code RedisLink.Unavailable}.
 */
public final class Runs implements Bulk.Controls {
  private static final Set<RunState> AGAIN = Set.of(RunState.FAILED, RunState.CANCELED);

  private final RunStore store;
  private final RunIds ids;

  /**
   * A request to run a workflow, checked already.
   *
   * @param version        the run stays with it
   * @param idempotencyKey the same key and request within 24 hours is the same run
   * @param headers        that the workflow may read, by name in lower case
   */
  public record TriggerCommand(TriggerRequest request, String version,
      @Nullable String idempotencyKey, Map<String, String> headers) {
    /** With no headers. */
    public TriggerCommand(TriggerRequest request, String version,
        @Nullable String idempotencyKey) {
      this(request, version, idempotencyKey, Map.of());
    }
  }

  /** What came of a trigger. */
  public sealed interface Triggered {
    /** The run is there now; {@code createdAt} in ms since the epoch, by the clock of Redis. */
    record Accepted(String workflowRunId, long createdAt) implements Triggered {}

    /** The same request came before; this is its run. */
    record Deduplicated(String workflowRunId, long createdAt) implements Triggered {}

    /** Another request came before under the same id or key. */
    record Conflict(String workflowRunId) implements Triggered {}
  }

  /**
   * What a run was told beyond its payload; stored with it.
   *
   * @param retries attempts of a step after the first, where the step itself says nothing
   * @param headers that the workflow may read, by name in lower case
   */
  public record RunConfig(@Nullable Integer retries, @Nullable List<String> labels,
      @Nullable FlowControl flowControl, @Nullable Map<String, String> headers) {
    private static final RunConfig NONE = new RunConfig(null, null, null, null);

    /** With no headers. */
    public RunConfig(@Nullable Integer retries, @Nullable List<String> labels,
        @Nullable FlowControl flowControl) {
      this(retries, labels, flowControl, null);
    }

    /** The configuration of a stored run. */
    public static RunConfig of(RunImage image) {
      return image.field(RunImage.CONFIG).map(text -> Wire.decode(text, RunConfig.class))
          .orElse(NONE);
    }
  }

  /** Controls the runs of {@code store}. */
  public Runs(RunStore store, Keys keys) {
    this(store, keys, new SecureRandom());
  }

  /** As above, with ids drawn from {@code random}: for simulations. */
  public Runs(RunStore store, Keys keys, RandomGenerator random) {
    this.store = store;
    this.ids = new RunIds(keys, random);
  }

  /**
   * Accepts a run. With an idempotency key or an id of the caller's, sending it again is safe. An
   * id may be used again once its run has ended: for the same request a minute later.
   */
  public Future<Triggered> trigger(TriggerCommand command) {
    var request = command.request();
    var key = request.workflowRunId() == null ? command.idempotencyKey() : null;
    var run = newRun(command, id(request, key), Optional.ofNullable(key), Map.of());
    return store.trigger(request.workflowRunId() == null ? run
        : run.archiving(ids.archived(run.id()))).map(Runs::told);
  }

  /** A run as it is triggered, with fields of the caller's beside its own. */
  public static RunStore.NewRun newRun(TriggerCommand command, String id, Optional<String> key,
      Map<String, String> more) {
    var request = command.request();
    var config = new RunConfig(request.retries(), request.labels(), request.flowControl(),
        command.headers().isEmpty() ? null : command.headers());
    var payload = request.payload() == null ? RawJson.NULL : request.payload();
    var fields = new LinkedHashMap<>(more);
    fields.put(RunImage.WORKFLOW, request.workflow());
    fields.put(RunImage.VERSION, command.version());
    fields.put(RunImage.POOL, "java");
    if (!config.equals(RunConfig.NONE)) {
      fields.put(RunImage.CONFIG, Wire.encode(config));
    }
    if (config.flowControl() != null) {
      fields.put(RunImage.OWED, "1"); // it leaves its key, however it ends
    }
    RunImage.put(fields, RunImage.PAYLOAD, payload.text());
    var event = new WorkflowEvent.RunStart(request.workflow(), command.version(), Timed.OPEN);
    return new RunStore.NewRun(id, hash(request), key,
        new Start(orZero(request.delayMs()), orZero(request.notBefore())),
        request.labels() == null ? List.of() : request.labels(),
        new Told(WorkflowEvents.RUN_START.name(), Wire.encodeOpen(event)), fields);
  }

  /** Ends a run, whoever holds it; a run that has ended stays as it is. Safe to repeat. */
  @Override
  public Future<Control> cancel(String workflowRunId) {
    return store.cancel(workflowRunId);
  }

  /** Lets nobody go on with a run; one that is held stops at its next step. Safe to repeat. */
  @Override
  public Future<Control> pause(String workflowRunId) {
    return store.pause(workflowRunId);
  }

  /** Lets a paused run go on. */
  @Override
  public Future<Control> unpause(String workflowRunId) {
    return store.unpause(workflowRunId);
  }

  /**
   * Goes on with a run that failed or was canceled, as a new run that has the steps which the old
   * one recorded; the step that failed it is run again. Safe to repeat: it is the same new run.
   */
  @Override
  public Future<Remade> resume(String workflowRunId) {
    return again(workflowRunId, RunImage.RESUMED);
  }

  /** Begins a run that failed or was canceled anew, as a new run. Safe to repeat. */
  @Override
  public Future<Remade> restart(String workflowRunId) {
    return again(workflowRunId, RunImage.RESTARTED);
  }

  private Future<Remade> again(String old, String mark) {
    return store.read(old).compose(found -> {
      if (found.isEmpty()) {
        return Future.succeededFuture(new Remade.Unknown());
      }
      var image = found.get();
      if (!AGAIN.contains(image.state())) { // its journal may still grow: what we copy is not it
        return Future.succeededFuture(new Remade.WrongState());
      }
      var fields = new ArrayList<>(List.of(RunImage.WORKFLOW, RunImage.VERSION,
          RunImage.POOL, RunImage.CONFIG, RunImage.PAYLOAD, "rh"));
      if (mark.equals(RunImage.RESUMED)) {
        fields.addAll(Kept.entries(image));
        image.of(RunImage.MAIL).filter(mail -> !mail.getValue().isEmpty())
            .forEach(mail -> fields.add(RunImage.MAIL + mail.getKey()));
      }
      var labels = RunConfig.of(image).labels();
      var event = new WorkflowEvent.RunStart(image.workflow(), image.version(), Timed.OPEN);
      return store.again(new RunStore.Again(old, ids.draw(old), mark,
          labels == null ? List.of() : labels,
          new Told(WorkflowEvents.RUN_START.name(), Wire.encodeOpen(event)), fields));
    });
  }

  /** An id of the caller's own is its own idempotency key. */
  private String id(TriggerRequest request, @Nullable String key) {
    var own = request.workflowRunId();
    return own == null ? ids.draw(key) : RunIds.own(own);
  }

  private static Triggered told(Triggering triggering) {
    return switch (triggering) {
      case Triggering.Accepted(var id, var at) -> new Triggered.Accepted(id, at);
      case Triggering.Known(var id, var at) -> new Triggered.Deduplicated(id, at);
      case Triggering.Conflict(var id) -> new Triggered.Conflict(id);
    };
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  private static String hash(TriggerRequest request) {
    try {
      var digest = MessageDigest.getInstance("SHA-256")
          .digest(Wire.encode(request).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
