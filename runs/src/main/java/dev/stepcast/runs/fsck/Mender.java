package dev.stepcast.runs.fsck;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.fsck.Fsck.Finding;
import dev.stepcast.runs.store.RunStore;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** Puts right what can be without guessing; every call may be repeated. */
record Mender(RedisLink redis, Keys keys) {
  private static final Script MEND = Script.of(Mender.class, "mend")
      .with(Script.of(Mender.class, "slot")).with(Script.of(RunStore.class, "run"));

  /** Whether it was put right. */
  Future<Boolean> mend(Finding finding) {
    return switch (finding.kind()) {
      case "index", "mortal", "immortal", "unreachable", "token", "owes", "due-ended" -> run(
          finding.subject());
      case "due", "index-stale", "waiter", "flow" -> send(finding.subject(),
          Request.cmd(Command.ZREM).arg(finding.subject()).arg(finding.detail()));
      case "orphan" -> send(finding.subject(), Request.cmd(Command.UNLINK)
          .arg(finding.subject()));
      case "schedule" -> schedule(finding.subject());
      default -> Future.succeededFuture(false);
    };
  }

  private Future<Boolean> run(String id) {
    var args = new ArrayList<Object>(List.of(id, RunStore.KEPT.others().toMillis()));
    args.addAll(RunCheck.INDEXES);
    return redis.run(MEND, List.of(keys.slot(id).head()), args)
        .map(answer -> answer.get(0).toString().equals("MENDED"));
  }

  private Future<Boolean> send(String key, Request request) {
    return redis.send(key, request).map(true);
  }

  /** It fires at once, and goes on from there. */
  private Future<Boolean> schedule(String id) {
    var due = keys.slotTagged("schedules").key("due");
    return send(due, Request.cmd(Command.ZADD).arg(due).arg("NX").arg(0).arg(id));
  }
}
