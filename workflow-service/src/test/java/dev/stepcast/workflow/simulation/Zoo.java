package dev.stepcast.workflow.simulation;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.step.Step;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Workflows that between them do all that a run can do with others. */
final class Zoo {
  /** What runs are triggered with by name; a parent's payload is the workflow of its child. */
  static final List<String> NAMES = List.of("plain", "waiter", "impatient", "hook", "flaky",
      "hopeless", "sender", "both", "aside", "parent", "grandparent", "family", "waiter", "parent");
  /** How many of them, from the first on, a parent may have for a child. */
  static final int CHILDREN = 10;
  private static final Duration LONG = Duration.ofDays(2);
  private static final Duration SHORT = Duration.ofSeconds(20);

  private final World world;

  Zoo(World world) {
    this.world = world;
  }

  static boolean isParent(String name) {
    return name.endsWith("parent") || name.equals("family");
  }

  private interface Running {
    @Nullable
    Object run(WorkflowContext context, String input) throws Exception;
  }

  List<Workflow<?, ?>> all() {
    return List.of(animal("plain", (context, _) -> {
      step(context, "a");
      context.sleep("nap", Duration.ofMillis(5_500));
      return step(context, "b");
    }), animal("waiter", (context, event) -> {
      step(context, "a");
      var sent = context.waitForEvent("wait", event, Integer.class, LONG);
      step(context, "b");
      return sent.orElseThrow();
    }), animal("impatient", (context, event) -> {
      var sent = context.waitForEvent("wait", event, Integer.class, SHORT);
      return step(context, sent.isPresent() ? "got" : "gave-up");
    }), animal("hook", (context, _) -> {
      var hook = context.createWebhook("hook");
      step(context, "a");
      return context.waitForWebhook("called", hook, Integer.class, LONG).orElseThrow();
    }), animal("flaky", (context, _) -> context.run("flaky",
        Step.retries(2).backoff(Duration.ofSeconds(2)), () -> {
          world.body(context);
          mayFail();
          return context.attempt();
        })),
        animal("hopeless", (context, _) -> {
          step(context, "a");
          return context.run("bad", () -> {
            throw new NonRetryable("hopeless");
          });
        }), animal("sender", (context, event) -> context.notify("send", event, world.next())),
        animal("parent", (context, child) -> {
          var answer = context.invoke("child", child, "e0", Object.class);
          step(context, "after");
          return answer;
        }), animal("grandparent", (context, child) -> {
          step(context, "before");
          return context.invoke("child", "parent", child, Object.class);
        }), animal("both", (context, event) -> context.parallel(() -> {
          step(context, "a");
          context.sleep("nap", Duration.ofMillis(5_500));
          return step(context, "b");
        }, () -> {
          step(context, "c");
          var sent = context.waitForEvent("wait", event, Integer.class, LONG);
          step(context, "d");
          return sent.orElseThrow();
        }, () -> {
          var hook = context.createWebhook("hook");
          step(context, "e");
          return context.waitForWebhook("called", hook, Integer.class, LONG).orElseThrow();
        }, () -> context.run("flaky", Step.retries(9), () -> {
          world.body(context);
          mayFail();
          return "f";
        }))), animal("aside", (context, event) -> {
          var beside = context.runAsync(() -> {
            step(context, "a");
            return context.waitForEvent("wait", event, Integer.class, SHORT).isPresent();
          });
          context.runAsync(() -> {
            context.sleep("nap", Duration.ofMillis(5_500));
            return step(context, "nobody-joins");
          });
          step(context, "b");
          return beside.join();
        }), animal("family", (context, child) -> context.parallel(
            () -> context.invoke("one", child, "e0", Object.class),
            () -> context.invoke("other", child, "e1", Object.class))));
  }

  private void mayFail() {
    if (world.faults() && world.draw(3) == 0) {
      throw world.draw(3) == 0 ? new NonRetryable("for good") : new IllegalStateException("later");
    }
  }

  private String step(WorkflowContext context, String name) {
    return context.run(name, () -> {
      world.body(context);
      return name;
    });
  }

  private static Workflow<String, Object> animal(String name, Running body) {
    return new Workflow<>() {
      @Override
      public @Nullable Object run(WorkflowContext context, String input) throws Exception {
        return body.run(context, input);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }
}
