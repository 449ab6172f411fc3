package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventTypeTest {
  @Test
  void knows_its_schema_file() {
    assertThat(WorkflowEvents.STEP_FINISH.file()).isEqualTo("events/workflow/stepFinish.json");
    assertThat(DemoEvents.NOTE.file()).isEqualTo("events/note.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", "a..b", "a b", "a\n", "ä", "../a"})
  void refuses_what_is_no_name(String name) {
    assertThatThrownBy(() -> new EventType<>(name, DemoEvents.Note.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lets_the_right_record_compile() {
    assertThat(complaintsAbout("append(WorkflowEvents.RUN_CANCEL, new WorkflowEvent.RunCancel(1))"))
        .isEmpty();
  }

  @Test
  void does_not_let_a_wrong_record_compile() {
    assertThat(complaintsAbout("append(WorkflowEvents.RUN_CANCEL, new DemoEvents.Note(\"x\"))"))
        .contains("incompatible");
  }

  private static String complaintsAbout(String call) {
    var source = "import dev.stepcast.schemas.*; class Caller {"
        + " static <T> void append(EventType<T> type, T data) {} void call() { " + call + "; } }";
    var complaints = new StringWriter();
    var file = new SimpleJavaFileObject(URI.create("string:///Caller.java"),
        JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
    var options = List.of("-proc:none", "-d", "target");
    ToolProvider.getSystemJavaCompiler()
        .getTask(complaints, null, null, options, null, List.of(file)).call();
    return complaints.toString();
  }
}
