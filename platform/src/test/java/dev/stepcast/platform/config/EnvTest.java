package dev.stepcast.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnvTest {
  @Nested
  class Several_broken_variables {
    @Test
    void are_all_named_in_one_complaint() {
      var env = new Env(Map.of("TTL_MS", "soon", "MAX", "many", "MODE", "fast"));
      env.millis("TTL_MS", Duration.ZERO);
      env.integer("MAX", 1, 0, 9);
      env.choice("MODE", "slow", "slower");
      assertThatThrownBy(env::verify).hasMessageContaining("TTL_MS=soon")
          .hasMessageContaining("MAX=many").hasMessageContaining("MODE=fast")
          .hasMessageContaining("3 mistakes");
    }
  }

  @Test
  void a_number_out_of_its_range_is_a_mistake_that_names_the_range() {
    var env = new Env(Map.of("PORT", "70000"));
    env.integer("PORT", 8080, 0, 65_535);
    assertThatThrownBy(env::verify).hasMessageContaining("from 0 to 65535");
  }

  @Test
  void blank_is_unset() {
    var env = new Env(Map.of("A", "  "));
    assertThat(env.text("A", "b")).isEqualTo("b");
    assertThat(env.optional("A")).isNull();
  }

  @Nested
  class Beyond_loopback {
    @Test
    void tokens_are_required_by_name() {
      var env = new Env(Map.of("HOST", "0.0.0.0"));
      CommonConfig.from(env);
      assertThatThrownBy(env::verify).hasMessageContaining("API_TOKEN")
          .hasMessageContaining("GRANT_SECRET");
    }

    @Test
    void a_short_secret_is_refused_without_being_shown() {
      var env = new Env(Map.of("GRANT_SECRET", "hunter2"));
      CommonConfig.from(env);
      assertThatThrownBy(env::verify).hasMessageContaining("32 bytes")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void the_defaults_need_nothing() {
    var env = new Env(Map.of());
    var config = CommonConfig.from(env);
    assertThatCode(env::verify).doesNotThrowAnyException();
    assertThat(config.loopback()).isTrue();
    assertThat(config.port()).isEqualTo(8080);
  }
}
