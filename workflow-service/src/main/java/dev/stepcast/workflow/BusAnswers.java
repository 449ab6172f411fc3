package dev.stepcast.workflow;

import dev.stepcast.platform.bus.Bus;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.take.Leases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What this worker answers over the bus: what it does with a run this moment. Told that a run was
 * canceled, it asks the store at once whether the run is still its own; told that one was paused,
 * it gives it back at once. Either way the step under way is interrupted. Without the bus a ring,
 * the next renewal or the next write says the same, later.
 */
final class BusAnswers {
  private final Executions executions;
  private final Leases leases;

  BusAnswers(Executions executions, Leases leases) {
    this.executions = executions;
    this.leases = leases;
  }

  /** Answers from now on; start-up does not wait for it. */
  void offer(Bus bus) {
    bus.answer("run.doing", question -> Future.succeededFuture(doing(question.getString("run"))));
    bus.hear("run.interrupt", this::interrupt);
  }

  private void interrupt(JsonObject news) {
    var run = news.getString("run");
    if (news.getBoolean("paused", false)) {
      executions.giveBack(run);
    } else {
      leases.check(run);
    }
  }

  private JsonObject doing(String run) {
    var threads = executions.doing(run);
    if (threads.isEmpty()) {
      return new JsonObject().put("held", false);
    }
    var told = new JsonArray();
    threads.forEach(thread -> told.add(new JsonObject().put("state", thread.state())
        .put("stack", new JsonArray(thread.stack()))));
    return new JsonObject().put("held", true).put("threads", told);
  }
}
