package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExamplesTest {
  static Stream<Arguments> good() {
    return SchemaFiles.all().stream().flatMap(file -> examples(file).getJsonArray("good").stream()
        .map(value -> Arguments.of(file, value)));
  }

  static Stream<Arguments> bad() {
    return SchemaFiles.all().stream().flatMap(file -> examples(file).getJsonArray("bad").stream()
        .map(JsonObject.class::cast)
        .map(bad -> Arguments.of(file, bad.getValue("value"), bad.getString("pointer"))));
  }

  private static JsonObject examples(String file) {
    return Schemas.schema(file.replace(".json", ".examples.json"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void good_ones_are_valid(String file, Object value) {
    assertThat(Schemas.complaints(file, value)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void bad_ones_are_refused_where_they_are_wrong(String file, Object value, String pointer) {
    var complaints = Schemas.complaints(file, value);
    assertThat(complaints).isNotEmpty();
    assertThat(complaints.getLast()).isEqualTo(pointer);
  }
}
