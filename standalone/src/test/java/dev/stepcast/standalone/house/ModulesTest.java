package dev.stepcast.standalone.house;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which module may know which: the picture in docs/ARCHITECTURE.md, read off the poms. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ModulesTest {
  private static final Pattern OURS = Pattern.compile(
      "<groupId>dev\\.stepcast</groupId>\\s*<artifactId>stepcast-([a-z-]+)</artifactId>");
  private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
      entry("schemas", Set.of()),
      entry("workflow-api", Set.of()),
      entry("web", Set.of()),
      entry("platform", Set.of("schemas")),
      entry("runs", Set.of("platform")),
      entry("realtime-service", Set.of("platform")),
      entry("chat-service", Set.of("platform")),
      entry("api-service", Set.of("runs", "platform", "web")),
      entry("workflow-service", Set.of("runs", "platform", "workflow-api")),
      entry("workflow-testing", Set.of("workflow-service")),
      entry("standalone", Set.of("api-service", "workflow-service", "chat-service",
          "realtime-service", "platform")));

  @ParameterizedTest
  @ValueSource(strings = {"schemas", "workflow-api", "web", "platform", "runs", "realtime-service",
      "chat-service", "api-service", "workflow-service", "workflow-testing", "standalone"})
  void depends_on_nothing_but_what_the_picture_shows(String module) {
    var pom = Repository.text(Path.of(module, "pom.xml"));
    var known = new HashSet<String>();
    var found = OURS.matcher(pom.substring(pom.indexOf("</parent>")));
    while (found.find()) {
      known.add(found.group(1));
    }
    assertThat(MAY_KNOW.get(module)).containsAll(known);
  }
}
