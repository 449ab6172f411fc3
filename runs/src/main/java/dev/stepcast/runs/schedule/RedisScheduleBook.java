package dev.stepcast.runs.schedule;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Schedules in Redis, all of them in one slot: they are few, and fire seldom. */
record RedisScheduleBook(RedisLink redis, Keys keys) implements ScheduleBook {
  private static final Script PUT = Script.of(RedisScheduleBook.class, "put");
  private static final Script DUE = Script.of(RedisScheduleBook.class, "due");
  private static final Script TURN = Script.of(RedisScheduleBook.class, "turn");
  private static final Script MOVE = Script.of(RedisScheduleBook.class, "move");
  private static final Script DELETE = Script.of(RedisScheduleBook.class, "delete");

  @Override
  public Future<Long> now() {
    return redis.send(space(), Request.cmd(Command.TIME)).map(time -> {
      if (time == null) {
        throw new IllegalStateException("Redis did not tell the time");
      }
      return time.get(0).toLong() * 1000 + time.get(1).toLong() / 1000;
    });
  }

  @Override
  public Future<Void> put(Plan plan, @Nullable Boolean paused, long firstMs) {
    return redis.run(PUT, List.of(space()), List.of(plan.id(), Wire.encode(plan),
        paused == null ? "" : paused ? "1" : "0", firstMs)).mapEmpty();
  }

  @Override
  public Future<Optional<Known>> find(String id) {
    var key = slot().key("schedule", id);
    return redis.send(key, Request.cmd(Command.HGETALL).arg(key)).map(answer -> {
      var fields = answer == null ? Map.<String, String>of() : fields(answer);
      return fields.isEmpty() ? Optional.empty() : Optional.of(known(fields));
    });
  }

  @Override
  public Future<List<Known>> list(@Nullable String cursor, int limit) {
    var all = slot().key("all");
    return redis.send(all, Request.cmd(Command.ZRANGE).arg(all)
        .arg(cursor == null ? "-" : "(" + cursor).arg("+").arg("BYLEX").arg("LIMIT").arg(0)
        .arg(limit)).compose(answer -> {
          var found = new ArrayList<Future<Optional<Known>>>();
          if (answer != null) {
            answer.forEach(id -> found.add(find(id.toString())));
          }
          return Future.all(found).map(_ -> found.stream().map(Future::result)
              .flatMap(Optional::stream).toList());
        });
  }

  @Override
  public Future<Boolean> move(String id, boolean paused, long nextMs) {
    return redis.run(MOVE, List.of(space()), List.of(id, paused ? "1" : "0", nextMs))
        .map(answer -> !answer.get(0).toString().equals("UNKNOWN"));
  }

  @Override
  public Future<Boolean> delete(String id) {
    return redis.run(DELETE, List.of(space()), List.of(id))
        .map(answer -> answer.get(0).toString().equals("DELETED"));
  }

  @Override
  public Future<Due> due(int most, Duration claim) {
    return redis.run(DUE, List.of(space()), List.of(most, claim.toMillis())).map(answer -> {
      var found = new ArrayList<Known>();
      for (int i = 2; i < answer.size(); i++) {
        found.add(known(fields(answer.get(i))));
      }
      return new Due(answer.get(0).toLong(), answer.get(1).toLong(), List.copyOf(found));
    });
  }

  @Override
  public Future<Boolean> turn(Turn turn) {
    return redis.run(TURN, List.of(space()), List.of(turn.from().plan().id(),
        turn.from().revision(), text(turn.next()), text(turn.fired()), text(turn.run()),
        turn.skipped(), text(turn.buffered())))
        .map(answer -> answer.get(0).toString().equals("TURNED"));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private Keys.Slot slot() {
    return keys.slotTagged("schedules");
  }

  private String space() {
    return slot().head();
  }

  private static Map<String, String> fields(Response flat) {
    var fields = new HashMap<String, String>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(flat.get(i).toString(), flat.get(i + 1).toString());
    }
    return fields;
  }

  private static Known known(Map<String, String> fields) {
    var run = fields.getOrDefault("run", "");
    return new Known(Wire.decode(fields.getOrDefault("plan", ""), Plan.class),
        count(fields, "v"), fields.getOrDefault("pz", "").equals("1"), count(fields, "at"),
        instant(fields, "nx"), instant(fields, "last"), run.isEmpty() ? null : run,
        count(fields, "n"), count(fields, "sk"), instant(fields, "bf"));
  }

  private static long count(Map<String, String> fields, String name) {
    return Long.parseLong(fields.getOrDefault(name, "0"));
  }

  private static @Nullable Long instant(Map<String, String> fields, String name) {
    var text = fields.getOrDefault(name, "");
    return text.isEmpty() ? null : Long.valueOf(text);
  }
}
