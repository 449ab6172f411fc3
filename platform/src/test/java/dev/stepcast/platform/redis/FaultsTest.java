package dev.stepcast.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class FaultsTest {
  @ParameterizedTest
  @ValueSource(strings = {"OOM command not allowed when used memory > 'maxmemory'.",
      "ERR Error running script (call to f_6b1bf486c8): @user_script:3: @user_script: 3:"
          + " -OOM command not allowed when used memory > 'maxmemory'.",
      "LOADING Redis is loading the dataset in memory", "READONLY You can't write"})
  void what_redis_may_do_later_is_unavailable(String answer) {
    assertThat(RedisLink.classify(ErrorType.create(answer)))
        .isInstanceOf(RedisLink.Unavailable.class);
  }

  @Test
  void what_a_script_does_wrong_is_our_mistake() {
    var mistake = ErrorType.create("ERR Error running script (call to f_6b1bf486c8):"
        + " @user_script:3: user_script:3: attempt to index a nil value");
    assertThat(RedisLink.classify(mistake)).isSameAs(mistake);
  }

  @Test
  void a_connection_that_broke_is_unavailable() {
    assertThat(RedisLink.classify(new IOException("Connection reset")))
        .isInstanceOf(RedisLink.Unavailable.class);
  }
}
