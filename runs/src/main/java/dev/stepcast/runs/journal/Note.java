package dev.stepcast.runs.journal;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.StepError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a step that has no entry yet, or had attempts before its entry. Stored under
 * {@code a:<path>}; for waits under {@code w:<path>}.
 *
 * @param name     the author's name for the step
 * @param type     kind of step
 * @param index    its place in the journal
 * @param attempts those that failed, and the one under way
 * @param until    when the next attempt is due or the wait ends, ms since the epoch
 * @param awaits   what it waits for
 */
public record Note(@JsonProperty("n") String name, @JsonProperty("t") String type,
    @JsonProperty("i") int index, @JsonProperty("s") List<Attempt> attempts,
    @JsonProperty("u") @Nullable Long until, @JsonProperty("x") @Nullable String awaits) {

  /** What the names of the fields that hold notes about attempts begin with. */
  public static final String ATTEMPTS = "a:";
  /** What the names of the fields that hold open waits begin with. */
  public static final String WAIT = "w:";
  private static final int KEPT = 20;
  private static final StepError LOST = new StepError("WorkerLost",
      "its worker died or let go of the run before the attempt had ended");

  /** Keeps the first attempt and the latest ones. */
  public Note {
    if (attempts.size() > KEPT) {
      var kept = new ArrayList<Attempt>(attempts.subList(0, 1));
      kept.addAll(attempts.subList(attempts.size() - KEPT + 1, attempts.size()));
      attempts = kept;
    }
    attempts = List.copyOf(attempts);
  }

  /** A step of which nothing is known yet. */
  public static Note of(Entry.Step step) {
    return new Note(step.name(), step.type(), step.index(), List.of(), null, null);
  }

  /** A wait for {@code awaits} that ends then; null: never by itself. */
  public static Note waiting(Entry.Step step, String awaits, @Nullable Long until) {
    return new Note(step.name(), step.type(), step.index(), List.of(), until, awaits);
  }

  /** This note with one more attempt, and when the next is due. */
  public Note plus(Attempt attempt, @Nullable Long next) {
    var all = new ArrayList<>(attempts);
    all.removeIf(one -> one.attempt() == attempt.attempt());
    all.add(attempt);
    return new Note(name, type, index, all, next, awaits);
  }

  /** This note for who has just got the run: an attempt still open was another's, and is lost. */
  public Note takenOver() {
    return new Note(name, type, index, attempts.stream()
        .map(one -> one.error() != null ? one
            : new Attempt(one.attempt(), one.startedAt(), null, one.worker(), LOST, null))
        .toList(), until, awaits);
  }

  /** How many of its attempts were lost; they do not count as failed. */
  public int lost() {
    return (int) attempts.stream().filter(one -> LOST.equals(one.error())).count();
  }

  /** How many attempts have ended. */
  public int ended() {
    return attempts.stream().filter(one -> one.error() != null).mapToInt(Attempt::attempt).max()
        .orElse(0);
  }

  /** Which step this is about. */
  public Entry.Step step() {
    return new Entry.Step(name, type, index);
  }
}
