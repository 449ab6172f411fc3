package dev.stepcast.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.chat.ChatConfig;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.workflow.WorkflowConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The documents are true because they are held against the code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentsTest {
  private static final Pattern KIND = Pattern.compile(
      "(?:Problem\\.of\\(|new Problem\\(|Problem\\.unavailable\\(|unavailable\\()\\s*"
          + "(?:\\d{3},\\s*)?\"([a-z0-9-]+)\"");
  private static final Pattern LISTED = Pattern.compile("(?m)^### `([a-z0-9-]+)`");
  private static final Pattern ROW = Pattern
      .compile("(?m)^\\| `([A-Z][A-Z0-9_]+)` \\|([^|]*)\\|");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  @Test
  void every_kind_of_problem_is_listed_and_no_other() {
    var sources = Repository.files(".java").stream()
        .filter(file -> file.toString().contains("/src/main/")).map(Repository::text)
        .collect(Collectors.joining());
    var used = all(KIND, sources);
    var listed = all(LISTED, Repository.text(Path.of("docs/PROBLEMS.md")));
    assertThat(listed).containsAll(used);
    // Some kinds are chosen by an expression: it is enough that the word stands in a source.
    assertThat(listed).allMatch(kind -> sources.contains("\"" + kind + "\""));
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_variable_is_listed_with_its_default() {
    var env = new Env(Map.of());
    CommonConfig.from(env);
    ApiConfig.from(env);
    WorkflowConfig.from(env);
    ChatConfig.from(env);
    RealtimeConfig.from(env);
    var listed = new TreeMap<String, String>();
    var rows = ROW.matcher(Repository.text(Path.of("docs/OPERATING.md")));
    while (rows.find()) {
      assertThat(listed.put(rows.group(1), rows.group(2).strip()))
          .as("%s is listed twice", rows.group(1)).isNull();
    }
    assertThat(listed).containsAllEntriesOf(env.asked());
  }

  @Test
  void every_link_between_documents_leads_somewhere() {
    var dead = new ArrayList<String>();
    for (var file : Repository.files(".md")) {
      var links = LINK.matcher(Repository.text(file));
      while (links.find()) {
        var target = links.group(1);
        var path = Repository.root().resolve(file).getParent().resolve(target);
        if (!target.contains("://") && !target.startsWith("mailto:") && !Files.exists(path)) {
          dead.add(file + " -> " + target);
        }
      }
    }
    assertThat(dead).isEmpty();
  }
}
