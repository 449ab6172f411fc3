package dev.stepcast.workflow.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guide shows what is compiled and run here, to the letter. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuideTest {
  private static final Pattern BEGINNING = Pattern.compile("(?m)^(/\\*\\*|class )");

  @ParameterizedTest
  @ValueSource(strings = {"ShipOrderWorkflow", "ShipOrderWorkflowTest"})
  void the_guide_shows_what_runs(String name) throws IOException {
    var source = Files.readString(Path.of("src/test/java/dev/stepcast/workflow/guide", name
        + ".java"));
    var beginning = BEGINNING.matcher(source);
    assertThat(beginning.find()).isTrue();
    var code = source.substring(beginning.start());
    assertThat(Files.readString(Path.of("../docs/WORKFLOWS.md"))).contains(code.strip());
  }
}
