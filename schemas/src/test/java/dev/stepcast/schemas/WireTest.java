package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.stepcast.schemas.WorkflowEvent.RunCancel;
import dev.stepcast.schemas.WorkflowEvent.StepFinish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WireTest {
  private static final String STEP = "{\"stepName\":\"a\",\"index\":0,\"attempt\":1,\"tookMs\":2,";

  private static StepFinish step(RawJson result) {
    return new StepFinish("a", 0, 1, 2, result, Timed.OPEN);
  }

  @Nested
  class Encoding {
    @Test
    void keeps_the_order_of_components_and_leaves_nulls_out() {
      assertThat(Wire.encode(new StepFinish("a", 0, 1, 2, null, 3))).isEqualTo(STEP + "\"at\":3}");
    }

    @Test
    void tells_null_from_absent() {
      assertThat(Wire.encode(step(RawJson.NULL))).isEqualTo(STEP + "\"result\":null,\"at\":0}");
    }

    @Test
    void is_the_same_as_text_and_as_bytes() {
      var note = new DemoEvents.Note("fünf \u2028 \uD83D\uDE00");
      assertThat(new String(Wire.encodeBytes(note), StandardCharsets.UTF_8))
          .isEqualTo(Wire.encode(note));
    }
  }

  @Nested
  class An_open_encoding {
    @Test
    void ends_where_the_script_puts_the_instant() {
      assertThat(Wire.encodeOpen(step(new RawJson("{\"ok\":true}"))))
          .isEqualTo(STEP + "\"result\":{\"ok\":true},\"at\":");
      assertThat(Wire.encodeOpen(new RunCancel(Timed.OPEN))).isEqualTo("{\"at\":");
    }

    @Test
    void is_not_misled_by_a_result_that_holds_the_same_characters() {
      var result = new RawJson("{\"at\":1,\"s\":\"\\\"at\\\":\"}");
      assertThat(Wire.encodeOpen(step(result)) + "7}")
          .isEqualTo(Wire.encode(new StepFinish("a", 0, 1, 2, result, 7)));
    }

    @Test
    void may_end_at_any_member() {
      var message = new ChatEvent.Message("m", "\"sequence\":", "r", "c", "p", null, "s",
          1, 0);
      assertThat(Wire.encodeUpTo(message, "sequence") + "1,\"timestamp\":0}")
          .isEqualTo(Wire.encode(message));
      assertThatThrownBy(() -> Wire.encodeUpTo(message, "at"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Decoding {
    @Test
    void ignores_members_it_does_not_know() {
      assertThat(Wire.decode("{\"new\":[{}],\"at\":5}", RunCancel.class))
          .isEqualTo(new RunCancel(5));
    }

    @Test
    void tells_null_from_absent() {
      assertThat(Wire.decode(STEP + "\"result\":null,\"at\":0}", StepFinish.class))
          .isEqualTo(step(RawJson.NULL));
      assertThat(Wire.decode(STEP + "\"at\":0}", StepFinish.class).result()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "null", "{}", "{\"text\":null}", "{\"text\":1} x",
        "{\"text\":\"a\"}{}", "{\"text\":{}}"})
    void refuses_what_does_not_fit(String text) {
      assertThatThrownBy(() -> Wire.decode(text, DemoEvents.Note.class))
          .isInstanceOf(WireException.class);
      assertThatThrownBy(() -> Wire.decode(text.getBytes(StandardCharsets.UTF_8),
          DemoEvents.Note.class)).isInstanceOf(WireException.class);
    }

    @Test
    void says_where_but_not_what() {
      assertThatThrownBy(() -> Wire.decode(
          "{\"runs\":[{\"workflowRunId\":\"r\",\"state\":\"SECRET\",\"at\":1}],\"at\":1}",
          WorkflowEvent.ListChanged.class))
          .isInstanceOfSatisfying(WireException.class, e -> {
            assertThat(e.pointer()).isEqualTo("/runs/0/state");
            assertThat(e).hasMessage("not ListChanged at /runs/0/state");
          });
    }

    @Test
    void keeps_type_arguments() {
      var type = new TypeReference<Map<String, List<NewRun>>>() {};
      var text = "{\"a\":[{\"workflowRunId\":\"r\"}]}";
      assertThat(Wire.decode(text, type)).isEqualTo(Map.of("a", List.of(new NewRun("r"))));
      assertThat(Wire.decodeAs(text, type.getType())).isEqualTo(Wire.decode(text, type));
    }
  }

  @Nested
  class Numbers {
    private static final String ALL = "[1.10,1e400,-0,0.10000000000000000555111512,"
        + "123456789012345678901234567890]";

    @Test
    void pass_through_raw_json_as_they_were_written() {
      assertThat(RawJson.parse(ALL).text()).isEqualTo(ALL);
    }

    @Test
    void keep_their_text_even_where_the_type_of_a_frame_comes_last() {
      var text = "{\"data\":" + ALL + ",\"channel\":\"c\",\"event\":\"e\",\"type\":\"publish\"}";
      assertThat(Wire.decode(text, ClientFrame.class))
          .isInstanceOfSatisfying(ClientFrame.Publish.class,
              publish -> assertThat(Wire.tree(publish.data().text())).isEqualTo(Wire.tree(ALL)));
    }

    @Test
    void lose_nothing_in_a_tree() {
      assertThat(Wire.tree("1.10").decimalValue()).isEqualTo("1.10");
      assertThat(Wire.tree("1e400").decimalValue()).isEqualTo("1e400");
    }
  }
}
