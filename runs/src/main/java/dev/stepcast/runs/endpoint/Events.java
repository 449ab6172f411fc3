package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.EndpointRuns.Wait;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits, and what ends them: see {@link EndpointRuns} for what each call promises. */
final class Events {
  private static final Script AWAIT = EndpointRuns.script("await", "arrive");
  private static final Script NOTIFY = EndpointRuns.script("notify", "arrive");

  private final RedisLink redis;
  private final Keys keys;
  private final Shown shown;

  Events(RedisLink redis, Keys keys, Shown shown) {
    this.redis = redis;
    this.keys = keys;
    this.shown = shown;
  }

  Future<Optional<String>> await(String id, Wait wait) {
    var begun = wait.step().substring(0, wait.step().lastIndexOf('}'));
    var args = new ArrayList<Object>(List.of(id, "w" + wait.stepId(), wait.event(),
        wait.timeoutMs(), begun, Wire.encode(wait.spec()), MessageIds.draw(),
        shown.arrival(wait.step())));
    args.addAll(shown.waiting(wait));
    var ask = List.of(keys.slot(id).head());
    return redis.insist(Starts.PATIENCE, () -> redis.run(AWAIT, ask, args)).compose(answer -> {
      if (!answer.get(0).toString().equals("WAITING")) {
        return Future.succeededFuture(Optional.empty());
      }
      var event = answer.get(1).toString();
      return waits(id, event).map(Optional.of(event));
    });
  }

  /** Says where events are that a run waits for one. */
  Future<Void> waits(String id, String event) {
    var waiting = waiting(event);
    return !event.startsWith(EndpointRuns.EVENT) ? Future.succeededFuture()
        : redis.insist(Starts.PATIENCE, () -> redis.send(waiting,
            Request.cmd(Command.ZADD).arg(waiting).arg(0).arg(id))).mapEmpty();
  }

  Future<List<String>> notify(String event, Buffer data) {
    return waiters(event).compose(ids -> {
      var told = ids.stream().map(id -> notify(id, event, EndpointRuns.arrival(data), false))
          .toList();
      return Future.all(told).map(_ -> {
        var arrived = new ArrayList<String>();
        for (int i = 0; i < ids.size(); i++) {
          if (told.get(i).result()) {
            arrived.add(ids.get(i));
          }
        }
        return List.copyOf(arrived);
      });
    });
  }

  Future<Boolean> notify(String id, String event, String tail, boolean keep) {
    return redis.run(NOTIFY, List.of(keys.slot(id).head()),
        List.of(id, event, "", tail, keep ? 1 : 0, RunStore.MAILS_MOST, RunStore.MAIL_BYTES_MOST))
        .compose(answer -> {
          if (answer.get(0).toString().equals("FULL")) {
            return Future.failedFuture(Notifier.full(id).refusal());
          }
          boolean arrived = answer.get(0).toString().equals("ARRIVED");
          var waiting = waiting(event);
          return answer.get(1).toInteger() > 0 ? Future.succeededFuture(arrived)
              : redis.send(waiting, Request.cmd(Command.ZREM).arg(waiting).arg(id)).map(arrived);
        });
  }

  Future<Void> arrive(String id, String slot, String tail) {
    return redis.run(NOTIFY, List.of(keys.slot(id).head()), List.of(id, "", slot, tail, 0, 0, 0))
        .mapEmpty();
  }

  Future<List<String>> waiters(String event) {
    var waiting = waiting(event);
    return redis.send(waiting, Request.cmd(Command.ZRANGE).arg(waiting).arg(0).arg(-1))
        .map(answer -> answer == null ? List.of()
            : answer.stream().map(Response::toString).toList());
  }

  /** When the run stops waiting for the event, 0 for never; empty where it does not wait. */
  Future<Optional<Long>> deadline(String id, String event) {
    var slot = keys.slot(id);
    var waits = slot.key("waits", id + ":" + event);
    var run = slot.key("run", id);
    var due = slot.key("due", "endpoint");
    return redis.send(run, Request.cmd(Command.HGET).arg(run).arg(RunImage.STATE)).compose(
        st -> redis.send(waits, Request.cmd(Command.LINDEX).arg(waits).arg(0)).compose(first -> {
          if (st == null || first == null || RunState.valueOf(st.toString()).ended()) {
            return Future.succeededFuture(Optional.empty());
          }
          return redis.send(due, Request.cmd(Command.ZSCORE).arg(due).arg(id + "#" + first))
              .map(score -> Optional.of(score == null ? 0L
                  : (long) score.toDouble()
                      .doubleValue()));
        }));
  }

  private String waiting(String event) {
    return keys.slot(event).key("wait", event);
  }
}
