package dev.stepcast.standalone.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Objects as they would meet in a cluster.
 *
 * @param source   how they were made, for the name of a test
 * @param rendered whether kustomize made them: names are final and generated objects are there
 */
record Cluster(String source, boolean rendered, List<HasMetadata> objects) {

  /** The base as it is written and, where there is a kubectl, all that is rendered from it. */
  static Stream<Cluster> all() {
    return Loaded.ALL.stream();
  }

  <T extends HasMetadata> List<T> of(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  Deployment deployment(String name) {
    return of(Deployment.class).stream().filter(it -> it.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static PodSpec pod(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec();
  }

  /** The one container of a service. */
  static Container container(Deployment deployment) {
    return pod(deployment).getContainers().getFirst();
  }

  /** A variable that the Deployment itself sets. */
  static String variable(Deployment deployment, String name) {
    return container(deployment).getEnv().stream().filter(it -> it.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst().orElseThrow(
            () -> new AssertionError(deployment.getMetadata().getName() + " sets no " + name));
  }

  @Override
  public String toString() {
    return source;
  }

  private static final class Loaded {
    static final List<Cluster> ALL = load();

    private static List<Cluster> load() {
      Path k8s = Repository.root().resolve("k8s");
      var all = new ArrayList<Cluster>();
      all.add(new Cluster("base as written", false, written(k8s.resolve("base"))));
      if (Kustomize.present()) {
        Path local = k8s.resolve("overlays/local");
        all.add(rendered("base", Kustomize.render(k8s.resolve("base"))));
        all.add(rendered("local", Kustomize.render(local)));
        all.add(rendered("local with every component", Kustomize.render(local,
            k8s.resolve("components/event-schemas"), k8s.resolve("components/channel-policy"))));
      }
      return List.copyOf(all);
    }

    private static Cluster rendered(String source, String yaml) {
      return new Cluster(source, true, StrictYaml.read(source, yaml));
    }

    private static List<HasMetadata> written(Path folder) {
      return Repository.files(folder, ".yaml").stream()
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .flatMap(file -> StrictYaml.read(file.toString(), Repository.text(file)).stream())
          .toList();
    }
  }
}
