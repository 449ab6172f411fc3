package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may speak to whom: the sum of all policies that select a pod, in words. */
@ParameterizedClass
@MethodSource("dev.stepcast.standalone.k8s.Cluster#all")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworkPolicyTest {
  private static final String OURS = "pods part-of=stepcast";
  private static final String CONTROLLER = "namespace name=ingress-nginx pods name=ingress-nginx";

  private final Cluster cluster;

  NetworkPolicyTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void nothing_is_open_unless_it_is_said() {
    assertThat(cluster.of(Deployment.class)).extracting(NetworkPolicyTest::labels)
        .allSatisfy(labels -> assertThat(selecting(labels)).anySatisfy(policy -> {
          assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress",
              "Egress");
          assertThat(policy.getSpec().getIngress()).isEmpty();
          assertThat(policy.getSpec().getEgress()).isEmpty();
        }));
  }

  @Test
  void http_comes_from_the_ingress_controller_and_the_bus_from_our_own_pods() {
    for (String service : List.of("api-service", "chat-service", "realtime-service")) {
      assertThat(mayReach(labels(cluster.deployment(service)))).containsExactlyInAnyOrder(
          CONTROLLER + " to http",
          OURS + " to 15701");
    }
    assertThat(mayReach(labels(cluster.deployment("workflow-service"))))
        .containsExactly(OURS + " to 15701");
  }

  @Test
  void the_bus_port_is_the_one_that_services_are_told() {
    assertThat(cluster.of(Deployment.class))
        .allSatisfy(it -> assertThat(Cluster.variable(it, "CLUSTER_PORT")).isEqualTo("15701"));
  }

  @Test
  void only_workflow_service_speaks_to_the_outside() {
    for (String service : List.of("api-service", "chat-service", "realtime-service")) {
      assertThat(mayCall(labels(cluster.deployment(service)))).noneMatch(it -> it.contains("443"))
          .contains(OURS + " to 15701", "namespace name=kube-system to 53");
    }
    assertThat(mayCall(labels(cluster.deployment("workflow-service"))))
        .contains("0.0.0.0/0 but private to 443", "2000::/3 to 443");
  }

  @Test
  void everybody_reaches_redis() {
    boolean ownRedis = !cluster.of(StatefulSet.class).isEmpty();
    String redis = ownRedis ? "pods name=redis to 6379" : "anybody to 6379";

    assertThat(cluster.of(Deployment.class)).extracting(NetworkPolicyTest::labels)
        .allSatisfy(labels -> assertThat(mayCall(labels)).contains(redis));
  }

  @Test
  void redis_answers_our_pods_and_calls_nobody() {
    var redis = cluster.of(StatefulSet.class);
    assumeThat(redis).as("only the local overlay has one").isNotEmpty();
    var labels = redis.getFirst().getSpec().getTemplate().getMetadata().getLabels();

    assertThat(mayReach(labels)).containsExactly(OURS + " to 6379");
    assertThat(mayCall(labels)).isEmpty();
    assertThat(selecting(labels)).anySatisfy(
        policy -> assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress",
            "Egress"));
  }

  private Set<String> mayReach(Map<String, String> labels) {
    return selecting(labels).stream().flatMap(it -> it.getSpec().getIngress().stream())
        .flatMap(rule -> words(rule.getFrom(), rule.getPorts()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> mayCall(Map<String, String> labels) {
    return selecting(labels).stream().flatMap(it -> it.getSpec().getEgress().stream())
        .flatMap(rule -> words(rule.getTo(), rule.getPorts()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<NetworkPolicy> selecting(Map<String, String> labels) {
    return cluster.of(NetworkPolicy.class).stream()
        .filter(it -> selects(it.getSpec().getPodSelector(), labels))
        .toList();
  }

  private static Map<String, String> labels(Deployment deployment) {
    return deployment.getSpec().getTemplate().getMetadata().getLabels();
  }

  private static boolean selects(LabelSelector selector, Map<String, String> labels) {
    assertThat(selector.getMatchExpressions()).allMatch(it -> it.getOperator().equals("In"));
    return labels.entrySet().containsAll(selector.getMatchLabels().entrySet())
        && selector.getMatchExpressions()
            .stream().allMatch(it -> it.getValues().contains(labels.get(it.getKey())));
  }

  private static Stream<String> words(List<NetworkPolicyPeer> peers,
      List<NetworkPolicyPort> ports) {
    assertThat(ports).as("a rule without ports opens all of them").isNotEmpty();
    var who = peers.isEmpty() ? List.of("anybody")
        : peers.stream().map(NetworkPolicyTest::words).toList();
    return who.stream().flatMap(peer -> ports.stream().map(port -> {
      Object number = port.getPort().getIntVal();
      return peer + " to " + (number == null ? port.getPort().getStrVal() : number);
    }));
  }

  private static String words(NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      var except = peer.getIpBlock().getExcept();
      boolean noPrivate = except
          .containsAll(List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
              "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10"));
      return peer.getIpBlock().getCidr() + (noPrivate ? " but private" : "");
    }
    return Stream
        .of(words("namespace ", peer.getNamespaceSelector()), words("pods ", peer.getPodSelector()))
        .filter(it -> !it.isEmpty()).collect(Collectors.joining(" "));
  }

  private static String words(String kind, @Nullable LabelSelector selector) {
    if (selector == null) {
      return "";
    }
    return selector.getMatchLabels().entrySet().stream()
        .map(it -> it.getKey().substring(it.getKey().indexOf('/') + 1).replace("metadata.", "")
            + "=" + it.getValue())
        .collect(Collectors.joining(",", kind, ""));
  }
}
