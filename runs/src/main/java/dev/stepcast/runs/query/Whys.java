package dev.stepcast.runs.query;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.FlowPlace;
import dev.stepcast.schemas.OpenWait;
import dev.stepcast.schemas.RunLease;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.StepState;
import dev.stepcast.schemas.StepView;
import dev.stepcast.schemas.WhyAnswer;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a run stands where it stands, as far as the store knows.
 *
 * @param now the present, ms since the epoch
 */
record Whys(FlowBook book, long now) {
  private static final String INVOKE = "invoke";
  private static final String PAUSING = "pz";

  /** What depends on who executes the run. */
  record Standing(String why, @Nullable FlowPlace flow, @Nullable RunLease lease) {}

  Future<WhyAnswer> why(RunImage image, RunView run) {
    return place(image).map(place -> answer(image, run,
        new Standing(sentence(image, run.dueAt()), place.orElse(null), lease(image, run.dueAt()))));
  }

  static WhyAnswer answer(RunImage image, RunView run, Standing standing) {
    return new WhyAnswer(run.workflowRunId(), run.state(), standing.why(),
        image.field(RunImage.NOTE).filter(note -> !note.isEmpty()).orElse(null), run.dueAt(),
        run.error(), lastError(run.steps()), step(run.steps()), waits(image), standing.flow(),
        standing.lease(), image.recoveries(), null);
  }

  private static @Nullable StepView step(List<StepView> steps) {
    return steps.stream().filter(step -> step.state() != StepState.SUCCEEDED).findFirst()
        .orElse(null);
  }

  private static @Nullable StepError lastError(List<StepView> steps) {
    return steps.reversed().stream().flatMap(step -> step.attempts().reversed().stream())
        .map(attempt -> attempt.error()).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static List<OpenWait> waits(RunImage image) {
    return image.state().ended() ? List.of()
        : image.of(Note.WAIT)
            .filter(wait -> image.field(Entry.FIELD + wait.getKey()).isEmpty())
            .map(wait -> Wire.decode(wait.getValue(), Note.class)).map(note -> {
              boolean child = note.type().equals(INVOKE);
              return new OpenWait(note.name(), note.index(), child ? null : note.awaits(),
                  child ? note.awaits() : null, note.until());
            }).toList();
  }

  private Future<Optional<FlowPlace>> place(RunImage image) {
    FlowControl flow = RunConfig.of(image).flowControl();
    if (flow == null || image.state().ended()) {
      return Future.succeededFuture(Optional.empty());
    }
    return book.view(flow.key()).map(view -> {
      boolean holds = view.active().contains(image.id())
          || (image.state() == RunState.RUNNING && view.activeCount() > view.active().size()
              && !view.queued().contains(image.id())); // the view is cut off
      int ahead = view.queued().indexOf(image.id());
      return Optional.of(new FlowPlace(flow.key(), flow.parallelism(), flow.rate(), holds,
          (int) view.activeCount(), ahead < 0 ? null : Integer.valueOf(ahead)));
    });
  }

  /** A token is epoch, process nonce and take; a worker's name ends with the nonce. */
  private static @Nullable RunLease lease(RunImage image, @Nullable Long until) {
    var token = image.field("tk").orElse("").split(":", 3);
    return image.state() != RunState.RUNNING || token.length < 2 ? null
        : new RunLease(token[1], image.epoch(), until);
  }

  String sentence(RunImage image, @Nullable Long dueAt) {
    return switch (image.state()) {
      case QUEUED -> queued(image, dueAt != null && dueAt > now);
      case RUNNING -> image.field(PAUSING).isPresent()
          ? "A worker has it, and lets it rest after its present step: somebody paused it."
          : "A worker has it; 'doing' tells what it does, if the worker replied.";
      case SLEEPING -> "It sleeps until dueAt.";
      case WAITING -> "It waits for what 'waits' tells, and looks for it again at dueAt.";
      case BACKING_OFF -> image.field(RunImage.NOTE).filter(note -> !note.isEmpty()).isPresent()
          ? "It cannot be run, see 'note'; it is tried again at dueAt."
          : "Its last attempt failed; the next one is at dueAt.";
      case PAUSED -> "Somebody paused it; it goes on when it is unpaused.";
      case BLOCKED_BY_FLOW -> "Its flow control key has no room for it yet, see 'flow'.";
      case SUCCEEDED -> owes(image) + "It ended as it should.";
      case FAILED -> owes(image) + "It ended with the error told here.";
      case CANCELED -> owes(image) + "Somebody canceled it.";
    };
  }

  private static String queued(RunImage image, boolean later) {
    return !later ? "It waits for a worker that has its workflow and a free slot."
        : image.recoveries() > 0 ? "Its workers were lost; it is tried again at dueAt."
            : "It was triggered to begin at dueAt.";
  }

  private static String owes(RunImage image) {
    return image.field(RunImage.OWED).filter(owed -> !owed.equals("0")).isPresent()
        ? "Others are still to be told. "
        : "";
  }
}
