package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.EndpointRuns.Submitted;
import dev.stepcast.runs.fsck.Fsck;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * Nodes, an endpoint and an operator, of whom one moves at a time, on real Redis: nodes die before,
 * while and after they deliver, answers are lost, requests are sent twice or come much later, time
 * passes beyond every lease, and runs are paused, canceled and resumed.
 */
final class EndpointWorld {
  private static final int ROUNDS = 28;
  private static final int SETTLES_MOST = 400;

  private final RedisLink redis;
  private final Random random;
  private final EndpointPlace place;
  private final List<Running> all = new ArrayList<>();
  private final List<Callable<?>> late = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  private boolean faulty = true;

  /** A program, and the run that is at it now. */
  private static final class Running {
    final Program program;
    String id;

    Running(Program program, String id) {
      this.program = program;
      this.id = id;
    }
  }

  EndpointWorld(RedisLink redis, long seed) {
    this.redis = redis;
    this.random = new Random(seed);
    this.place = new EndpointPlace(redis);
  }

  void run() throws Exception {
    for (int i = 0; i <= random.nextInt(2); i++) {
      var running = new Running(new Program(random), "wfr_" + (char) ('a' + i));
      all.add(running);
      note(running.id + " " + running.program);
      place.start(running.id, "{}");
    }
    for (int i = 0; i < ROUNDS; i++) {
      move();
    }
    faulty = false;
    for (var one : late) {
      one.call();
    }
    for (int i = 0; i < SETTLES_MOST && !ended(); i++) {
      for (var one : all) {
        EndpointPlace.get(place.runs.unpause(one.id));
        notify(one);
      }
      pass();
      deliver();
    }
    verify();
  }

  private boolean ended() throws Exception {
    for (var one : all) {
      if (!place.field(one.id, "st").equals("SUCCEEDED")) {
        return false;
      }
    }
    return true;
  }

  private void move() throws Exception {
    var one = all.get(random.nextInt(all.size()));
    switch (random.nextInt(16)) {
      case 0 -> note("pause " + EndpointPlace.get(place.runs.pause(one.id)));
      case 1, 2 -> note("unpause " + EndpointPlace.get(place.runs.unpause(one.id)));
      case 3 -> anew(one);
      case 4, 5 -> notify(one);
      case 6, 7, 8 -> pass();
      case 9 -> {
        if (!late.isEmpty()) {
          note("late " + late.remove(random.nextInt(late.size())).call());
        }
      }
      default -> deliver();
    }
  }

  private void anew(Running one) throws Exception {
    if (random.nextInt(3) > 0 || !EndpointPlace.get(place.runs.cancel(one.id))) {
      return;
    }
    var made = EndpointPlace.get(place.runs.resume(one.id, UnaryOperator.identity()));
    note("resumed " + one.id + " " + made);
    one.id = ((Remade.Made) made).id();
  }

  /** What a run does not wait for yet is kept for it. */
  private void notify(Running one) throws Exception {
    if (faulty || place.field(one.id, "st").equals("WAITING")) {
      note("notify "
          + EndpointPlace.get(place.runs.notify(one.id, "e:go", ",\"out\":\"1\"}", faulty)));
    }
  }

  /** Every lease ends, and whatever was to come later is due. */
  private void pass() throws Exception {
    note("time passes");
    var due = place.keys.slot(0).key("due", "endpoint");
    var members = EndpointPlace
        .get(redis.send(due, Request.cmd(Command.ZRANGE).arg(due).arg(0).arg(-1)));
    for (var member : members) {
      var score = EndpointPlace
          .get(redis.send(due, Request.cmd(Command.ZSCORE).arg(due).arg(member.toString())));
      if (!score.toDouble().isInfinite()) {
        EndpointPlace
            .get(redis.send(due, Request.cmd(Command.ZADD).arg(due).arg(1).arg(member.toString())));
      }
    }
  }

  private void deliver() throws Exception {
    for (var one : place.take(1)) {
      note("deliver " + one.member() + " " + one.before());
      if (one.before() < 0 || one.spec().kind() != Spec.Kind.STEP) {
        EndpointPlace.get(place.deliveries.settle(one, Map.of()));
        continue;
      }
      check(!EndpointPlace.get(place.deliveries.advanced(one)),
          one.member() + " is delivered although what follows it is recorded");
      int fate = faulty ? random.nextInt(14) : 99;
      note("  " + fate);
      boolean called = fate > 1;
      if (called) {
        answer(one, fate);
      }
      switch (fate) {
        case 0, 2, 3 -> note("  its node dies");
        case 1, 4 -> failed(one);
        case 5 -> late.add(() -> settle(one));
        default -> settle(one);
      }
    }
  }

  private void answer(Leased one, int fate) throws Exception {
    var running = all.stream().filter(other -> other.id.equals(one.id())).findFirst();
    if (running.isEmpty()) {
      return; // its run was resumed
    }
    var asked = running.get().program.called(one);
    Callable<?> ask = () -> ask(one.id(), asked);
    note("  " + asked + " = " + ask.call());
    if (fate == 6) {
      note("  again = " + ask.call());
    } else if (fate == 7 || fate == 3) {
      late.add(ask);
    }
  }

  private Object ask(String id, Program.Answer asked) throws Exception {
    return switch (asked) {
      case Program.Answer.Submit(var items) -> {
        var submitted = EndpointPlace.get(place.runs.submit(id, items));
        check(!(submitted instanceof Submitted.Early), id + " is early with " + items);
        yield submitted;
      }
      case Program.Answer.Wait(var step) -> place.await(id, step, "e:go");
      case Program.Answer.Finish() -> EndpointPlace.get(place.runs.finish(id, "\"done\""));
      case Program.Answer.Nothing() -> "nothing";
    };
  }

  /** Its answer was lost, or it had none. */
  private void failed(Leased one) throws Exception {
    if (EndpointPlace.get(place.deliveries.advanced(one))) {
      settle(one);
      return;
    }
    var attempt = new Attempt(one.before() + 1, 1, 1L, "endpoint", new StepError("E", "no"), null);
    EndpointPlace.get(place.deliveries.retry(one, Duration.ZERO, "{}", new Failure(null, attempt)));
  }

  private Object settle(Leased one) throws Exception {
    int open = EndpointPlace.get(place.deliveries.settle(one, Map.of()));
    check(open > 0, one.id() + " has nothing open any more");
    return open;
  }

  private void verify() throws Exception {
    pass();
    for (var left = place.take(9); !left.isEmpty(); left = place.take(9)) {
      for (var one : left) {
        EndpointPlace.get(place.deliveries.settle(one, Map.of()));
      }
    }
    for (var one : all) {
      check(place.field(one.id, "st").equals("SUCCEEDED"),
          one.id + " never ended: " + place.all(one.id));
      inOrder(one);
      check(one.program.effects.keySet().containsAll(one.program.working()), one.id + " did not "
          + "run every step: " + one.program.effects);
      check(place.ttl(one.id) > 0, one.id + " is never forgotten");
      var told = EndpointPlace
          .get(new ChannelLog(redis, place.keys).readAfter(new ChannelName(one.id),
              "0-0", new ChannelLog.Limit(200, 1 << 20)))
          .entries();
      check(told.stream().filter(event -> event.event().equals("workflow.runFinish")).count() == 1,
          one.id + " told its end not once");
    }
  }

  /** Reads all there is in Redis, so it is asked now and then. */
  void checked(Vertx vertx) throws Exception {
    var report = EndpointPlace.get(new Fsck(vertx, redis, place.keys).check());
    check(report.sound(), report.toString());
  }

  /** Each plan and each result is there once, after all that it needs. */
  private void inOrder(Running one) throws Exception {
    var seen = new HashSet<String>();
    for (var message : place.messages(one.id).stream().skip(1).toList()) {
      var step = Wire.tree(Deliveries.parts(message).body().toString());
      int target = step.path("targetStep").asInt();
      int number = step.path("stepId").asInt();
      check(seen.add((target > 0 ? "p" + target : "r" + number)), one.id + " has twice " + step);
      boolean alone = target == 0 && step.path("concurrent").asInt() <= 1;
      for (int i = 1; alone && i < number; i++) {
        check(seen.contains("r" + i), one.id + " lacks " + i + " before " + number);
      }
      check(alone || target > 0 || seen.contains("p" + number), one.id + " has no plan for "
          + number);
    }
    check(seen.stream().filter(what -> what.startsWith("r")).count() == one.program.steps(),
        one.id + " has " + seen);
  }

  private void note(String what) {
    story.append('\n').append(what);
  }

  private static void check(boolean holds, String complaint) {
    if (!holds) {
      throw new AssertionError(complaint);
    }
  }

  @Override
  public String toString() {
    return story.toString();
  }
}
