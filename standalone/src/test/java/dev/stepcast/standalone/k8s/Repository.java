package dev.stepcast.standalone.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of this repository, wherever a build runs the tests from. */
final class Repository {
  private Repository() {}

  /** The folder that holds {@code k8s/}. */
  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("k8s/base"))) {
      Path parent = at.getParent();
      if (parent == null) {
        throw new IllegalStateException("no k8s/base above " + Path.of("").toAbsolutePath());
      }
      at = parent;
    }
    return at;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file below {@code folder} whose name ends with {@code ending}, in order. */
  static List<Path> files(Path folder, String ending) {
    try (var walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(ending))
          .sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
