package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepState;
import dev.stepcast.schemas.StepView;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.sample.OrderFulfillmentWorkflow;
import dev.stepcast.workflow.sample.ProcessDataWorkflow;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkflowServiceTest extends WithNodes {
  @Nested
  class The_seeds_workflow {
    @Test
    void answers_as_the_guide_says_and_tells_every_step() throws Exception {
      var node = node(new ProcessDataWorkflow());
      var run = node.trigger("process-data", "{\"userId\":\"u\",\"action\":\"a\"}");
      var view = node.ended(run);
      assertThat(view.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(view.result()).isEqualTo(
          new RawJson("{\"success\":true,\"workflowRunId\":\"" + run + "\"}"));
      assertThat(view.steps()).extracting(StepView::name)
          .containsExactly("validate-data", "process-action");
      assertThat(view.steps().getFirst().result()).isEqualTo(
          new RawJson("{\"valid\":true,\"userId\":\"u\",\"action\":\"a\"}"));
      assertThat(node.events(run)).containsExactly("workflow.runStart", "workflow.stepFinish",
          "workflow.stepFinish", "workflow.runFinish");
    }
  }

  @Nested
  class The_demo {
    @Test
    void takes_its_steps_retries_once_and_tells_its_progress() throws Exception {
      var node = node(new OrderFulfillmentWorkflow());
      var run = node.trigger("order-fulfillment",
          "{\"orderId\":\"A\",\"customer\":\"Ada\",\"items\":2}");
      var view = node.ended(run);
      assertThat(view.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(view.steps()).allMatch(step -> step.state() == StepState.SUCCEEDED);
      var charge = view.steps().stream().filter(step -> step.name().equals("charge-card"))
          .findFirst().orElseThrow();
      assertThat(charge.attempts()).hasSize(2);
      assertThat(charge.attempts().getFirst().stack()).contains("the bank did not answer");
      assertThat(node.events(run)).contains("order.progress", "workflow.runSleep",
          "workflow.stepFail", "workflow.stepStart").endsWith("workflow.runFinish");
    }
  }

  @Nested
  class A_run_that_sleeps_long {
    @Test
    void is_replayed_and_repeats_no_step() throws Exception {
      var before = new AtomicInteger();
      var node = node(workflow(context -> {
        int count = context.run("once", before::incrementAndGet);
        var drawn = context.uuid();
        context.sleep("long", Duration.ofMillis(2_500));
        assertThat(context.run("again", () -> drawn.toString())).isEqualTo(drawn.toString());
        return count;
      }));
      var run = node.trigger("w", "null");
      var asleep = node.reached(run, RunState.SLEEPING);
      assertThat(asleep.dueAt()).isGreaterThan(asleep.createdAt());
      await().atMost(Duration.ofSeconds(40)) // it holds no thread, and no slot of its node
          .until(() -> node.service.load().getOrDefault("runs", -1L) == 0);
      var view = node.ended(run);
      assertThat(view.error()).isNull();
      assertThat(view.result()).isEqualTo(new RawJson("1"));
      assertThat(before).hasValue(1);
    }
  }

  @Nested
  class Branches {
    @Test
    void run_side_by_side_and_keep_their_answers() throws Exception {
      var node = node(workflow(context -> {
        var both = context.parallel(() -> {
          context.sleep("nap", Duration.ofMillis(1_500));
          return context.run("slow", () -> "s");
        }, () -> context.run("fast", () -> "f") + context.run("faster", () -> "g"));
        return both;
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.result()).isEqualTo(new RawJson("[\"s\",\"fg\"]"));
      assertThat(view.steps()).hasSize(4);
    }
  }

  @Nested
  class Changed_code {
    @Test
    void is_named_and_fails_the_run() throws Exception {
      var changed = new AtomicBoolean();
      var node = node(workflow(context -> {
        context.run(changed.getAndSet(true) ? "new-name" : "old-name", () -> 1);
        context.sleep("replay", Duration.ofMillis(1_200));
        return null;
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).type()).isEqualTo("NonDeterministic");
      assertThat(error(view).message()).contains("old-name").contains("new-name");
    }
  }

  @Nested
  class Headers {
    @Test
    void of_the_trigger_are_there_also_in_a_replay() throws Exception {
      var node = node(workflow(context -> {
        var before = context.headers();
        context.sleep("replay", Duration.ofMillis(1_200));
        return before.get("tenant") + context.headers();
      }));
      var request = new TriggerRequest("w", null, null, null, null, null, null, null);
      var run = ((Triggered.Accepted) Node.get(node.runs.trigger(new TriggerCommand(request, "1",
          null, Map.of("tenant", "a"))))).workflowRunId();
      assertThat(node.ended(run).result()).isEqualTo(new RawJson("\"a{tenant=a}\""));
    }
  }

  @Nested
  class Large_answers {
    @Test
    void stand_apart_and_come_back_in_a_replay() throws Exception {
      var large = "x".repeat(300_000);
      var node = node(workflow(context -> {
        var text = context.run("large", () -> large);
        context.sleep("replay", Duration.ofMillis(1_200));
        return text.length();
      }));
      var run = node.trigger("w", "\"" + large + "\"");
      var view = node.ended(run);
      assertThat(view.error()).isNull();
      assertThat(view.result()).isEqualTo(new RawJson("300000"));
      assertThat(Objects.requireNonNull(view.steps().getFirst().result()).text()).hasSize(300_002);
      assertThat(node.entries(run).get(1).data()).contains("\"truncated\":true");
    }

    @Test
    void over_the_limit_fail_their_step_by_name() throws Exception {
      var node = node(workflow(context -> context.run("huge", () -> "x".repeat(1_100_000))));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).step()).isEqualTo("huge");
      assertThat(error(view).message()).contains("1048576");
    }

    @Test
    void end_a_run_with_too_many_entries_by_name() throws Exception {
      var node = node(workflow(context -> {
        for (int i = 0; i < 2_001; i++) {
          context.now();
        }
        return null;
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).type()).isEqualTo("JournalFull");
    }
  }
}
