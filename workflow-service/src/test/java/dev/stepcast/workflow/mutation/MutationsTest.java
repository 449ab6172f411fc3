package dev.stepcast.workflow.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Leaves out the rules in {@code mutations.txt} one by one and sees whether a test notices:
 * {@code mvn test -pl workflow-service -am -Dtest=MutationsTest -Dmutations=true
 * -Dsurefire.failIfNoSpecifiedTests=false}, {@code -Donly=…} for those whose name has that in it.
 * The table is written to {@code target/mutations.md}.
 */
@EnabledIfSystemProperty(named = "mutations", matches = "true")
class MutationsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final String NOBODY = "**nobody**";
  private static final Path TABLE = Path.of("target", "mutations.md");

  @TestFactory
  Stream<DynamicTest> a_test_notices() throws IOException {
    Files.deleteIfExists(TABLE);
    try (var list = MutationsTest.class.getResourceAsStream("/mutations.txt")) {
      var text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      return Mutant.all(text).stream()
          .filter(mutant -> mutant.name().contains(System.getProperty("only", "")))
          .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> isNoticed(mutant)));
    }
  }

  private static void isNoticed(Mutant mutant) throws Exception {
    var dir = Files.createTempDirectory("mutant");
    if (mutant.isJava()) {
      compile(mutant, dir);
    } else {
      var file = dir.resolve(mutant.resource());
      Files.createDirectories(file.getParent());
      Files.writeString(file, mutant.source(REPOSITORY));
    }
    var log = dir.resolve("log");
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
        classPath(dir), OneMutant.class.getName()));
    command.addAll(mutant.tests());
    int exit = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
        .start().waitFor();
    var noticed = Files.readString(log).lines().filter(line -> line.startsWith("NOTICED "))
        .map(line -> line.substring("NOTICED ".length())).findFirst().orElse(NOBODY);
    Files.writeString(TABLE, "| " + mutant.name() + " | `" + mutant.file().replaceAll(".*/", "")
        + "` | " + noticed + " |\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    assertThat(exit).as(Files.readString(log)).isEqualTo(1);
    assertThat(noticed).as("broken by itself: " + Files.readString(log)).isNotEqualTo(NOBODY);
  }

  private static String classPath(Path first) {
    return String.join(":", first.toString(), "../runs/target/test-classes",
        "../platform/target/test-classes", System.getProperty("java.class.path"));
  }

  private static void compile(Mutant mutant, Path dir) throws IOException {
    var source = mutant.source(REPOSITORY);
    var file = new SimpleJavaFileObject(URI.create("string:///" + mutant.file()
        .replaceAll(".*/src/main/java/", "")), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
    var options = List.of("-proc:none", "-nowarn", "-d", dir.toString(), "-cp", classPath(dir));
    boolean compiled = ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, null, options, null, List.of(file)).call();
    assertThat(compiled).as(mutant.name() + " compiles").isTrue();
  }
}
