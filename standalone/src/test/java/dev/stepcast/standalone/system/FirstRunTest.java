package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.house.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does first, as the README has it. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class FirstRunTest {
  private static final Pattern SESSION = Pattern
      .compile("(?s)<!-- a test runs this block -->\\n```sh\\n(.*?)```");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path data;

  @SuppressWarnings("NullAway.Init")
  private Jvm stepcast;

  @BeforeAll
  void start() {
    stepcast = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("DATA_DIR", data.toString()));
  }

  @AfterAll
  void stop() {
    stepcast.close();
  }

  @Test
  void the_readmes_curl_session_shows_both_steps_and_the_end() throws IOException {
    var readme = Repository.text(Path.of("README.md"));
    var found = SESSION.matcher(readme);
    assertThat(found.find()).isTrue();
    var session = found.group(1).replace("localhost:8080",
        stepcast.url().substring("http://".length()));
    var out = Files.createTempFile(Path.of("target"), "first-run", ".out");
    var curl = new ProcessBuilder("bash", "-c", session).redirectErrorStream(true)
        .redirectOutput(out.toFile()).start();
    try {
      await().atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(out).contains("workflow.runFinish"));
    } finally {
      curl.descendants().forEach(ProcessHandle::destroy);
      curl.destroy();
    }
    assertThat(Files.readString(out)).contains("\"type\":\"connected\"")
        .containsSubsequence("workflow.runStart", "validate-data", "process-action",
            "workflow.runFinish");
  }

  @Test
  void the_workflow_in_the_readme_is_the_one_that_runs() {
    var source = Repository.text(Path.of("workflow-service/src/main/java/dev/stepcast/workflow"
        + "/sample/ProcessDataWorkflow.java"));
    var body = source.substring(source.indexOf("/**"));
    assertThat(Repository.text(Path.of("README.md"))).contains(body.strip());
  }

  @Test
  void what_was_acknowledged_is_there_after_a_restart_on_the_same_folder(@TempDir Path dir) {
    var env = Map.of("DATA_DIR", dir.toString());
    String run;
    try (var first = Jvm.start("dev.stepcast.standalone.StandaloneMain", env)) {
      var answer = Http.post(first.url() + "/api/trigger",
          "{\"workflow\":\"process-data\",\"payload\":{\"userId\":\"u\",\"action\":\"a\"},"
              + "\"delayMs\":3600000}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      run = Http.json(answer).getString("workflowRunId");
    }
    try (var second = Jvm.start("dev.stepcast.standalone.StandaloneMain", env)) {
      assertThat(Http.get(second.url() + "/api/runs/" + run).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void from_sigterm_to_its_end_it_serves_pages_and_probes(@TempDir Path dir) {
    try (var ending = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("DATA_DIR", dir.toString()))) {
      // A turn of the courier, so that there is something to wait for.
      Http.post(ending.url() + "/api/trigger", "{\"workflow\":\"order-fulfillment\",\"payload\":"
          + "{\"orderId\":\"A-1\",\"customer\":\"Ada\",\"items\":1}}");
      ending.terminate();
      await().atMost(Duration.ofSeconds(20)).until(() -> !Http.json(
          Http.get(ending.url() + "/readyz")).getBoolean("ready"));
      for (var path : List.of("/", "/runs", "/livez")) {
        assertThat(Http.get(ending.url() + path).statusCode()).as(path).isEqualTo(200);
      }
    }
  }

  @Test
  void a_data_folder_in_use_is_refused_by_name() {
    var second = Jvm.launch("dev.stepcast.standalone.StandaloneMain",
        Map.of("DATA_DIR", data.toString()));
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.output()).contains("DATA_DIR=").contains("in use");
  }

  @Test
  void a_port_that_is_taken_is_told_in_one_line(@TempDir Path dir) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      var refused = Jvm.launch("dev.stepcast.standalone.StandaloneMain",
          Map.of("DATA_DIR", dir.toString(), "PORT", port));
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output().lines()).singleElement().asString()
          .startsWith("Stepcast did not start. cannot listen on 127.0.0.1:" + port);
      var alone = Jvm.launch("dev.stepcast.api.ApiMain", Map.of("REDIS_URL", TestRedis.url(),
          "KEY_PREFIX", TestRedis.prefix(), "PORT", port));
      assertThat(alone.exitCode()).isEqualTo(1);
      assertThat(alone.output().lines()).singleElement().asString()
          .startsWith("cannot listen on 127.0.0.1:" + port);
    }
  }

  @Test
  void every_broken_variable_is_named_before_anything_starts() {
    var broken = Jvm.launch("dev.stepcast.standalone.StandaloneMain",
        Map.of("PORT", "eighty", "DRAIN_MS", "soon", "HOST", "0.0.0.0"));
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.output()).contains("PORT=eighty", "DRAIN_MS=soon", "API_TOKEN");
  }

  @Test
  void killed_for_real_it_leaves_no_redis_behind(@TempDir Path dir) {
    var jvm = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("DATA_DIR", dir.toString()));
    jvm.kill();
    await().atMost(Duration.ofSeconds(20)).until(() -> ProcessHandle.allProcesses()
        .noneMatch(p -> p.info().commandLine().orElse("").contains(dir.toString())));
  }
}
