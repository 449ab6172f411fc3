package dev.stepcast.workflow.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpressionTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"1000|1000", "1000 * (1 + retried)|3000",
      "pow(2, retried) * 100|400", "min(5, 7) + max(1, 2)|7", "floor(2.7) - ceil(1.2)|0",
      "sqrt(abs(-16)) % 3|1", "-retried + 10|8", "round(exp(0))|1"})
  void is_calculated(String text, double value) {
    assertThat(Expression.value(text, 2)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 +", "system(1)", "pow(1)", "retried retried", "1;2", "(1"})
  void that_is_none_is_refused(String text) {
    assertThatThrownBy(() -> Expression.value(text, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void cannot_be_nested_without_end() {
    assertThatThrownBy(() -> Expression.value("(".repeat(10_000), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
