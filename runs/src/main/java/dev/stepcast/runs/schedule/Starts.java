package dev.stepcast.runs.schedule;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.schedule.Schedules.Message;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Starts runs and messages whose id is that of the schedule and the tick, so each starts once. */
record Starts(RedisLink redis, Keys keys, RunStore store, Catalog catalog, EndpointRuns endpoints)
    implements
      Firing {
  /** An id that was made for one occasion is not used again, even after its run has ended. */
  private static final Map<String, String> ONCE = Map.of("once", "1");

  @Override
  public Future<String> fire(Plan plan, long tick) {
    var name = plan.id() + "." + tick;
    var trigger = plan.action().trigger();
    var message = plan.action().message();
    if (trigger != null) {
      return run("wfr_" + name, trigger, String.valueOf(plan.action().version()));
    }
    return message == null ? Future.failedFuture(new IllegalStateException(plan.toString()))
        : send((message.run() ? "wfr_" : "msg_") + name, message);
  }

  /** The version that is announced now, or the one that was when the schedule was made. */
  private Future<String> run(String id, TriggerRequest trigger, String version) {
    return catalog.find(trigger.workflow())
        .map(found -> found.map(WorkflowInfo::version).orElse(version))
        .compose(newest -> store.trigger(Runs.newRun(new TriggerCommand(trigger, newest, null), id,
            Optional.empty(), ONCE)))
        .map(id);
  }

  private Future<String> send(String id, Message message) {
    return endpoints.start(new Start(id, message.config(), message.spec(),
        Buffer.buffer(Base64.getDecoder().decode(message.body())),
        new Delay(message.delayMs(), 0), false), ONCE).map(id);
  }

  @Override
  public Future<Boolean> live(String run) {
    var key = keys.slot(run).key("run", run);
    return redis.send(key, Request.cmd(Command.HGET).arg(key).arg(RunImage.STATE))
        .map(state -> state != null && !state.toString().isEmpty()
            && !RunState.valueOf(state.toString()).ended());
  }
}
