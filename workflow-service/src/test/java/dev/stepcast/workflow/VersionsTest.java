package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.runs.catalog.Versions;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What becomes of runs while nodes with other versions of their code come and go. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VersionsTest extends WithNodes {
  private record Versioned(String version) implements Workflow<Object, String> {
    @Override
    public String run(WorkflowContext context, Object input) {
      var begun = context.run("begin-" + version, () -> version);
      return begun + context.waitForEvent("go", "go", String.class, Duration.ofMinutes(9))
          .orElseThrow() + version;
    }

    @Override
    public String name() {
      return "w";
    }
  }

  private static String trigger(Node node, String version) throws Exception {
    return ((Triggered.Accepted) Node.get(node.runs.trigger(new TriggerCommand(
        new TriggerRequest("w", null, null, null, null, null, null, null), version, null))))
        .workflowRunId();
  }

  @Test
  void a_run_stays_with_its_version_and_rests_visibly_while_no_node_has_it() throws Exception {
    var old = Node.start(prefix, Map.of(), new Versioned("1"));
    var run = trigger(old, "1");
    old.reached(run, RunState.WAITING);
    old.stop();

    var newer = Node.start(prefix, Map.of(), new Versioned("2"));
    var other = trigger(newer, "2");
    newer.reached(other, RunState.WAITING);
    Node.get(new Notifier(newer.store, EventBook.redis(newer.platform.redis(),
        newer.platform.keys())).notify("go", new RawJson("\"-\""), null));
    assertThat(newer.ended(other).result()).isEqualTo(new RawJson("\"2-2\""));
    newer.reached(run, RunState.BACKING_OFF);
    var why = Node.get(newer.queries.why(run)).orElseThrow();
    assertThat(why.note()).startsWith("no node has workflow w version 1; ")
        .endsWith(" has version 2");
    assertThat(why.dueAt()).isPositive();
    newer.stop();

    var both = node(new Versioned("1"), new Versioned("2"));
    var view = both.ended(run);
    assertThat(view.error()).isNull();
    assertThat(view.result()).isEqualTo(new RawJson("\"1-1\""));
    assertThat(Node.get(both.queries.why(run)).orElseThrow().note()).isNull();
  }

  @Test
  void runs_go_on_at_once_though_few_nodes_have_their_version() throws Exception {
    var old = node(new Versioned("1"));
    var newer = node(new Versioned("2"));
    var third = node(new Versioned("2"), new Versioned("3"));
    var runs = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      runs.add(trigger(newer, "1"));
      runs.add(trigger(old, "3"));
    }
    for (var run : runs) {
      third.reached(run, RunState.WAITING);
    }
    await().atMost(Duration.ofSeconds(40)).until(() -> Node.get(new Notifier(old.store,
        EventBook.redis(old.platform.redis(), old.platform.keys()))
        .notify("go", new RawJson("\"-\""), null)).notified() == 0);
    for (var run : runs) {
      assertThat(String.valueOf(newer.ended(run).result())).containsAnyOf("1-1", "3-3");
    }
  }

  @Test
  void a_run_that_is_left_to_another_node_says_so() throws Exception {
    var idle = node(new Versioned("2"));
    Node.get(new Versions(idle.platform.redis(), idle.platform.keys()).announce("busy",
        Map.of("w", Set.of("1"))));
    var run = trigger(idle, "1");
    var why = await().atMost(Duration.ofSeconds(40)).until(
        () -> Node.get(idle.queries.why(run)).orElseThrow(), // it is looked at again and again
        found -> found.state() == RunState.BACKING_OFF);
    assertThat(why.why()).contains("note");
    assertThat(why.note()).endsWith("does not have workflow w version 1; left to busy");
  }
}
