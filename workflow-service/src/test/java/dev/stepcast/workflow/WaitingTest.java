package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepView;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.sample.ProcessDataWorkflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WaitingTest extends WithNodes {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static NotifyAnswer send(Node node, String event, String data) throws Exception {
    return Node.get(new Notifier(node.store, EventBook.redis(node.platform.redis(),
        node.platform.keys())).notify(event, new RawJson(data), null));
  }

  private static String paid(WorkflowContext context) {
    return context.waitForEvent("paid", "order-1", String.class, LONG).orElse("nobody");
  }

  @Nested
  class A_run_that_waits_for_an_event {
    @Test
    void goes_on_with_what_was_sent() throws Exception {
      var node = node(workflow(context -> paid(context)));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.WAITING);
      assertThat(send(node, "order-1", "\"42\"")).isEqualTo(new NotifyAnswer(1, false));
      var view = node.ended(run);
      assertThat(view.result()).isEqualTo(new RawJson("\"42\""));
      assertThat(view.steps()).singleElement().returns("wait", StepView::type);
      assertThat(node.events(run)).containsExactly("workflow.runStart", "workflow.runWait",
          "workflow.stepFinish", "workflow.runFinish");
    }

    @Test
    void gets_what_was_sent_a_moment_before_and_only_one_does() throws Exception {
      var node = node(workflow(context -> paid(context)));
      assertThat(send(node, "order-1", "\"early\"")).isEqualTo(new NotifyAnswer(0, true));
      assertThat(node.ended(node.trigger("w", "null")).result())
          .isEqualTo(new RawJson("\"early\""));
      node.reached(node.trigger("w", "null"), RunState.WAITING);
    }

    @Test
    void gives_up_in_its_time() throws Exception {
      var node = node(workflow(context -> context.waitForEvent("w", "never", String.class,
          Duration.ofMillis(1_200)).isEmpty()));
      assertThat(node.ended(node.trigger("w", "null")).result()).isEqualTo(new RawJson("true"));
    }

    @Test
    void can_be_notified_by_another_run() throws Exception {
      var node = node(workflow(context -> paid(context)),
          workflow("sender", context -> context.notify("send", "order-1", "hello")));
      var waiting = node.trigger("w", "null");
      node.reached(waiting, RunState.WAITING);
      assertThat(node.ended(node.trigger("sender", "null")).result())
          .isEqualTo(new RawJson("1"));
      assertThat(node.ended(waiting).result()).isEqualTo(new RawJson("\"hello\""));
    }
  }

  @Nested
  class A_webhook {
    @Test
    void that_was_called_before_the_run_waits_is_not_lost() throws Exception {
      var drawn = new AtomicReference<>("");
      var node = node(workflow(context -> {
        var hook = context.createWebhook("hook");
        drawn.set(hook.eventId());
        context.sleep("later", Duration.ofMillis(1_500));
        return context.waitForWebhook("called", hook, String.class, LONG).orElse("nobody");
      }));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.SLEEPING);
      assertThat(send(node, String.valueOf(drawn.get()), "\"ring\""))
          .isEqualTo(new NotifyAnswer(0, true));
      assertThat(node.ended(run).result()).isEqualTo(new RawJson("\"ring\""));
    }
  }

  @Nested
  class A_child {
    @Test
    void answers_its_parent() throws Exception {
      var node = node(workflow(context -> "parent of "
          + context.invoke("child", "child", "x", String.class)),
          workflow("child", context -> context.run("work", () -> "c")));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.error()).isNull();
      assertThat(view.result()).isEqualTo(new RawJson("\"parent of c\""));
    }

    @Test
    void with_a_payload_that_does_not_fit_its_schema_is_not_begun() throws Exception {
      var node = node(workflow(context -> context.invoke("child", "process-data",
          Map.of("userId", "u"), Object.class)), new ProcessDataWorkflow());
      var error = error(node.ended(node.trigger("w", "null")));
      assertThat(error.type() + " of " + error.step()).isEqualTo("PayloadInvalid of child");
      assertThat(error.message()).contains("action");
    }

    @Test
    void that_fails_fails_the_step_that_invoked_it() throws Exception {
      var node = node(workflow(context -> context.invoke("child", "child", null, String.class)),
          workflow("child", _ -> {
            throw new IllegalArgumentException("bad child");
          }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).step()).isEqualTo("child");
      assertThat(error(view).message()).isEqualTo("bad child");
    }

    @Test
    void that_is_canceled_fails_the_step_that_invoked_it() throws Exception {
      var child = new AtomicReference<>("");
      var node = node(workflow(context -> context.invoke("part", "child", null, String.class)),
          workflow("child", context -> {
            child.set(context.runId());
            return context.waitForEvent("w", "never", String.class, LONG).isPresent();
          }));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.WAITING);
      await().atMost(Duration.ofSeconds(40)).until(() -> !String.valueOf(child.get()).isEmpty());
      Node.get(node.runs.cancel(String.valueOf(child.get())));
      var view = node.ended(run);
      assertThat(error(view).step()).isEqualTo("part");
      assertThat(error(view).type()).isEqualTo("ChildCanceled");
      assertThat(error(view).message()).contains(String.valueOf(child.get()));
    }

    @Test
    void may_be_a_workflow_that_only_other_nodes_have() throws Exception {
      var parents = node(workflow(context -> context.invoke("part", "child", "x", String.class)));
      node(workflow("child", context -> context.run("work", () -> "c")));
      assertThat(parents.ended(parents.trigger("w", "null")).result())
          .isEqualTo(new RawJson("\"c\""));
    }

    @Test
    void is_canceled_with_its_parent() throws Exception {
      var child = new AtomicReference<>("");
      var node = node(workflow(context -> context.invoke("child", "child", null, String.class)),
          workflow("child", context -> {
            child.set(context.runId());
            return paid(context);
          }));
      var run = node.trigger("w", "null");
      await().atMost(Duration.ofSeconds(40)).until(() -> !String.valueOf(child.get()).isEmpty());
      node.reached(String.valueOf(child.get()), RunState.WAITING);
      Node.get(node.runs.cancel(run));
      assertThat(node.ended(String.valueOf(child.get())).state()).isEqualTo(RunState.CANCELED);
    }
  }

  @Nested
  class A_run_that_was_canceled_while_it_waited {
    @Test
    void for_its_child_starts_another_one_when_it_is_resumed() throws Exception {
      var node = node(workflow(context -> context.run("before", () -> "b")
          + context.invoke("child", "child", null, String.class)),
          workflow("child", context -> paid(context)));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.WAITING);
      Node.get(node.runs.cancel(run));
      var made = ((Remade.Made) Node.get(node.runs.resume(run))).id();
      node.reached(made, RunState.WAITING);
      await().atMost(Duration.ofSeconds(40))
          .until(() -> send(node, "order-1", "\"c\"").notified() > 0);
      assertThat(node.ended(made).result()).isEqualTo(new RawJson("\"bc\""));
    }

    @Test
    void for_a_webhook_is_reached_by_it_once_it_is_resumed() throws Exception {
      var drawn = new AtomicReference<>("");
      var node = node(workflow(context -> {
        var early = context.createWebhook("early");
        var hook = context.createWebhook("hook");
        drawn.set(early.eventId() + " " + hook.eventId());
        return context.waitForWebhook("called", hook, String.class, LONG).orElse("nobody")
            + context.waitForWebhook("early", early, String.class, LONG).orElse("nobody");
      }));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.WAITING);
      var hooks = String.valueOf(drawn.get()).split(" ", 2);
      assertThat(send(node, hooks[0], "\"e\"")).isEqualTo(new NotifyAnswer(0, true));
      Node.get(node.runs.cancel(run));
      assertThat(send(node, hooks[1], "\"h\"")).isEqualTo(new NotifyAnswer(0, false));
      var made = ((Remade.Made) Node.get(node.runs.resume(run))).id();
      node.reached(made, RunState.WAITING);
      assertThat(send(node, hooks[1], "\"h\"")).isEqualTo(new NotifyAnswer(1, false));
      assertThat(node.ended(made).result()).isEqualTo(new RawJson("\"he\""));
    }

    @Test
    void for_an_event_waits_for_it_again_when_it_is_resumed() throws Exception {
      var node = node(workflow(context -> paid(context)));
      var run = node.trigger("w", "null");
      node.reached(run, RunState.WAITING);
      Node.get(node.runs.cancel(run));
      var made = ((Remade.Made) Node.get(node.runs.resume(run))).id();
      node.reached(made, RunState.WAITING);
      await().atMost(Duration.ofSeconds(40))
          .until(() -> send(node, "order-1", "\"c\"").notified() > 0);
      assertThat(node.ended(made).result()).isEqualTo(new RawJson("\"c\""));
    }
  }

  @Nested
  class A_run_whose_id_was_used_before {
    @Test
    void deals_with_others_as_one_of_its_own() throws Exception {
      var keys = new CopyOnWriteArrayList<String>();
      var node = node(workflow(context -> {
        context.run("key", () -> keys.add(context.idempotencyKey()));
        return paid(context) + context.invoke("child", "child", null, Integer.class);
      }), workflow("child", context -> context.run("count", keys::size)));
      var last = "";
      for (var payload : List.of("1", "2")) {
        var run = node.trigger(new TriggerRequest("w", new RawJson(payload), "mine", null, null,
            null, null, null));
        node.reached(run, RunState.WAITING);
        assertThat(send(node, "order-1", "\"p\"").notified()).isEqualTo(1);
        last = String.valueOf(node.ended(run).result());
        await().atMost(Duration.ofSeconds(40)).until(() -> Node.get(node.store.read(run))
            .orElseThrow().field(RunImage.OWED).orElse("0").equals("0"));
      }
      assertThat(last).contains("p2"); // the child of the first one counted 1
      assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Nested
  class A_call {
    @Test
    void answers_any_status_and_tries_again_what_may_pass() throws Exception {
      var node = node(Map.of("PRIVATE_DESTINATIONS", "allow"), workflow(context -> {
        var reply = context.call("call", new Call("GET", context.labels().getFirst(), Map.of(),
            null, 1, Duration.ofSeconds(20)));
        return reply.status() + reply.body();
      }));
      var calls = new AtomicInteger();
      var server = Node.get(node.platform.vertx().createHttpServer()
          .requestHandler(request -> request.response()
              .setStatusCode(calls.incrementAndGet() == 1 ? 503 : 404).end("no"))
          .listen(0, "127.0.0.1"));
      var url = "http://127.0.0.1:" + server.actualPort() + "/";
      var run = node.trigger(
          new TriggerRequest("w", null, null, null, null, null, List.of(url), null));
      var view = node.ended(run);
      assertThat(view.error()).isNull();
      assertThat(view.result()).isEqualTo(new RawJson("\"404no\""));
      assertThat(calls).hasValue(2);
    }

    @Test
    void of_a_private_address_is_refused() throws Exception {
      var node = node(Map.of("PRIVATE_DESTINATIONS", "refuse"),
          workflow(context -> context.call("call", Call.get("http://127.0.0.1:1/"))));
      assertThat(error(node.ended(node.trigger("w", "null"))).message())
          .contains("PRIVATE_DESTINATIONS");
    }
  }
}
