package dev.stepcast.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The numbers of CONTRIBUTING.md, kept by a test because what is only written down drifts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TidyTest {
  private static final int LINE_MAX = 100;
  private static final int JAVA_FILE_MAX = 300;
  private static final int LUA_FILE_MAX = 80;
  private static final int LUA_CODE_MAX = 40;
  private static final Pattern PUBLIC_TYPE = Pattern.compile(
      "(?m)^public (?:(?:final|sealed|non-sealed|abstract) )*"
          + "(?:class|record|interface|enum|@interface) ");
  private static final Pattern BAD_NAME = Pattern
      .compile("(?:Impl|Manager|Helper|Utils|Util|Base)\\.java$");

  @Test
  void no_line_is_longer_than_100_columns() {
    var long_ = new ArrayList<String>();
    for (var file : Repository.files(".java", ".lua")) {
      var lines = Repository.text(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).codePointCount(0, lines.get(i).length()) > LINE_MAX) {
          long_.add(file + ":" + (i + 1));
        }
      }
    }
    assertThat(long_).isEmpty();
  }

  @Test
  void no_java_file_is_longer_than_300_lines() {
    assertThat(breaking(".java", text -> text.lines().count() > JAVA_FILE_MAX)).isEmpty();
  }

  @Test
  void no_script_has_more_than_40_lines_of_code() {
    assertThat(breaking(".lua", text -> text.lines().count() > LUA_FILE_MAX
        || text.lines().filter(line -> !line.isBlank() && !line.startsWith("--"))
            .count() > LUA_CODE_MAX))
        .isEmpty();
  }

  @Test
  void every_script_has_a_header() {
    assertThat(breaking(".lua", text -> !text.startsWith("-- ") || (isScript(text)
        && !(text.contains("-- RETURNS") && text.contains("-- COST"))))).isEmpty();
  }

  /** Others define functions that are put in front of scripts. */
  private static boolean isScript(String text) {
    return text.contains("KEYS[");
  }

  @Test
  void every_package_says_what_it_is_for_and_is_null_marked() {
    var bare = mainSources().stream().map(Path::getParent).distinct()
        .filter(dir -> {
          var info = dir.resolve("package-info.java");
          return !Files.exists(Repository.root().resolve(info))
              || !Repository.text(info).contains("@NullMarked")
              || !Repository.text(info).startsWith("/**");
        }).toList();
    assertThat(bare).isEmpty();
  }

  @Test
  void a_package_has_at_most_two_public_types() {
    var open = mainSources().stream()
        .filter(file -> PUBLIC_TYPE.matcher(Repository.text(file)).find())
        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    open.entrySet().removeIf(entry -> entry.getValue() <= 2 || exempt(entry.getKey()));
    assertThat(open).isEmpty();
  }

  /** The wire contract, and what authors compile against, are public by nature. */
  private static boolean exempt(Path dir) {
    return dir.startsWith("schemas") || dir.startsWith("workflow-api")
        || dir.startsWith("workflow-testing");
  }

  @Test
  void nothing_prints_past_the_log() {
    assertThat(breaking(".java", text -> text.contains("System" + ".out."))).isEmpty();
  }

  @Test
  void no_type_has_a_name_that_says_nothing() {
    assertThat(Repository.files(".java")).noneMatch(
        file -> BAD_NAME.matcher(file.getFileName().toString()).find());
  }

  @Test
  void nothing_is_left_for_later_without_an_issue_number() {
    var later = Pattern.compile("(?:TO" + "DO|FIX" + "ME)(?! ?#\\d)");
    assertThat(breaking(".java", text -> later.matcher(text).find())).isEmpty();
    assertThat(breaking(".lua", text -> later.matcher(text).find())).isEmpty();
    assertThat(breaking(".ts", text -> later.matcher(text).find())).isEmpty();
    assertThat(breaking(".tsx", text -> later.matcher(text).find())).isEmpty();
  }

  @Test
  void lock_files_hold_no_download_addresses() {
    assertThat(breaking("package-lock.json", text -> text.contains("\"resolved\": \"http")))
        .isEmpty();
  }

  /** Machines may be hours wrong; the clock of Redis is everybody's, see platform.clock. */
  @Test
  void nobody_asks_the_machine_what_time_it_is() {
    var asks = Pattern.compile("currentTimeMillis|Clock\\.(?:system|tick)|new Date\\(\\)"
        + "|InstantSource\\.system|(?:Instant|Date|DateTime|Time|Year|YearMonth)\\.now\\(");
    assertThat(mainSources().stream().filter(file -> !file.startsWith("bench"))
        .filter(file -> asks.matcher(Repository.text(file)).find())).isEmpty();
  }

  private static List<Path> mainSources() {
    return Repository.files(".java").stream()
        .filter(file -> file.toString().contains("/src/main/java/")).toList();
  }

  private static List<Path> breaking(String ending, Predicate<String> broken) {
    return Repository.files(ending).stream().filter(file -> broken.test(Repository.text(file)))
        .toList();
  }
}
