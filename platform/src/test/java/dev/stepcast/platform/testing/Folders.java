package dev.stepcast.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Folders that tests leave behind. */
final class Folders {
  private Folders() {}

  static void delete(Path dir) {
    try (var paths = Files.walk(dir)) {
      for (var path : List.copyOf(paths.sorted(Comparator.reverseOrder()).toList())) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
