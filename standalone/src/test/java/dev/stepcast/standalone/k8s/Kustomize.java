package dev.stepcast.standalone.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code kubectl kustomize}: what {@code kubectl apply -k} would send; it needs no cluster. */
final class Kustomize {
  private Kustomize() {}

  /** Whether there is a kubectl on the path. */
  static boolean present() {
    try {
      return run("kubectl", "version", "--client").exitCode() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The objects of {@code folder} as YAML; fails with what kubectl complained about. */
  static String render(Path folder) {
    var outcome = run("kubectl", "kustomize", folder.toString());
    if (outcome.exitCode() != 0) {
      throw new IllegalArgumentException(outcome.complaints());
    }
    return outcome.output();
  }

  /** {@code overlay} with {@code components} added, through an overlay written for the purpose. */
  static String render(Path overlay, Path... components) {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")),
          "overlay");
      var text = new StringBuilder("namespace: stepcast\nresources:\n  - ")
          .append(from(folder, overlay))
          .append("\ncomponents:\n");
      for (Path component : components) {
        text.append("  - ").append(from(folder, component)).append('\n');
      }
      Files.writeString(folder.resolve("kustomization.yaml"), text);
      return render(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path from(Path folder, Path target) {
    return folder.toAbsolutePath().relativize(target.toAbsolutePath());
  }

  private record Outcome(int exitCode, String output, String complaints) {}

  private static Outcome run(String... command) {
    try {
      Path complaints = Files.createTempFile("kubectl", ".err");
      var process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      String said = Repository.text(complaints);
      Files.delete(complaints);
      return new Outcome(process.waitFor(), output, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
