package dev.stepcast.workflow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.workflow.api.step.Step;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run that is told no. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefusalTest extends WithNodes {
  private static final String QUARTER_MEBIBYTE = "x".repeat(256 * 1024);

  @Nested
  class An_event_that_a_workflow_emits {
    private RunView emitting(String event, Object data, boolean inStep) throws Exception {
      var node = node(workflow(context -> {
        if (!inStep) {
          context.emit(event, data);
        }
        return context.run("tell", Step.retries(0), () -> {
          context.emit(event, data);
          return true;
        });
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(node.events(view.workflowRunId())).doesNotContain(event);
      return view;
    }

    @Test
    void fails_the_step_that_tells_too_much_and_names_the_limit() throws Exception {
      var error = error(emitting("note", QUARTER_MEBIBYTE, true));
      assertThat(error.step()).isEqualTo("tell");
      assertThat(error.message()).contains("note", "262146 bytes", "the most is 262144");
    }

    @Test
    void fails_the_run_that_tells_too_much_between_its_steps() throws Exception {
      var view = emitting("note", QUARTER_MEBIBYTE, false);
      assertThat(view.steps()).isEmpty();
      assertThat(error(view).message()).contains("note", "the most is 262144");
    }

    @Test
    void fails_the_step_where_nobody_wrote_a_schema_for_it() throws Exception {
      assertThat(error(emitting("nobody.knows", 1, true)).message())
          .contains("nobody.knows", "event-unknown");
    }

    @Test
    void fails_the_step_where_it_does_not_fit_its_schema() throws Exception {
      assertThat(error(emitting("order.progress", Map.of("percent", "much"), true)).message())
          .contains("order.progress", "event-invalid");
    }
  }

  @Nested
  class A_full_redis {
    @Test
    void takes_nothing_from_a_run_which_goes_on_when_there_is_room(@TempDir Path dir)
        throws Exception {
      var redis = TestRedis.own(0, dir, "--maxmemory", "0");
      try {
        var ran = new AtomicInteger();
        var entered = new CountDownLatch(1);
        var full = new CountDownLatch(1);
        var node = node(Map.of("REDIS_URL", redis.url(), "RUN_LEASE_MS", "60000"),
            workflow(context -> {
              context.run("first", () -> {
                entered.countDown();
                return full.await(30, SECONDS) && ran.incrementAndGet() == 1;
              });
              return context.run("second", () -> "done");
            }));
        var run = node.trigger("w", "null");
        assertThat(entered.await(30, SECONDS)).isTrue();
        memory(node, "1");
        full.countDown();
        assertThatThrownBy(() -> node.trigger("w", "null")).hasMessageContaining("OOM");
        assertThat(node.view(run).state()).isEqualTo(RunState.RUNNING);
        memory(node, "0");
        assertThat(node.ended(run).result()).isEqualTo(new RawJson("\"done\""));
        assertThat(ran).hasValue(1);
      } finally {
        stopAll();
        redis.close();
      }
    }

    private static void memory(Node node, String bytes) throws Exception {
      Node.get(node.platform.redis().send("", Request.cmd(Command.CONFIG).arg("SET")
          .arg("maxmemory").arg(bytes)));
    }
  }
}
