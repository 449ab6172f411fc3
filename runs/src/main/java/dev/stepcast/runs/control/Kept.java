package dev.stepcast.runs.control;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.Wire;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which entries of a journal a resumed run keeps. */
final class Kept {
  private Kept() {}

  /** All, but the step that failed the run, what was taken back, and what came after failing. */
  static List<String> entries(RunImage image) {
    var failed = image.field(RunImage.ERROR)
        .map(text -> Wire.decode(text, RunError.class).step()).orElse("");
    var all = image.of(Entry.FIELD).filter(field -> Character.isDigit(field.getKey().charAt(0)))
        .map(field -> Map.entry(field.getKey(),
            Entry.read(field.getKey(), field.getValue(), image)))
        .toList();
    var last = all.stream().filter(one -> one.getValue().error() != null)
        .filter(one -> one.getValue().name().equals(failed))
        .max(Comparator.comparingInt(one -> one.getValue().index())).map(Map.Entry::getKey)
        .orElse("");
    return all.stream().map(Map.Entry::getKey).filter(path -> !path.equals(last))
        .map(path -> Entry.FIELD + path).toList();
  }
}
