package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaFilesTest {
  static List<String> all() {
    return SchemaFiles.all();
  }

  private static List<String> folder() throws Exception {
    var problem = SchemaFilesTest.class.getResource("/schemas/problem.json");
    var root = Objects.requireNonNull(Path.of(Objects.requireNonNull(problem).toURI()).getParent());
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".json")).sorted().toList();
    }
  }

  @Test
  void list_what_is_packed_and_pack_what_is_listed() throws Exception {
    var examples = all().stream().map(file -> file.replace(".json", ".examples.json"));
    assertThat(folder())
        .containsExactlyInAnyOrderElementsOf(Stream.concat(all().stream(), examples).toList());
  }

  @Test
  void hold_one_event_for_each_type() {
    assertThat(BuiltInEvents.all().stream().map(EventType::file))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(below("events/"));
  }

  @Test
  void hold_one_request_and_one_answer_for_each_body() {
    assertThat(Requests.ALL.stream().map(Body::file))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(below("requests/"));
    assertThat(Answers.ALL.stream().map(Body::file).filter(f -> !f.equals("problem.json")))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(below("answers/"));
  }

  @Test
  void have_titles_that_can_be_names_of_types() {
    var seen = new HashSet<String>();
    for (var file : all()) {
      var title = Schemas.schema(file).getString("title");
      assertThat(title).as(file).matches("[A-Z][A-Za-z]+");
      assertThat(seen.add(title)).as("first use of " + title).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void say_what_they_are(String file) {
    var schema = Schemas.schema(file);
    assertThat(schema.getString("$schema"))
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.getString("$id")).isEqualTo(SchemaFiles.BASE + file);
    assertThat(schema.getString("description")).isNotBlank();
    if (schema.containsKey("properties")) {
      assertThat(schema.getBoolean("additionalProperties")).isEqualTo(file.equals("problem.json"));
    }
  }

  /** In Java a dollar also matches before a line feed at the end of the text. */
  @ParameterizedTest
  @MethodSource("all")
  void do_not_let_a_line_feed_through_at_the_end(String file) {
    assertThat(patterns(Schemas.schema(file)))
        .allSatisfy(p -> assertThat(p).startsWith("^").endsWith("(?![\\s\\S])"));
  }

  @Test
  void keep_parts_only_where_somebody_refers_to_them() throws IOException {
    Set<String> texts = new HashSet<>();
    all().forEach(file -> texts.add(SchemaFiles.resolved(file, SchemaFiles.read(file))));
    assertThat(below("parts/")).allSatisfy(part -> assertThat(texts)
        .anyMatch(text -> text.contains("\"$ref\":\"" + SchemaFiles.BASE + part + "\"")));
  }

  @Test
  void get_an_id_and_absolute_references_from_where_they_lie() {
    var text = "{\"items\":{\"$ref\":\"../../parts/runState.json\"},\"properties\":{\"$ref\":{}}}";
    assertThat(new JsonObject(SchemaFiles.resolved("events/my/own.json", text)))
        .isEqualTo(new JsonObject()
            .put("items", new JsonObject().put("$ref", SchemaFiles.BASE + "parts/runState.json"))
            .put("properties", new JsonObject().put("$ref", new JsonObject()))
            .put("$id", SchemaFiles.BASE + "events/my/own.json"));
    assertThat(SchemaFiles.resolved("events/any.json", "true")).isEqualTo("true");
    assertThatThrownBy(() -> SchemaFiles.resolved("events/any.json", "{"))
        .isInstanceOf(WireException.class);
  }

  private static List<String> below(String folder) {
    return all().stream().filter(file -> file.startsWith(folder)).toList();
  }

  private static List<String> patterns(Object json) {
    if (json instanceof JsonObject object) {
      var own = object.getValue("pattern") instanceof String p ? Stream.of(p) : Stream.<String>of();
      var inner = object.stream().flatMap(member -> patterns(member.getValue()).stream());
      return Stream.concat(own, inner).toList();
    }
    return List.of();
  }
}
