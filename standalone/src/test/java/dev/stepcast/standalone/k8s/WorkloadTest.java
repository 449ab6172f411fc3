package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How the pods are run: watched, bounded, without rights, and never cut off while they drain. */
@ParameterizedClass
@MethodSource("dev.stepcast.standalone.k8s.Cluster#all")
@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkloadTest {
  private static final int EXIT_MARGIN_MS = 10_000;

  private final Cluster cluster;

  WorkloadTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void there_are_four_services() {
    assertThat(cluster.of(Deployment.class)).extracting(it -> it.getMetadata().getName())
        .containsExactlyInAnyOrder("api-service", "chat-service", "realtime-service",
            "workflow-service");
  }

  @Test
  void probes_ask_the_ops_port() {
    assertThat(cluster.of(Deployment.class)).map(Cluster::container).allSatisfy(container -> {
      assertProbe(container.getStartupProbe(), "/livez");
      assertProbe(container.getLivenessProbe(), "/livez");
      assertProbe(container.getReadinessProbe(), "/readyz");
    });
  }

  @Test
  void ports_are_those_that_the_service_is_told() {
    assertThat(cluster.of(Deployment.class)).allSatisfy(deployment -> {
      Map<String, String> ports = new HashMap<>();
      for (ContainerPort port : Cluster.container(deployment).getPorts()) {
        ports.put(port.getName(), port.getContainerPort().toString());
      }
      assertThat(ports).containsEntry("ops", Cluster.variable(deployment, "OPS_PORT"));
      assertThat(ports).containsEntry("bus", Cluster.variable(deployment, "CLUSTER_PORT"));
      if (deployment.getMetadata().getName().equals("workflow-service")) {
        assertThat(ports).doesNotContainKey("http");
      } else {
        assertThat(ports).containsEntry("http", Cluster.variable(deployment, "PORT"));
      }
    });
  }

  @Test
  void what_a_pod_may_use_is_bounded() {
    assertThat(pods()).flatMap(PodSpec::getContainers).allSatisfy(container -> {
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
      assertThat(container.getResources().getLimits()).containsKey("memory")
          .doesNotContainKey("cpu");
    });
  }

  @Test
  void no_image_is_a_moving_target() {
    assertThat(pods()).flatMap(PodSpec::getContainers).extracting(Container::getImage)
        .allSatisfy(
            image -> assertThat(image).matches("[a-z0-9./-]+:[\\w.-]+").doesNotEndWith(":latest"));
  }

  @Test
  void every_pod_meets_the_restricted_standard() {
    assertThat(pods()).allSatisfy(pod -> {
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      assertThat(pod.getEnableServiceLinks()).isFalse();
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.getHostNetwork()).isNull();
      assertThat(pod.getContainers()).map(Container::getSecurityContext).allSatisfy(rights -> {
        assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
        assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
        assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(rights.getCapabilities().getAdd()).isEmpty();
        assertThat(rights.getPrivileged()).isNull();
      });
    });
  }

  @Test
  void every_mount_has_its_volume_and_there_is_a_place_to_write() {
    assertThat(pods()).allSatisfy(pod -> {
      var volumes = pod.getVolumes().stream().map(Volume::getName).toList();
      var mounts = pod.getContainers().getFirst().getVolumeMounts();
      assertThat(mounts).extracting(VolumeMount::getMountPath).doesNotHaveDuplicates();
      assertThat(volumes).isSubsetOf(mounts.stream().map(VolumeMount::getName).toList());
    });
    assertThat(cluster.of(Deployment.class)).map(Cluster::container)
        .allSatisfy(container -> assertThat(container.getVolumeMounts())
            .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp")));
    assertThat(cluster.of(Deployment.class)).allSatisfy(deployment -> assertThat(
        Cluster.container(deployment).getVolumeMounts().stream().map(VolumeMount::getName).toList())
        .isSubsetOf(Cluster.pod(deployment).getVolumes().stream().map(Volume::getName).toList()));
  }

  @Test
  void a_new_version_comes_up_before_an_old_one_goes() {
    assertThat(cluster.of(Deployment.class)).map(it -> it.getSpec().getStrategy())
        .allSatisfy(strategy -> {
          assertThat(strategy.getType()).isEqualTo("RollingUpdate");
          assertThat(strategy.getRollingUpdate().getMaxUnavailable()).isEqualTo(new IntOrString(0));
          assertThat(strategy.getRollingUpdate().getMaxSurge().getIntVal()).isPositive();
        });
  }

  @Test
  void the_grace_period_outlasts_the_drain() {
    assertThat(cluster.of(Deployment.class)).allSatisfy(deployment -> {
      long grace = Cluster.pod(deployment).getTerminationGracePeriodSeconds() * 1_000;
      long drain = Long.parseLong(Cluster.variable(deployment, "DRAIN_MS"));
      assertThat(grace).isGreaterThanOrEqualTo(preStopMs(deployment) + drain + EXIT_MARGIN_MS);
    });
  }

  @Test
  void a_pod_that_is_called_waits_until_nobody_is_sent_to_it() {
    assertThat(cluster.of(Deployment.class))
        .filteredOn(it -> !it.getMetadata().getName().equals("workflow-service"))
        .allSatisfy(deployment -> assertThat(preStopMs(deployment)).isGreaterThanOrEqualTo(5_000));
  }

  @Test
  void pods_of_a_service_are_spread() {
    assertThat(cluster.of(Deployment.class)).allSatisfy(deployment -> assertThat(
        Cluster.pod(deployment).getTopologySpreadConstraints()).isNotEmpty().allSatisfy(spread -> {
          assertThat(spread.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
          assertThat(spread.getLabelSelector().getMatchLabels())
              .isEqualTo(deployment.getSpec().getSelector().getMatchLabels());
        }));
  }

  private List<PodSpec> pods() {
    var pods = new ArrayList<PodSpec>(
        cluster.of(Deployment.class).stream().map(Cluster::pod).toList());
    cluster.of(StatefulSet.class).forEach(it -> pods.add(it.getSpec().getTemplate().getSpec()));
    return pods;
  }

  private static long preStopMs(Deployment deployment) {
    var lifecycle = Cluster.container(deployment).getLifecycle();
    return lifecycle == null ? 0 : lifecycle.getPreStop().getSleep().getSeconds() * 1_000;
  }

  private static void assertProbe(Probe probe, String path) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort()).isEqualTo(new IntOrString("ops"));
    assertThat(probe.getTimeoutSeconds()).isLessThanOrEqualTo(probe.getPeriodSeconds());
  }
}
