package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RawJsonTest {
  @Test
  void is_read_onto_one_line() {
    assertThat(RawJson.parse(" {\n \"a\" : [ 1 ,\r\n null , true ] , \"b\\n\" : \"x y\" }\n"))
        .isEqualTo(new RawJson("{\"a\":[1,null,true],\"b\\n\":\"x y\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "\"\"", "0", "[]", "{}", "[[],{}]", "{\"a\":{\"a\":1}}"})
  void takes_any_value(String text) {
    assertThat(RawJson.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1", "nul", "1 2", "{\"a\"}", "NaN", "'a'", "\"a\nb\""})
  void refuses_what_is_no_json(String text) {
    assertThatThrownBy(() -> RawJson.parse(text)).isInstanceOf(WireException.class);
  }

  @Test
  void is_cut_for_an_event_only_where_it_is_too_long() {
    var fits = RawJson.of("x".repeat(RawJson.EVENT_BYTES_MAX - 2));
    var over = RawJson.of("ü".repeat(RawJson.EVENT_BYTES_MAX / 2));
    assertThat(fits.forEvent()).isSameAs(fits);
    assertThat(over.forEvent()).isSameAs(RawJson.TRUNCATED);
    assertThat(RawJson.parse(RawJson.TRUNCATED.text())).isEqualTo(RawJson.TRUNCATED);
  }
}
