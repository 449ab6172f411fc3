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
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Starts runs and messages whose id is that of the schedule and the tick, so each starts once. */
record Starts(RedisLink redis, Keys keys, RunStore store, Catalog catalog, EndpointRuns endpoints,
    UrlGroups groups)
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
    if (message == null) {
      return Future.failedFuture(new IllegalStateException(plan.toString()));
    }
    var group = message.config().from().group();
    return group == null ? send(beside(message, (message.run() ? "wfr_" : "msg_") + name), message)
        : fanOut("msg_" + name, message, group);
  }

  /** An id that is the same each time, in the partition of its queue. */
  private String beside(Message message, String id) {
    var queue = message.config().from().queue();
    var found = id;
    for (int i = 1; queue != null && keys.partition(found) != keys.partition(queue); i++) {
      found = id + "." + i;
    }
    return found;
  }

  /** One for each member that the group has now. */
  private Future<String> fanOut(String id, Message message, String group) {
    return groups.get(group).compose(found -> {
      var all = found.map(UrlGroups.Group::endpoints).orElse(List.of());
      var sent = IntStream.range(0, all.size()).mapToObj(i -> {
        var to = all.get(i);
        var config = message.config().to(to.url());
        var one = new Message(config.withOrigin(config.from().inGroup(group, to.name())),
            message.spec().to(to.url()), message.body(), message.delayMs(), false);
        return send(beside(one, id + "-" + i), one);
      }).toList();
      return Future.all(sent).map(id);
    });
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
        new Delay(message.delayMs(), 0), false),
        Map.of("once", "1", "sp", Wire.encode(message.spec()))).map(id);
  }

  @Override
  public Future<Boolean> live(String run) {
    var key = keys.slot(run).key("run", run);
    return redis.send(key, Request.cmd(Command.HGET).arg(key).arg(RunImage.STATE))
        .map(state -> state != null && !state.toString().isEmpty()
            && !RunState.valueOf(state.toString()).ended());
  }
}
