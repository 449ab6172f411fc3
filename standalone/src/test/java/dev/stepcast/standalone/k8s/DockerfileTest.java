package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The image's rules. No image is built here: that needs a Docker engine. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DockerfileTest {
  private static final Path K8S = Repository.root().resolve("k8s");
  private static final Map<String, String> MAINS = Map.of("api-service", "dev.stepcast.api.ApiMain",
      "chat-service",
      "dev.stepcast.chat.ChatMain", "realtime-service", "dev.stepcast.realtime.RealtimeMain",
      "workflow-service",
      "dev.stepcast.workflow.WorkflowMain");

  private record Instruction(String name, String rest) {}

  private final List<Instruction> instructions = parse(Repository.text(K8S.resolve("Dockerfile")));

  @Test
  void every_base_is_a_pinned_version_or_an_earlier_stage() {
    Set<String> stages = new HashSet<>();
    for (String from : named("FROM")) {
      String[] words = from.split("\\s+", -1);
      assertThat(
          stages.contains(words[0]) || words[0].matches("[a-z/-]+:[\\w.-]*\\d+\\.\\d+[\\w.-]*"))
          .as(from)
          .isTrue();
      if (words.length == 3) {
        stages.add(words[2]);
      }
    }
    assertThat(named("COPY")).filteredOn(it -> it.startsWith("--from="))
        .allSatisfy(
            it -> assertThat(stages).contains(it.substring("--from=".length(), it.indexOf(' '))));
  }

  @Test
  void it_runs_on_the_java_that_the_code_is_compiled_for() {
    Matcher release = Pattern.compile("<maven.compiler.release>(\\d+)<")
        .matcher(Repository.text(Repository.root().resolve("pom.xml")));
    assertThat(release.find()).isTrue();

    assertThat(named("FROM")).filteredOn(it -> it.contains("temurin")).hasSize(2)
        .allSatisfy(it -> assertThat(it).containsPattern("temurin[:-]" + release.group(1) + "\\b"));
  }

  @Test
  void the_last_stage_runs_as_the_user_of_the_manifests() {
    String user = lastStage("USER");
    assertThat(user).matches("\\d+:\\d+").doesNotStartWith("0");
    assertThat(Cluster.all().flatMap(it -> it.of(Deployment.class).stream())).map(Cluster::pod)
        .allSatisfy(pod -> assertThat(pod.getSecurityContext().getRunAsUser() + ":"
            + pod.getSecurityContext().getRunAsGroup()).isEqualTo(user));
  }

  @Test
  void the_service_is_process_one_and_gets_the_signal() {
    assertThat(new JsonArray(lastStage("ENTRYPOINT")).getString(0)).isEqualTo("java");
    assertThat(lastStage("STOPSIGNAL")).isEqualTo("SIGTERM");
    assertThat(named("CMD")).isEmpty();
  }

  @Test
  void it_exposes_the_ports_of_the_manifests() {
    var exposed = List.of(lastStage("EXPOSE").split(" ", -1));
    assertThat(Cluster.all().flatMap(it -> it.of(Deployment.class).stream()))
        .flatMap(it -> Cluster.container(it).getPorts())
        .allSatisfy(port -> assertThat(exposed).contains(port.getContainerPort().toString()));
  }

  @Test
  void it_holds_no_secret_and_fetches_nothing_by_address() {
    assertThat(named("ARG")).containsOnly("SERVICE");
    assertThat(named("ENV")).noneMatch(it -> it.matches("(?i).*(secret|token|password|key).*"));
    assertThat(named("ADD")).isEmpty();
    assertThat(named("RUN")).noneMatch(it -> it.matches("(?s).*(curl|wget).*"));
  }

  @Test
  void each_service_of_the_manifests_has_its_main_class() {
    String assemble = Repository.text(K8S.resolve("image/assemble.sh"));
    assertThat(MAINS).allSatisfy(
        (service, main) -> assertThat(assemble)
            .contains("  " + service + ") main=" + main + " ;;"));
    assertThat(Cluster.all().flatMap(it -> it.of(Deployment.class).stream()))
        .map(Cluster::container)
        .allSatisfy(container -> {
          assertThat(MAINS).containsKey(container.getName());
          assertThat(container.getImage()).startsWith("stepcast/" + container.getName() + ":");
        });
  }

  @Test
  void each_main_class_exists() {
    MAINS.forEach((service, main) -> {
      Path source = Repository.root().resolve(service).resolve("src/main/java")
          .resolve(main.replace('.', '/') + ".java");
      assumeThat(source).exists();
      assertThat(Repository.text(source)).contains("void main(");
    });
  }

  @Test
  void the_build_context_leaves_out_what_is_not_source() {
    assertThat(Repository.text(K8S.resolve("Dockerfile.dockerignore")).lines()).contains(".git",
        "**/target",
        "**/node_modules", ".stepcast", "!k8s/image");
  }

  private List<String> named(String name) {
    return instructions.stream().filter(it -> it.name().equals(name)).map(Instruction::rest)
        .toList();
  }

  private String lastStage(String name) {
    int start = instructions.stream().map(Instruction::name).toList().lastIndexOf("FROM");
    return instructions.subList(start, instructions.size()).stream()
        .filter(it -> it.name().equals(name))
        .map(Instruction::rest).reduce((_, last) -> last).orElseThrow();
  }

  private static List<Instruction> parse(String text) {
    String joined = text.replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("\\\\\\R\\s*", " ");
    return joined.lines().filter(it -> !it.isBlank()).map(line -> {
      String[] parts = line.split("\\s+", 2);
      return new Instruction(parts[0], parts[1]);
    }).toList();
  }
}
