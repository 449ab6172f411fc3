package dev.stepcast.runs.query;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunHead;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.StepState;
import dev.stepcast.schemas.StepView;
import dev.stepcast.schemas.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A stored run as people look at it: its head, and its steps with all their attempts. */
public final class Timeline {
  private final RunImage image;
  private final long now;
  private final Map<String, Note> notes = new HashMap<>();
  private final Map<String, Note> waits = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();

  /** Reads {@code image} as it looks at {@code now}, ms since the epoch. */
  public Timeline(RunImage image, long now) {
    this.image = image;
    this.now = now;
    image.of(Entry.FIELD).forEach(
        field -> entries.put(field.getKey(), Entry.read(field.getKey(), field.getValue(), image)));
    image.of(Note.ATTEMPTS)
        .forEach(field -> notes.put(field.getKey(), Wire.decode(field.getValue(), Note.class)));
    image.of(Note.WAIT)
        .forEach(field -> waits.put(field.getKey(), Wire.decode(field.getValue(), Note.class)));
  }

  /** The run in a list. */
  public static RunHead head(RunImage image) {
    var labels = RunConfig.of(image).labels();
    return new RunHead(image.id(), image.workflow(), image.version(), image.executor(),
        image.state(), image.createdAt(), image.endedAt().orElse(null),
        labels == null ? List.of() : labels, image.field(RunImage.RESUMED).orElse(null),
        image.field(RunImage.RESTARTED).orElse(null));
  }

  /** The whole run; {@code dueAt} is when it goes on by itself, ms since the epoch. */
  public RunView view(@Nullable Long dueAt) {
    var payload = new RawJson(image.text(RunImage.PAYLOAD));
    var result = image.field(RunImage.RESULT).map(RawJson::new).orElse(null);
    var error = image.field(RunImage.ERROR).map(text -> Wire.decode(text, RunError.class))
        .orElse(null);
    return RunView.of(head(image),
        new RunView.Details(payload, result, error, dueAt, steps()));
  }

  /** The steps in the order in which they came up. */
  public List<StepView> steps() {
    var paths = new TreeSet<>(entries.keySet());
    paths.addAll(notes.keySet());
    paths.addAll(waits.keySet());
    return paths.stream().map(this::step)
        .sorted(Comparator.comparingInt(StepView::index).thenComparing(StepView::name)).toList();
  }

  private StepView step(String path) {
    var entry = entries.get(path);
    var note = notes.get(path);
    var wait = waits.get(path);
    var step = entry != null ? entry.step()
        : note != null ? note.step() : java.util.Objects.requireNonNull(wait).step();
    return new StepView(step.index(), step.name(), step.type(),
        entry == null ? open(note, wait) : closed(entry), entry == null ? null : entry.result(),
        attempts(entry, note));
  }

  private StepState closed(Entry entry) {
    if (entry.error() != null) {
      return StepState.FAILED;
    }
    boolean asleep = entry.until() != null && entry.until() > now;
    return !asleep ? StepState.SUCCEEDED
        : image.state().ended() ? StepState.CANCELED : StepState.SLEEPING;
  }

  private StepState open(@Nullable Note note, @Nullable Note wait) {
    if (image.state().ended()) {
      return image.state() == RunState.CANCELED ? StepState.CANCELED : StepState.FAILED;
    }
    if (wait != null) {
      return StepState.WAITING;
    }
    boolean failed = note != null && !note.attempts().isEmpty()
        && note.attempts().getLast().error() != null;
    return failed ? StepState.BACKING_OFF : StepState.RUNNING;
  }

  /** The last attempt's stack is in the note, since the entry has no place for it. */
  private static @Nullable String stack(@Nullable Note note, Entry entry) {
    return note == null ? null
        : note.attempts().stream().filter(one -> one.attempt() == entry.attempt())
            .map(Attempt::stack).filter(java.util.Objects::nonNull).findFirst().orElse(null);
  }

  private static List<Attempt> attempts(@Nullable Entry entry, @Nullable Note note) {
    var all = new ArrayList<Attempt>(note == null ? List.of() : note.attempts());
    if (entry != null && entry.until() == null) {
      all.removeIf(one -> one.attempt() == entry.attempt());
      all.add(new Attempt(entry.attempt(), Math.max(0, entry.at() - entry.tookMs()),
          entry.tookMs(), entry.worker(), entry.error(), stack(note, entry)));
    }
    return all;
  }
}
