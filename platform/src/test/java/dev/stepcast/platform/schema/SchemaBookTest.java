package dev.stepcast.platform.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.platform.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaBookTest {
  private final SchemaBook book = SchemaBook.open(null);

  @Test
  void a_fault_in_a_body_is_named_by_its_pointer_also_behind_a_reference() {
    var body = "{\"workflow\":\"w\",\"flowControl\":{\"key\":\"k\",\"parallelism\":0}}";
    assertThatThrownBy(() -> book.check("requests/trigger", Buffer.buffer(body)))
        .satisfies(e -> assertThat(Problem.in(e)).get().returns(422, Problem::status)
            .extracting(p -> p.extra().get("pointer")).isEqualTo("/flowControl/parallelism"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
    {"workflow":5}                       | /workflow       | Expected string
    {"workflow":"w","retries":-1}        | /retries        | less than 0
    {"workflow":"w","labels":[""]}       | /labels/0       | too short (0 < 1)
    {"workflow":"w","labels":"x"}        | /labels         | Expected array
    {"workflow":"w","workflowRunId":""}  | /workflowRunId  | too short (0 < 1)
    {"workflow":"w","flowControl":{}}    | /flowControl    | required property "key"
    {"workflow":"w","flow":{"key":"k"}}  | /flow           | no such member
    {"workflow":"w","flowControl":{"key":"k","x":1}} | /flowControl/x | no such member
    """)
  void a_complaint_says_what_is_wrong(String body, String pointer, String detail) {
    assertThatThrownBy(() -> book.check("requests/trigger", Buffer.buffer(body)))
        .satisfies(e -> assertThat(Problem.in(e).orElseThrow().detail()).startsWith(pointer + ": ")
            .contains(detail));
  }

  @Test
  void what_is_not_json_is_told_so() {
    assertThatThrownBy(() -> book.check("requests/trigger", Buffer.buffer("{oops")))
        .satisfies(e -> assertThat(Problem.in(e)).get().returns("not-json", Problem::kind));
  }

  @Test
  void an_unknown_event_and_a_misfit_are_told_apart() {
    assertThat(book.eventComplaint("no.such", null)).get().returns("event-unknown",
        Problem::kind);
    assertThat(book.eventComplaint("order.progress", new JsonObject().put("percent", "much")))
        .get().returns("event-invalid", Problem::kind)
        .extracting(p -> p.extra().get("pointer")).isEqualTo("/percent");
    assertThat(book.eventComplaint("order.progress", new JsonObject().put("percent", 3)))
        .isEmpty();
  }

  @Test
  void an_operators_folder_adds_events_that_may_refer_to_ours(@TempDir Path dir)
      throws IOException {
    Files.createDirectories(dir.resolve("events/shop"));
    Files.writeString(dir.resolve("events/shop/sold.json"), """
      {"type":"object","required":["state"],
       "properties":{"state":{"$ref":"../../parts/runState.json"}}}""");
    var theirs = SchemaBook.open(dir.toString());
    assertThat(theirs.eventComplaint("shop.sold", new JsonObject().put("state", "QUEUED")))
        .isEmpty();
    assertThat(theirs.eventComplaint("shop.sold", new JsonObject().put("state", "odd")))
        .isPresent();
  }

  @Test
  void a_folder_of_links_as_kubernetes_mounts_it_is_read_once(@TempDir Path dir)
      throws IOException {
    Files.createDirectories(dir.resolve("events/..2026/shop"));
    Files.writeString(dir.resolve("events/..2026/shop/sold.json"), "{\"type\":\"object\"}");
    Files.createSymbolicLink(dir.resolve("events/shop"), Path.of("..2026/shop"));
    assertThat(SchemaBook.open(dir.toString()).events().keySet()).contains("shop.sold")
        .noneMatch(name -> name.contains("2026"));
  }

  @Test
  void a_broken_file_of_an_operator_is_named(@TempDir Path dir) throws IOException {
    Files.createDirectories(dir.resolve("events"));
    Files.writeString(dir.resolve("events/bad.json"), "{");
    assertThatThrownBy(() -> SchemaBook.open(dir.toString())).hasMessageContaining("bad.json");
  }
}
