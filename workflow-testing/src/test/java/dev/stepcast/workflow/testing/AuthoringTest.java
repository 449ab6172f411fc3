package dev.stepcast.workflow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.WorkflowContext.StepFailed;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.failure.RetryAfter;
import dev.stepcast.workflow.api.middleware.WorkflowMiddleware;
import dev.stepcast.workflow.api.step.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Each part of the authoring API once, in memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AuthoringTest {
  private static final Instant LATER = Instant.parse("2030-05-01T12:00:00Z");

  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** A workflow named {@code w} from a lambda. */
  private class Lambda implements Workflow<Integer, Object> {
    private final Running body;

    Lambda(Running body) {
      this.body = body;
    }

    @Override
    public @Nullable Object run(WorkflowContext context, Integer input) throws Exception {
      return body.run(context, input);
    }

    @Override
    public String name() {
      return "w";
    }

    @Override
    public void failed(WorkflowContext context, Integer input, Throwable cause) {
      context.run("tell", () -> heard.add("failed " + input + " " + cause.getMessage()));
    }

    @Override
    public List<WorkflowMiddleware> middlewares() {
      return List.of(new Listening());
    }
  }

  private interface Running {
    @Nullable
    Object run(WorkflowContext context, Integer input) throws Exception;
  }

  private final class Listening implements WorkflowMiddleware {
    @Override
    public String name() {
      return "listening";
    }

    @Override
    public void runStarted(WorkflowContext context) {
      heard.add("runStarted");
    }

    @Override
    public void beforeExecution(WorkflowContext context, String stepName) {
      heard.add("before " + stepName);
    }

    @Override
    public void afterExecution(WorkflowContext context, String stepName, @Nullable Object result) {
      heard.add("after " + stepName + " " + result);
    }

    @Override
    public void runCompleted(WorkflowContext context, @Nullable Object result) {
      heard.add("runCompleted " + result);
    }

    @Override
    public void onError(WorkflowContext context, @Nullable String stepName, Throwable error) {
      heard.add("onError " + stepName);
      throw new IllegalStateException("what a middleware throws changes nothing");
    }
  }

  private TestEngine engine(Running body) {
    return new TestEngine(new Lambda(body));
  }

  @Test
  void a_run_sleeps_until_an_instant() {
    try (var engine = engine((context, _) -> {
      context.sleepUntil("may", LATER);
      context.sleepUntil("long past", Instant.EPOCH);
      return context.now().toString();
    })) {
      var now = Instant.parse(engine.run("w", 1).result(String.class));
      assertThat(now).isBetween(LATER, LATER.plusSeconds(60)); // its clock goes on by itself, too
    }
  }

  @Test
  void what_is_drawn_is_the_same_in_every_replay() {
    Set<Object> seen = new HashSet<>();
    try (var engine = engine((context, _) -> {
      seen.add(List.of(context.random(), context.uuid(), context.now()));
      context.sleep("a", Duration.ofDays(1));
      context.sleep("b", Duration.ofDays(1));
      return context.random();
    })) {
      assertThat(engine.run("w", 1).result(Double.class)).isBetween(0.0, 1.0);
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void branches_beside_the_run_are_joined_or_waited_for() {
    try (var engine = engine((context, _) -> {
      var one = context.runAsync(() -> {
        context.sleep("an hour", Duration.ofHours(1));
        return context.run("one", () -> 1);
      });
      context.runAsync(() -> context.run("never joined", () -> heard.add("ran")));
      return one.join() + context.run("two", () -> 2);
    })) {
      assertThat(engine.run("w", 1).result(Integer.class)).isEqualTo(3);
      assertThat(heard).containsOnlyOnce("ran");
    }
  }

  @Test
  void a_failed_branch_throws_where_it_is_joined() {
    try (var engine = engine((context, _) -> {
      var one = context.runAsync(() -> context.run("bad", () -> {
        throw new NonRetryable("no");
      }));
      try {
        return one.join();
      } catch (StepFailed e) {
        return e.step() + " " + e.type();
      }
    })) {
      assertThat(engine.run("w", 1).result(String.class)).isEqualTo("bad NonRetryable");
    }
  }

  @Test
  void a_step_says_when_to_try_again() {
    var tries = new ArrayList<Instant>();
    try (var engine = engine((context, _) -> context.run("limited", Step.retries(1), () -> {
      tries.add(context.attempt() == 1 ? Instant.MIN : Instant.MAX);
      if (context.attempt() == 1) {
        throw new RetryAfter("429", Duration.ofDays(3));
      }
      return "ok";
    }))) {
      var began = engine.now();
      assertThat(engine.run("w", 1).result(String.class)).isEqualTo("ok");
      assertThat(Duration.between(began, engine.now())).isBetween(Duration.ofDays(3),
          Duration.ofDays(3).plusMinutes(1));
      assertThat(tries).hasSize(2);
    }
  }

  @Test
  void middlewares_and_the_failed_hook_hear_what_happens_once() {
    try (var engine = engine((context, input) -> {
      context.run("step", () -> input + 1);
      context.sleep("replay", Duration.ofDays(1));
      if (input == 7) {
        throw new IllegalArgumentException("seven");
      }
      return "done";
    })) {
      assertThat(engine.run("w", 1).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(heard).containsExactly("runStarted", "before step", "after step 2",
          "runCompleted done");
      heard.clear();
      assertThat(error(engine.run("w", 7).view()).message()).isEqualTo("seven");
      assertThat(heard).containsExactly("runStarted", "before step", "after step 8",
          "onError null", "before tell", "failed 7 seven", "after tell true");
    }
  }

  @Test
  void runs_invoke_each_other_to_a_depth() {
    try (var engine = engine((context, input) -> input
        + context.invoke("deeper", "w", input + 1, Integer.class))) {
      var view = engine.run("w", 0).view();
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(error(view).type()).isEqualTo("TooDeep");
    }
  }

  @Test
  void an_answer_that_cannot_be_written_fails_the_run_with_the_steps_name() {
    try (var engine = engine((context, _) -> context.run("socket", Thread::currentThread))) {
      var view = engine.run("w", 1).view();
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(error(view).step()).isEqualTo("socket");
    }
  }

  @Test
  void a_result_that_cannot_be_written_takes_back_what_was_done() {
    try (var engine = engine((context, _) -> {
      context.onFailure("undo", () -> heard.add("undone"));
      return new Object();
    })) {
      var run = engine.run("w", 1);
      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(heard).contains("undone").anyMatch(what -> what.startsWith("failed 1"))
          .noneMatch(what -> what.startsWith("runCompleted"));
    }
  }

  @Test
  void a_replay_that_asks_for_another_kind_of_step_fails_naming_both() {
    var replays = new AtomicInteger();
    try (var engine = engine((context, _) -> {
      if (replays.getAndIncrement() == 0) {
        context.run("same name", () -> 1);
      } else {
        context.emit("same name", 1);
      }
      context.sleep("replay", Duration.ofDays(1));
      return null;
    })) {
      var view = engine.run("w", 1).view();
      assertThat(error(view).type()).isEqualTo("NonDeterministic");
      assertThat(error(view).message()).contains("run 'same name'", "emit 'same name'");
    }
  }

  @Test
  void what_is_thrown_is_shown_bounded() {
    try (var engine = engine((context, _) -> context.run("deep", Step.retries(1), () -> {
      throw new IllegalStateException("m".repeat(9_000), new IOException("c".repeat(9_000)));
    }))) {
      var attempts = engine.run("w", 1).view().steps().getFirst().attempts();
      assertThat(attempts).hasSize(2).allSatisfy(attempt -> {
        assertThat(Objects.requireNonNull(attempt.stack())).startsWith("java.lang.IllegalState")
            .hasSizeBetween(3_000, 4_000);
        assertThat(Objects.requireNonNull(attempt.error()).message()).hasSize(2_000);
      });
    }
  }

  @Test
  void a_run_holds_sixteen_mebibytes_through_all_its_replays() {
    var mebibyte = "x".repeat(1_000_000);
    try (var engine = engine((context, _) -> {
      for (int i = 0; i < 20; i++) {
        context.run("large-" + i, () -> mebibyte);
        context.sleep("replay-" + i, Duration.ofDays(1));
      }
      return null;
    })) {
      var view = engine.run("w", 1).view();
      assertThat(error(view).type()).isEqualTo("JournalFull");
      assertThat(error(view).message()).contains("16777216");
      assertThat(view.steps()).hasSizeBetween(32, 34);
    }
  }

  @Test
  void a_name_of_more_than_two_hundred_characters_fails_the_run() {
    try (var engine = engine((context, _) -> context.run("n".repeat(201), () -> 1))) {
      var view = engine.run("w", 1).view();
      assertThat(error(view).message()).contains("200");
    }
  }

  private static RunError error(RunView view) {
    return Objects.requireNonNull(view.error());
  }
}
