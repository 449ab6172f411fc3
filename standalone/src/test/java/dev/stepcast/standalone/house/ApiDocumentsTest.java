package dev.stepcast.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stepcast.schemas.BuiltInEvents;
import dev.stepcast.schemas.EventType;
import dev.stepcast.schemas.SchemaFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The API documents list every route and every event, and none that is not there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiDocumentsTest {
  private static final Path FOLDER = Path
      .of("api-service/src/main/resources/dev/stepcast/api/docs");
  private static final Pattern ROUTE = Pattern.compile(
      "router(?:\\.route\\(HttpMethod)?\\.(get|post|put|patch|delete)\\(\\s*\"(/api[^\"]*)\"");
  private static final Pattern PARAMETER = Pattern.compile(":(\\w+)|\\{\\w+\\}");
  private static final Pattern REFERENCE = Pattern.compile("\\$ref: \"?/schemas/([^\\s}\"]+)");

  @Test
  void every_route_is_in_openapi() throws IOException {
    var routes = new TreeSet<String>();
    for (var file : Repository.files(".java")) {
      if (file.toString().contains("/src/main/")) {
        ROUTE.matcher(Repository.text(file)).results().forEach(
            found -> routes.add(found.group(1) + " " + withoutNames(found.group(2))));
      }
    }
    assertThat(routes).hasSizeGreaterThan(15);
    assertThat(documented()).containsAll(routes);
  }

  @Test
  void every_path_in_openapi_stands_in_a_source() throws IOException {
    var sources = Repository.files(".java").stream()
        .filter(file -> file.toString().contains("/src/main/"))
        .map(file -> withoutNames(Repository.text(file))).collect(Collectors.joining());
    assertThat(documented()).allMatch(
        route -> stands(route.substring(route.indexOf(' ') + 1), sources));
  }

  /** Whole, or up to a last word that is computed. */
  private static boolean stands(String path, String sources) {
    return sources.contains("\"" + path + "\"")
        || sources.contains("\"" + path.substring(0, path.lastIndexOf('/') + 1) + "\" + ");
  }

  @Test
  void every_event_is_in_asyncapi_and_no_other() throws IOException {
    var messages = yaml("asyncapi.yaml").at("/components/messages");
    var named = new TreeSet<String>();
    messages.forEach(message -> named.add(message.path("name").asText()));
    assertThat(named).isEqualTo(BuiltInEvents.all().stream().map(EventType::name)
        .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void every_schema_they_refer_to_is_there() {
    for (var document : Set.of("openapi.yaml", "asyncapi.yaml")) {
      assertThat(REFERENCE.matcher(Repository.text(FOLDER.resolve(document))).results()
          .map(found -> found.group(1))).isNotEmpty().allMatch(SchemaFiles.all()::contains);
    }
  }

  private static Set<String> documented() throws IOException {
    var all = new TreeSet<String>();
    yaml("openapi.yaml").path("paths").properties().forEach(path -> path.getValue()
        .fieldNames().forEachRemaining(method -> all.add(method + " "
            + withoutNames(path.getKey()))));
    return all;
  }

  private static String withoutNames(String path) {
    return PARAMETER.matcher(path).replaceAll("*");
  }

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(Repository.text(FOLDER.resolve(file)));
  }
}
