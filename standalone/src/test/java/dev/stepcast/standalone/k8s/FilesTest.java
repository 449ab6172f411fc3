package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file below {@code k8s/} is used and, rendered or not, well-formed. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FilesTest {
  private static final Path K8S = Repository.root().resolve("k8s");

  static Stream<Path> kustomizations() {
    return Repository.files(K8S, "kustomization.yaml").stream().map(K8S::relativize);
  }

  static Stream<Path> manifests() {
    return Stream.of("base", "overlays")
        .flatMap(part -> Repository.files(K8S.resolve(part), ".yaml").stream())
        .filter(file -> !file.endsWith("kustomization.yaml")).map(K8S::relativize);
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void a_manifest_is_strictly_what_Kubernetes_knows(Path file) {
    assertThat(StrictYaml.read(file.toString(), Repository.text(K8S.resolve(file)))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void a_kustomization_names_all_that_lies_beside_it_and_nothing_else(Path file) {
    Path folder = K8S.resolve(file).resolveSibling("");
    var named = new TreeSet<String>();
    collect(StrictYaml.readPlain(Repository.text(K8S.resolve(file))), named);

    var beside = Repository.files(folder, "").stream().map(it -> folder.relativize(it).toString())
        .filter(it -> !it.equals("kustomization.yaml")).toList();
    assertThat(named).containsAll(beside);
    assertThat(named).allSatisfy(it -> assertThat(folder.resolve(it)).exists());
  }

  @ParameterizedTest
  @MethodSource("dev.stepcast.standalone.k8s.Cluster#all")
  void no_two_objects_have_one_name(Cluster cluster) {
    assertThat(
        cluster.objects().stream().map(it -> it.getKind() + "/" + it.getMetadata().getName()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everything_renders() {
    assumeThat(Kustomize.present()).as("kubectl is on the path").isTrue();
    assertThat(Cluster.all().map(Cluster::source)).containsExactly("base as written", "base",
        "local",
        "local with every component");
  }

  @Test
  void the_examples_of_the_components_are_json() {
    var schema = new JsonObject(
        Repository.text(K8S.resolve("components/event-schemas/order.shipped.json")));
    var policy = new JsonObject(
        Repository.text(K8S.resolve("components/channel-policy/channels.json")));

    assertThat(schema.getString("$schema"))
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(policy.getJsonArray("channels")).isInstanceOf(JsonArray.class).isNotEmpty();
  }

  @Test
  void redis_neither_evicts_nor_forgets() {
    assertThat(Repository.text(K8S.resolve("overlays/local/redis.conf")).lines()).contains(
        "maxmemory-policy noeviction", "appendonly yes", "hash-max-listpack-entries 64",
        "hash-max-listpack-value 1024", "stream-node-max-bytes 1024");
  }

  @Test
  void secrets_of_the_local_overlay_say_that_they_are_none() {
    var secrets = Cluster.all().filter(it -> it.source().equals("local"))
        .flatMap(it -> it.of(Secret.class).stream()).toList();
    assumeThat(secrets).as("rendered by kubectl").isNotEmpty();

    assertThat(secrets).allSatisfy(secret -> {
      assertThat(secret.getMetadata().getAnnotations()).containsKey("stepcast.dev/insecure");
      assertThat(secret.getData()).containsOnlyKeys("REDIS_URL", "API_TOKEN", "GRANT_SECRET",
          "CLUSTER_SECRET");
    });
    assertThat(Files.exists(K8S.resolve("base/secret.yaml"))).isFalse();
  }

  private static void collect(Object value, Set<String> names) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((key, child) -> {
        if (child instanceof List<?> list
            && List.of("resources", "files", "envs", "components").contains(key)) {
          list.forEach(it -> names.add(String.valueOf(it)));
        } else if (key.equals("path") && child instanceof String path) {
          names.add(path);
        } else {
          collect(child, names);
        }
      });
      case List<?> list -> new ArrayList<>(list).forEach(it -> collect(it, names));
      default -> {
        // A scalar names no file.
      }
    }
  }
}
