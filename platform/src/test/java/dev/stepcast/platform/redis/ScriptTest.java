package dev.stepcast.platform.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScriptTest {
  private final Script sample = Script.of(ScriptTest.class, "sample");

  @Test
  void a_call_must_fit_the_header() {
    assertThatCode(() -> sample.check(2, 3)).doesNotThrowAnyException();
    assertThatThrownBy(() -> sample.check(1, 3)).hasMessageContaining("sample.lua takes 2 keys");
  }

  @Test
  void a_variadic_last_argument_may_be_absent_or_repeated() {
    assertThatCode(() -> sample.check(2, 2)).doesNotThrowAnyException();
    assertThatCode(() -> sample.check(2, 9)).doesNotThrowAnyException();
    assertThatThrownBy(() -> sample.check(2, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
