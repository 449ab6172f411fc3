package dev.stepcast.runs.fsck;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.fsck.Fsck.Finding;
import dev.stepcast.runs.fsck.Fsck.Severity;
import dev.stepcast.runs.fsck.Walk.Place;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** What must be true of everything that speaks of runs: sets, waiters, slots, schedules. */
final class OtherChecks {
  private final RedisLink redis;
  private final Keys keys;

  OtherChecks(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  Future<List<Finding>> check(Place place) {
    return switch (place.kind()) {
      case "due" -> place.name().isEmpty() ? none() : members(place, "due");
      case "idx" -> members(place, "index-stale");
      case "wait" -> members(place, "waiter");
      case "flow:active", "flow:queue" -> members(place, "flow");
      case "blob", "list", "ch" -> orphan(place, place.name());
      case "waits" -> orphan(place, place.name().split(":", 2)[0]);
      case "schedule" -> schedule(place);
      default -> none();
    };
  }

  private static Future<List<Finding>> none() {
    return Future.succeededFuture(List.of());
  }

  /** Every member speaks of a run that is there; of a waiter or slot, one that has not ended. */
  private Future<List<Finding>> members(Place place, String kind) {
    var found = new ArrayList<Finding>();
    return Walk.members(redis, place.key(), some -> Future
        .all(some.stream().map(member -> member(place, kind, member, found)).toList())
        .mapEmpty()).map(found);
  }

  private Future<Void> member(Place place, String kind, String member, List<Finding> found) {
    return standing(member.startsWith("{") ? Waiter.of(member).run() : member).map(stands -> {
      boolean over = stands.state().isEmpty() || RunState.valueOf(stands.state()).ended();
      boolean flow = kind.equals("flow");
      if (flow ? over && stands.owed().equals("0")
          : kind.equals("waiter") ? over : stands.state().isEmpty()) {
        found.add(new Finding(flow ? Severity.ERROR : Severity.NOTE, kind, place.key(), member));
      }
      return null;
    });
  }

  /** A run's state, empty where it is gone, and what it owes. */
  private record Standing(String state, String owed) {}

  /** Of a run or of a delivery of one, {@code <run>#<slot>}; a run's own id may have a sharp. */
  private Future<Standing> standing(String name) {
    var key = keys.slot(name).key("run", name);
    return redis.send(key, Request.cmd(Command.HMGET).arg(key).arg(RunImage.STATE)
        .arg(RunImage.OWED)).compose(answer -> {
          int slot = name.lastIndexOf('#');
          if (answer != null && answer.get(0) != null) {
            return Future.succeededFuture(new Standing(answer.get(0).toString(),
                answer.get(1) == null ? "0" : answer.get(1).toString()));
          }
          return slot < 0 ? Future.succeededFuture(new Standing("", "0"))
              : standing(name.substring(0, slot));
        });
  }

  /** What belongs to a run that is gone must go as well. */
  private Future<List<Finding>> orphan(Place place, String run) {
    if (!run.startsWith("wfr_") && !run.startsWith("msg_")) {
      return none();
    }
    var key = keys.slot(run).key("run", run);
    return redis.send(key, Request.cmd(Command.EXISTS).arg(key))
        .compose(there -> there != null && there.toInteger() == 1 ? none()
            : redis.send(place.key(), Request.cmd(Command.PTTL).arg(place.key()))
                .map(ttl -> ttl == null || ttl.toLong() != -1 ? List.of()
                    : List.of(new Finding(Severity.ERROR, "orphan", place.key(),
                        "its run is gone, and it is never forgotten"))));
  }

  private Future<List<Finding>> schedule(Place place) {
    var due = place.head() + "due";
    return redis.send(place.key(), Request.cmd(Command.HMGET).arg(place.key()).arg("pz").arg("nx"))
        .compose(answer -> {
          boolean fires = answer != null && answer.get(0) != null && answer.get(1) != null
              && !answer.get(0).toString().equals("1") && !answer.get(1).toString().isEmpty();
          return !fires ? none()
              : redis.send(due, Request.cmd(Command.ZSCORE).arg(due).arg(place.name()))
                  .map(score -> score != null ? List.of()
                      : List.of(new Finding(Severity.ERROR, "schedule", place.name(),
                          "it is not paused, and never fires")));
        });
  }
}
