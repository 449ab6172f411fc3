package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests reach the service that the contract names, and streams flow through the proxy. */
@ParameterizedClass
@MethodSource("dev.stepcast.standalone.k8s.Cluster#all")
@DisplayNameGeneration(ReplaceUnderscores.class)
class IngressTest {
  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  private final Cluster cluster;

  IngressTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void routes_are_those_of_the_contract() {
    var routes = Map.ofEntries(Map.entry("/api/realtime", "realtime-service"),
        Map.entry("/api/realtime/history", "realtime-service"),
        Map.entry("/api/realtime/connections/con_1", "realtime-service"),
        Map.entry("/api/rooms", "chat-service"),
        Map.entry("/api/rooms/room_1/join", "chat-service"),
        Map.entry("/api/messages", "chat-service"),
        Map.entry("/", "api-service"), Map.entry("/index.html", "api-service"),
        Map.entry("/api/trigger", "api-service"), Map.entry("/api/runs/wfr_1/why", "api-service"),
        Map.entry("/api/emit", "api-service"),
        Map.entry("/v2/publish/https://example.com", "api-service"),
        Map.entry("/redis/pipeline", "api-service"),
        Map.entry("/problems/room-full", "api-service"));

    assertThat(routes)
        .allSatisfy((path, service) -> assertThat(routed(path)).as(path).isEqualTo(service));
    assertThat(paths()).extracting(HTTPIngressPath::getPath)
        .containsExactlyInAnyOrder("/", "/api/realtime", "/api/rooms", "/api/messages");
  }

  @Test
  void a_route_ends_at_a_port_that_its_service_has() {
    assertThat(paths()).map(it -> it.getBackend().getService()).allSatisfy(backend -> assertThat(
        cluster.of(Service.class)).anySatisfy(service -> {
          assertThat(service.getMetadata().getName()).isEqualTo(backend.getName());
          assertThat(service.getSpec().getPorts())
              .anySatisfy(
                  port -> assertThat(port.getName()).isEqualTo(backend.getPort().getName()));
        }));
  }

  @Test
  void streams_are_neither_held_back_nor_cut_between_two_pings() {
    var ping = Long
        .parseLong(Cluster.variable(cluster.deployment("realtime-service"), "REALTIME_PING_MS"));

    assertThat(cluster.of(Ingress.class)).isNotEmpty().map(it -> it.getMetadata().getAnnotations())
        .allSatisfy(settings -> {
          assertThat(settings).containsEntry(NGINX + "proxy-buffering", "off");
          assertThat(Long.parseLong(settings.get(NGINX + "proxy-read-timeout")) * 1_000)
              .isGreaterThanOrEqualTo(3 * ping);
          assertThat(Long.parseLong(settings.get(NGINX + "proxy-send-timeout")) * 1_000)
              .isGreaterThanOrEqualTo(3 * ping);
        });
  }

  @Test
  void a_body_that_a_service_takes_is_let_through() {
    assertThat(bodyMax("api-service")).isGreaterThan(new BigDecimal(8 << 20));
    assertThat(bodyMax("chat-service")).isGreaterThan(new BigDecimal(4 << 10));
  }

  @Test
  void only_annotations_that_ingress_nginx_allows_by_default_are_used() {
    assertThat(cluster.of(Ingress.class)).allSatisfy(ingress -> {
      assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
      assertThat(ingress.getMetadata().getAnnotations().keySet()).isSubsetOf(
          NGINX + "proxy-buffering",
          NGINX + "proxy-read-timeout", NGINX + "proxy-send-timeout", NGINX + "proxy-body-size");
    });
  }

  private List<HTTPIngressPath> paths() {
    return cluster.of(Ingress.class).stream().flatMap(it -> it.getSpec().getRules().stream())
        .flatMap(it -> it.getHttp().getPaths().stream()).toList();
  }

  /** As Kubernetes defines pathType Prefix: whole segments, and the longest match wins. */
  private String routed(String path) {
    return paths().stream().filter(it -> {
      assertThat(it.getPathType()).isEqualTo("Prefix");
      return it.getPath().equals("/") || path.equals(it.getPath())
          || path.startsWith(it.getPath() + "/");
    }).max(Comparator.comparingInt(it -> it.getPath().length())).orElseThrow().getBackend()
        .getService().getName();
  }

  /** nginx writes k and m for powers of 1024. */
  private BigDecimal bodyMax(String service) {
    var ingress = cluster.of(Ingress.class).stream()
        .filter(it -> it.getMetadata().getName().equals(service))
        .findFirst().orElseThrow();
    String size = ingress.getMetadata().getAnnotations().getOrDefault(NGINX + "proxy-body-size",
        "1m");
    return Quantity.getAmountInBytes(new Quantity(size.replace("k", "Ki").replace("m", "Mi")));
  }
}
