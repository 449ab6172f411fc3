package dev.stepcast.workflow.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.schemas.WorkflowInfo;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RegistryTest {
  private static final String SOURCE = """
    package plugged;
    public final class HelloWorkflow implements dev.stepcast.workflow.api.Workflow<String, String> {
      public String run(dev.stepcast.workflow.api.WorkflowContext context, String input) {
        return "hello " + input;
      }
      public String version() {
        return "%s";
      }
    }
    """;

  private record Versioned(String version) implements Workflow<String, String> {
    @Override
    public String run(WorkflowContext context, String input) {
      return input;
    }

    @Override
    public String name() {
      return "w";
    }
  }

  @Test
  void new_runs_begin_with_the_highest_version_and_old_ones_find_theirs() {
    var registry = new Registry(List.of(new Versioned("1.10"), new Versioned("2.0"),
        new Versioned("1.9"), new Versioned("beta")));
    assertThat(registry.version("w")).contains("2.0");
    assertThat(registry.find("w", "1.9")).isPresent();
    assertThat(registry.find("w", "3")).isEmpty();
    assertThat(registry.newest()).extracting(WorkflowInfo::version).containsExactly("2.0");
    assertThat(new Registry(List.of(new Versioned("9"), new Versioned("10"))).version("w"))
        .contains("10");
  }

  @Test
  void two_of_one_name_and_version_are_refused() {
    assertThatThrownBy(() -> new Registry(List.of(new Versioned("1"), new Versioned("1"))))
        .hasMessageContaining("two workflows are named w");
  }

  @Test
  void workflows_are_found_in_a_folder_of_jars(@TempDir Path folder) throws Exception {
    jar(folder, "plugged.jar", "1");
    var registry = Registry.load(folder, _ -> false);
    var known = registry.find("hello", "1").orElseThrow();
    assertThat(known.workflow().getClass().getName()).isEqualTo("plugged.HelloWorkflow");
    assertThat(known.payload()).isEqualTo(
        com.fasterxml.jackson.databind.type.TypeFactory.defaultInstance()
            .constructType(String.class));
  }

  @Test
  void a_new_jar_beside_the_old_one_adds_a_version(@TempDir Path folder) throws Exception {
    jar(folder, "plugged-1.jar", "1");
    jar(folder, "plugged-2.jar", "2");
    jar(folder, "plugged-2-copy.jar", "2");
    var registry = Registry.load(folder, _ -> false);
    assertThat(registry.names()).containsExactly("hello:1", "hello:2");
    var old = registry.find("hello", "1").orElseThrow().workflow();
    assertThat(old.version()).isEqualTo("1");
    assertThat(old.getClass()).isNotEqualTo(
        registry.find("hello", "2").orElseThrow().workflow().getClass());
  }

  private static void jar(Path folder, String name, String version) throws IOException {
    var source = Files.createDirectories(folder.resolve("source/plugged"))
        .resolve("HelloWorkflow.java");
    Files.writeString(source, SOURCE.formatted(version));
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    assertThat(compiler.run(null, null, null, "-classpath", System.getProperty("java.class.path"),
        "-proc:none", "-d", folder.resolve("source").toString(), source.toString())).isZero();
    try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      jar.putNextEntry(new JarEntry("META-INF/services/" + Workflow.class.getName()));
      jar.write("plugged.HelloWorkflow".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      jar.putNextEntry(new JarEntry("plugged/HelloWorkflow.class"));
      jar.write(Files.readAllBytes(folder.resolve("source/plugged/HelloWorkflow.class")));
    }
  }
}
