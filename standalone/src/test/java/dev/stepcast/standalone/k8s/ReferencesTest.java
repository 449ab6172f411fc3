package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What one object says of another is true: selectors, targets, variables, secrets. */
@ParameterizedClass
@MethodSource("dev.stepcast.standalone.k8s.Cluster#all")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReferencesTest {
  private final Cluster cluster;

  ReferencesTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void every_deployment_selects_its_own_pods() {
    assertThat(cluster.of(Deployment.class)).allSatisfy(it -> assertThat(
        it.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(it.getSpec().getSelector().getMatchLabels()));
    assertThat(cluster.of(Deployment.class))
        .extracting(it -> it.getSpec().getSelector().getMatchLabels())
        .doesNotHaveDuplicates();
    assertThat(cluster.of(StatefulSet.class)).allSatisfy(it -> assertThat(
        it.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(it.getSpec().getSelector().getMatchLabels()));
  }

  @Test
  void every_service_finds_the_pods_of_its_name_and_their_port() {
    assertThat(cluster.of(Service.class)).allSatisfy(service -> {
      var found = selected(service.getSpec().getSelector());
      assertThat(found).hasSize(1);
      var container = found.getFirst().getSpec().getContainers().getFirst();
      assertThat(container.getName()).isEqualTo(service.getMetadata().getName());
      assertThat(container.getPorts()).extracting(ContainerPort::getName).containsAll(
          service.getSpec().getPorts().stream().map(it -> it.getTargetPort().getStrVal()).toList());
    });
    assertThat(cluster.of(Service.class)).extracting(it -> it.getMetadata().getName())
        .containsAll(
            cluster.of(Deployment.class).stream().map(it -> it.getMetadata().getName()).toList());
  }

  @Test
  void every_deployment_has_a_budget_that_lets_a_node_be_drained() {
    var budgets = cluster.of(PodDisruptionBudget.class);
    assertThat(budgets).hasSameSizeAs(cluster.of(Deployment.class)).allSatisfy(budget -> {
      assertThat(selected(budget.getSpec().getSelector().getMatchLabels())).hasSize(1);
      assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
    });
  }

  @Test
  void the_autoscaler_has_a_target_that_leaves_the_number_to_it() {
    var scalers = cluster.of(HorizontalPodAutoscaler.class);
    assertThat(scalers).hasSize(1);
    assertThat(scalers).allSatisfy(scaler -> {
      var target = scaler.getSpec().getScaleTargetRef();
      var deployment = cluster.deployment(target.getName());
      assertThat(target.getKind()).isEqualTo(deployment.getKind());
      assertThat(target.getApiVersion()).isEqualTo(deployment.getApiVersion());
      assertThat(deployment.getSpec().getReplicas()).isNull();
      assertThat(scaler.getSpec().getMinReplicas()).isBetween(2, scaler.getSpec().getMaxReplicas());
    });
  }

  @Test
  void realtime_scales_down_slower_than_connections_move_and_pods_drain() {
    var down = cluster.of(HorizontalPodAutoscaler.class).getFirst().getSpec().getBehavior()
        .getScaleDown();
    var realtime = cluster.deployment("realtime-service");
    long life = Long.parseLong(Cluster.variable(realtime, "REALTIME_MAX_LIFE_MS"));

    assertThat(down.getStabilizationWindowSeconds() * 1_000L).isGreaterThanOrEqualTo(2 * life);
    assertThat(down.getPolicies()).allSatisfy(policy -> {
      assertThat(policy.getValue()).isEqualTo(1);
      assertThat(policy.getPeriodSeconds().longValue())
          .isGreaterThan(Cluster.pod(realtime).getTerminationGracePeriodSeconds());
    });
  }

  @Test
  void every_variable_is_documented() {
    Path operating = Repository.root().resolve("docs/OPERATING.md");
    assumeThat(operating).exists();

    var documented = Repository.text(operating);
    assertThat(variables()).isNotEmpty()
        .allSatisfy(name -> assertThat(documented).contains("`" + name + "`"));
  }

  @Test
  void no_variable_is_set_twice_and_what_is_secret_comes_from_the_secret() {
    assertThat(cluster.of(Deployment.class)).map(Cluster::container).allSatisfy(container -> {
      assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotHaveDuplicates()
          .contains("REDIS_URL", "API_TOKEN", "GRANT_SECRET", "CLUSTER_SECRET", "CLUSTER_HOST");
      assertThat(container.getEnv())
          .filteredOn(it -> it.getName().matches("REDIS_URL|.*(TOKEN|SECRET|SIGNING_KEY)"))
          .allSatisfy(it -> assertThat(it.getValueFrom().getSecretKeyRef().getKey())
              .isEqualTo(it.getName()));
    });
  }

  @Test
  void what_pods_refer_to_is_there() {
    assumeThat(cluster.rendered()).as("generated objects exist once rendered").isTrue();
    var configs = cluster.of(ConfigMap.class).stream().map(it -> it.getMetadata().getName())
        .toList();
    assertThat(cluster.of(ServiceAccount.class)).extracting(it -> it.getMetadata().getName())
        .containsExactly("stepcast");

    assertThat(templates()).map(PodTemplateSpec::getSpec).allSatisfy(pod -> {
      assertThat(pod.getServiceAccountName()).isEqualTo("stepcast");
      assertThat(pod.getContainers().getFirst().getEnvFrom())
          .allSatisfy(it -> assertThat(configs).contains(it.getConfigMapRef().getName()));
      assertThat(pod.getVolumes()).filteredOn(it -> it.getConfigMap() != null)
          .allSatisfy(it -> assertThat(configs).contains(it.getConfigMap().getName()));
    });
  }

  @Test
  void an_overlay_brings_every_secret_that_is_not_optional() {
    var secrets = cluster.of(Secret.class);
    assumeThat(secrets).as("the base has none").isNotEmpty();

    assertThat(cluster.of(Deployment.class)).flatMap(it -> Cluster.container(it).getEnv())
        .filteredOn(it -> it.getValueFrom() != null && it.getValueFrom().getSecretKeyRef() != null)
        .map(it -> it.getValueFrom().getSecretKeyRef())
        .filteredOn(it -> !Boolean.TRUE.equals(it.getOptional()))
        .allSatisfy(ref -> assertThat(secrets).anySatisfy(secret -> {
          assertThat(secret.getMetadata().getName()).isEqualTo(ref.getName());
          assertThat(secret.getData()).containsKey(ref.getKey());
        }));
  }

  private Set<String> variables() {
    var names = new TreeSet<String>();
    cluster.of(Deployment.class)
        .forEach(it -> Cluster.container(it).getEnv().forEach(v -> names.add(v.getName())));
    cluster.of(ConfigMap.class).stream()
        .filter(it -> it.getMetadata().getName().startsWith("stepcast-config"))
        .forEach(it -> names.addAll(it.getData().keySet()));
    if (!cluster.rendered()) {
      Repository.text(Repository.root().resolve("k8s/base/stepcast.env")).lines()
          .filter(it -> !it.isBlank() && !it.startsWith("#"))
          .forEach(it -> names.add(it.substring(0, it.indexOf('='))));
    }
    return names;
  }

  private List<PodTemplateSpec> templates() {
    var templates = new ArrayList<PodTemplateSpec>();
    cluster.of(Deployment.class).forEach(it -> templates.add(it.getSpec().getTemplate()));
    cluster.of(StatefulSet.class).forEach(it -> templates.add(it.getSpec().getTemplate()));
    return templates;
  }

  private List<PodTemplateSpec> selected(Map<String, String> selector) {
    assertThat(selector).isNotEmpty();
    return templates().stream()
        .filter(it -> it.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .toList();
  }
}
