package dev.stepcast.standalone.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The checkout that is being built, as tests look at it. */
public final class Repository {
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", ".stepcast",
      "dist");

  private Repository() {}

  /** Its top folder. */
  public static Path root() {
    var dir = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(dir.resolve("k8s"))) {
      dir = dir.getParent();
    }
    return dir;
  }

  /** Every file of ours whose name ends so, relative to {@link #root}. */
  public static List<Path> files(String... endings) {
    var root = root();
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).map(root::relativize)
          .filter(file -> Stream.of(endings).anyMatch(end -> file.toString().endsWith(end)))
          .filter(file -> Stream.iterate(file, p -> p != null, Path::getParent)
              .noneMatch(part -> NOT_OURS.contains(part.getFileName().toString())))
          .sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's text; the path is relative to {@link #root}. */
  public static String text(Path file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
