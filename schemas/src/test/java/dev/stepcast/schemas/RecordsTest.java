package dev.stepcast.schemas;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schema files and records say the same, both ways. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordsTest {
  /** Lists of other messages, which have no record of their own. */
  private static final Set<String> LISTS = Set.of("requests/emitBatch.json",
      "answers/emitBatch.json");

  static Stream<Arguments> records() {
    return Pairs.all().entrySet().stream().filter(pair -> pair.getValue().isRecord())
        .map(pair -> Arguments.of(pair.getKey(), pair.getValue()));
  }

  @Test
  void each_file_has_its_type() {
    var files = SchemaFiles.all().stream().filter(file -> !LISTS.contains(file));
    assertThat(Pairs.all().keySet()).containsExactlyInAnyOrderElementsOf(files.toList());
  }

  @ParameterizedTest
  @MethodSource("records")
  void each_component_is_a_property_in_the_same_place(String file, Class<?> type) {
    assertThat(components(type).map(RecordComponent::getName).toList())
        .isEqualTo(List.copyOf(properties(file).fieldNames()));
  }

  @ParameterizedTest
  @MethodSource("records")
  void a_property_is_required_where_its_component_is_never_null(String file, Class<?> type) {
    var required = Schemas.schema(file).getJsonArray("required", new JsonArray());
    assertThat(components(type).filter(Strictness::required).map(RecordComponent::getName))
        .containsExactlyInAnyOrderElementsOf(
            required.stream().map(String.class::cast).filter(name -> !tag(file, name)).toList());
  }

  @ParameterizedTest
  @MethodSource("records")
  void a_component_holds_whatever_its_property_allows(String file, Class<?> type) {
    components(type).forEach(component -> assertThat(types(component.getType()))
        .as(file + " " + component.getName())
        .contains(kind(properties(file).getValue(component.getName()))));
  }

  @Test
  void an_enumeration_has_the_same_words() {
    Pairs.all().forEach((file, type) -> {
      if (type.isEnum()) {
        assertThat(Schemas.schema(file).getJsonArray("enum").stream())
            .containsExactlyInAnyOrderElementsOf(words(type));
      } else {
        components(type).filter(c -> c.getType().isEnum()).forEach(component -> {
          var property = properties(file).getJsonObject(component.getName());
          if (property.containsKey("enum")) {
            assertThat(property.getJsonArray("enum").stream())
                .containsExactlyInAnyOrderElementsOf(words(component.getType()));
          }
        });
      }
    });
  }

  @Test
  void what_a_script_completes_comes_last() {
    Pairs.all().values().stream().filter(Timed.class::isAssignableFrom)
        .forEach(type -> assertThat(components(type).toList().getLast().getName())
            .isEqualTo("at"));
    assertThat(components(ChatEvent.Message.class).map(RecordComponent::getName))
        .endsWith("sender", "sequence", "timestamp");
  }

  private static Set<Object> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(word -> (Object) Wire.tree(Wire.encode(word)).asText()).collect(toSet());
  }

  private static Stream<RecordComponent> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> !component.getAccessor().isAnnotationPresent(JsonAnyGetter.class));
  }

  private static JsonObject properties(String file) {
    var properties = Schemas.schema(file).getJsonObject("properties");
    if (tag(file, "type")) {
      properties.remove("type");
    }
    return properties;
  }

  /** A frame's record is known by its class, not by a component. */
  private static boolean tag(String file, String property) {
    return property.equals("type") && file.startsWith("frames/") && !file.endsWith("event.json");
  }

  private static String kind(Object property) {
    if (!(property instanceof JsonObject schema)) {
      return "any";
    }
    if (schema.containsKey("const")) {
      return "boolean";
    }
    if ("integer".equals(schema.getValue("type"))) {
      return schema.getLong("maximum") > Integer.MAX_VALUE ? "long" : "integer";
    }
    return schema.containsKey("$ref") ? "ref" : schema.getString("type");
  }

  private static Set<String> types(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "RawJson" -> Set.of("any");
      case "String" -> Set.of("string");
      case "boolean", "Boolean" -> Set.of("boolean");
      case "double" -> Set.of("number");
      case "int", "Integer" -> Set.of("integer");
      case "long", "Long" -> Set.of("integer", "long");
      case "List" -> Set.of("array");
      case "Map" -> Set.of("object");
      default -> type.isEnum() ? Set.of("ref", "string") : Set.of("ref");
    };
  }
}
