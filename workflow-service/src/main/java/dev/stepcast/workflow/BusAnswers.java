package dev.stepcast.workflow;

import dev.stepcast.platform.bus.Bus;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.take.Leases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What this worker answers over the bus: what it does with a run this moment; and, told that a run
 * was canceled or paused, it asks the store at once whether the run is still its own. The ring that
 * every cancel and pause sends says the same; this reaches a worker whose subscription is down.
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
    bus.hear("run.interrupt", news -> leases.check(news.getString("run")));
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
