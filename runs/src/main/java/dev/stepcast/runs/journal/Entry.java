package dev.stepcast.runs.journal;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a step, for good. Stored under {@code j:<path>}. It begins as
 * {@code workflow.stepFinish} does, with the same members in the same order, so that the channel's
 * history can refer to it instead of holding the result once more; what only we read follows with
 * short names, since a run may have two thousand entries.
 *
 * @param name     the author's name for the step
 * @param index    its place in the journal, for people
 * @param attempt  which attempt ended it, from 1
 * @param tookMs   how long that took
 * @param result   what it answered; absent for nothing, for an error and for a large one
 * @param worker   the node that ran it
 * @param other    kind of step where it is not {@code run}: sleep, wait, …
 * @param until    for a sleep: when it ends, ms since the epoch
 * @param kind     class of the result where JSON does not tell
 * @param error    what it failed with for good
 * @param large    whether the result stands apart
 * @param at       when it was recorded, by the clock of the store
 */
public record Entry(@JsonProperty("stepName") String name, int index, int attempt, long tookMs,
    @Nullable RawJson result, @JsonProperty("w") String worker,
    @JsonProperty("t") @Nullable String other, @JsonProperty("u") @Nullable Long until,
    @JsonProperty("k") @Nullable String kind, @JsonProperty("e") @Nullable StepError error,
    @JsonProperty("b") @Nullable Boolean large, long at) implements Timed {

  private static final String RUN = "run";

  /** What the names of the fields that hold entries begin with. */
  public static final String FIELD = "j:";

  /** Which step of the run. */
  public record Step(String name, String type, int index) {}

  /** How it went: the attempt that ended the step. */
  public record Run(int attempt, long tookMs, String worker) {}

  /** A step that answered {@code result}. */
  public static Entry succeeded(Step step, Run run, @Nullable RawJson result,
      @Nullable String kind) {
    return of(step, run, result, null, kind, null);
  }

  /** A step that failed and is not tried again. */
  public static Entry failed(Step step, Run run, StepError error) {
    return of(step, run, null, null, null, error);
  }

  /** A sleep that ends then. */
  public static Entry sleeping(Step step, String worker, long until) {
    return of(step, new Run(1, 0, worker), null, until, null, null);
  }

  /** Reads what {@link #putInto} wrote; a large result is looked up in {@code image}. */
  public static Entry read(String path, String json, RunImage image) {
    var entry = Wire.decode(json, Entry.class);
    return Boolean.TRUE.equals(entry.large)
        ? entry.withResult(new RawJson(image.large().getOrDefault(FIELD + path, "null")))
        : entry;
  }

  /** Adds this entry, left open, to the fields of a write. */
  public void putInto(Map<String, String> fields, String path) {
    if (result != null && result.text().length() > RunImage.LARGE) {
      fields.put("b:" + FIELD + path, result.text());
      fields.put(FIELD + path, Wire.encodeOpen(withoutResult()));
    } else {
      fields.put(FIELD + path, Wire.encodeOpen(this));
    }
  }

  /** Which step this is about. */
  public Step step() {
    return new Step(name, other == null ? RUN : other, index);
  }

  private static Entry of(Step step, Run run, @Nullable RawJson result, @Nullable Long until,
      @Nullable String kind, @Nullable StepError error) {
    return new Entry(step.name(), step.index(), run.attempt(), run.tookMs(), result, run.worker(),
        step.type().equals(RUN) ? null : step.type(), until, kind, error, null, OPEN);
  }

  private Entry withoutResult() {
    return new Entry(name, index, attempt, tookMs, null, worker, other, until, kind, error, true,
        at);
  }

  private Entry withResult(RawJson value) {
    return new Entry(name, index, attempt, tookMs, value, worker, other, until, kind, error, large,
        at);
  }
}
