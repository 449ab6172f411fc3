package dev.stepcast.workflow.execution;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.Wire;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run's journal as its holder knows it. Thread-safe: branches share it. There is room for as much
 * again once the run has failed: taking back what was done must not be what does not fit.
 */
final class Journal {
  static final int ENTRIES_MAX = 2_000;
  static final long BYTES_MAX = 16L * 1024 * 1024;
  /** What the paths of undos begin with. */
  static final String UNDO = "u.";
  /** What the paths of the failed hook begin with. */
  static final String FAILED = "f.";

  private final RunImage image;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Note> notes = new HashMap<>();
  private final Map<String, Note> waits = new HashMap<>();
  private final Map<String, String> mails = new HashMap<>();
  private int nextIndex;
  private long bytes;

  Journal(RunImage image) {
    this.image = image;
    image.of(Entry.FIELD).forEach(field -> stand(field.getKey(), field.getValue()));
    image.of(Note.ATTEMPTS).forEach(field -> note(field.getKey(), read(field.getValue())));
    image.of(RunImage.MAIL).forEach(field -> mail(field.getKey(), field.getValue()));
    image.of(Note.WAIT).forEach(field -> await(field.getKey(), read(field.getValue())));
  }

  private static Note read(String json) {
    return Wire.decode(json, Note.class);
  }

  /** The step at {@code path}; its index is the next free one where it is new. */
  synchronized Entry.Step step(String path, String name, String type) {
    var known = known(path);
    if (known == null) {
      return new Entry.Step(name, type, nextIndex++);
    }
    if (!known.name().equals(name) || !known.type().equals(type)) {
      throw new Unwinding.Broken("NonDeterministic", "At " + path + " the journal has the "
          + known.type() + " '" + known.name() + "', but the workflow now asks for the " + type
          + " '" + name + "'. Give changed code a new version.");
    }
    return known;
  }

  private Entry.@Nullable Step known(String path) {
    var entry = entries.get(path);
    var note = notes.getOrDefault(path, waits.get(path));
    return entry != null ? entry.step() : note == null ? null : note.step();
  }

  synchronized Optional<Entry> entry(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  synchronized Optional<Note> note(String path) {
    return Optional.ofNullable(notes.get(path));
  }

  synchronized Optional<Note> awaited(String path) {
    return Optional.ofNullable(waits.get(path));
  }

  /** What was sent to the run under {@code name} and not yet waited for. */
  synchronized Optional<String> mailed(String name) {
    return Optional.ofNullable(mails.get(name)).filter(data -> !data.isEmpty());
  }

  synchronized void mail(String name, String data) {
    mails.put(name, data);
  }

  /** An entry of this holder's is being recorded. */
  synchronized void add(String path, Entry entry, int size) {
    bytes += size;
    int rooms = path.startsWith(UNDO) || path.startsWith(FAILED) ? 2 : 1;
    if (entries.size() >= rooms * ENTRIES_MAX || bytes > rooms * BYTES_MAX) {
      throw new Unwinding.Broken("JournalFull", "a run has at most " + ENTRIES_MAX
          + " entries and " + BYTES_MAX + " bytes; split the work into child runs");
    }
    entries.put(path, entry);
    nextIndex = Math.max(nextIndex, entry.index() + 1);
  }

  /** The store says that this entry stands. */
  synchronized void stand(String path, String json) {
    var entry = Entry.read(path, json, image);
    bytes += json.length() + image.large().getOrDefault(Entry.FIELD + path, "").length();
    entries.put(path, entry);
    nextIndex = Math.max(nextIndex, entry.index() + 1);
  }

  synchronized void note(String path, Note note) {
    notes.put(path, note);
    nextIndex = Math.max(nextIndex, note.index() + 1);
  }

  synchronized void await(String path, Note wait) {
    waits.put(path, wait);
    nextIndex = Math.max(nextIndex, wait.index() + 1);
  }
}
