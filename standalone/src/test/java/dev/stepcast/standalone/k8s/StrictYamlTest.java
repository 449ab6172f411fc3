package dev.stepcast.standalone.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check itself: what an API server would refuse, it refuses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StrictYamlTest {
  private static final Path REALTIME = Repository.root().resolve("k8s/base/realtime-service.yaml");

  @Test
  void a_good_manifest_is_read() {
    assertThat(StrictYaml.read("realtime", Repository.text(REALTIME)))
        .extracting(it -> it.getKind())
        .containsExactly("Service", "Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
    readinessProbe:            | readinesProbe:               | readinesProbe
    maxUnavailable: 0          | maxUnavailabel: 0            | maxUnavailabel
    automountServiceAccountToken: false | automountServiceToken: false | automountServiceToken
    maxReplicas: 10            | maxReplicas: ten             | ten
    maxReplicas: 10            | maxReplicas: "10"            | Integer
    value: "8080"              | value: 8080                  | String
    runAsNonRoot: true         | runAsNonRoot: "yes"          | Boolean
    cpu: 500m                  | cpu: half                    | requests.cpu
    kind: PodDisruptionBudget  | kind: PodDisruptionBudgets   | no kind
    autoscaling/v2             | autoscaling/v9               | no kind
    """)
  void a_mistake_is_named(String right, String wrong, String complaint) {
    String good = Repository.text(REALTIME);
    String bad = good.replaceFirst(Pattern.quote(right), wrong);

    assertThat(bad).isNotEqualTo(good);
    assertThatThrownBy(() -> StrictYaml.read("realtime", bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("realtime").hasMessageContaining(complaint);
  }

  @Test
  void all_unknown_fields_are_named_together() {
    String bad = Repository.text(REALTIME).replace("livenessProbe:", "alive:").replace("maxSurge:",
        "surge:");

    assertThatThrownBy(() -> StrictYaml.read("realtime", bad))
        .hasMessageContaining("containers[0].alive")
        .hasMessageContaining("rollingUpdate.surge");
  }
}
