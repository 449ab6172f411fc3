package dev.stepcast.workflow.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One rule left out of the sources.
 *
 * @param file below the repository
 * @param from what is replaced, once
 * @param to   by what
 */
record Mutant(String name, String file, String from, String to, List<String> tests) {

  /** Blocks of {@code # name}, {@code file}, lines with {@code -} and {@code +}, {@code tests}. */
  static List<Mutant> all(String text) {
    var all = new ArrayList<Mutant>();
    for (var block : text.split("\n(?=# )", -1)) {
      var lines = block.lines().toList();
      if (lines.getFirst().startsWith("# ")) {
        all.add(new Mutant(lines.getFirst().substring(2), after(lines, "file "),
            after(lines, "- "), after(lines, "+ "),
            List.of(after(lines, "tests ").split(" ", -1))));
      }
    }
    return all;
  }

  private static String after(List<String> lines, String mark) {
    return lines.stream().filter(line -> line.startsWith(mark) || line.equals(mark.strip()))
        .map(line -> line.length() < mark.length() ? "" : line.substring(mark.length()))
        .collect(Collectors.joining("\n"));
  }

  /** The mutated source. */
  String source(Path repository) throws IOException {
    var source = Files.readString(repository.resolve(file));
    int at = source.indexOf(from);
    if (from.isEmpty() || at < 0 || source.indexOf(from, at + 1) >= 0) {
      throw new IllegalStateException(name + ": this is not exactly once in " + file + ":\n"
          + from);
    }
    return source.replace(from, to);
  }

  boolean isJava() {
    return file.endsWith(".java");
  }

  /** Where a resource is looked for. */
  String resource() {
    return file.substring(file.indexOf("src/main/resources/") + "src/main/resources/".length());
  }
}
