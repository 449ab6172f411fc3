package dev.stepcast.runs.store;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs in Redis: one script for each transition. */
final class RedisRunStore implements RunStore {
  private static final Duration KEY_KEPT = Duration.ofHours(24);
  private static final Script TRIGGER = script("trigger", "archive", "relabel", "look", "run")
      .with(ChannelLog.LOG);
  private static final Script TAKE = script("take", "image", "lease", "look", "run");
  private static final Script STEP = writing("step");
  private static final Script PARK = writing("park");
  private static final Script FINISH = script("finish", "keep", "record", "fence", "look", "run")
      .with(ChannelLog.LOG);
  private static final Script RENEW = script("renew", "run");
  private static final Script RELEASE = script("release", "look", "run");
  private static final Script BEGIN = script("begin", "run").with(ChannelLog.LOG);
  private static final Script CANCEL = script("cancel", "keep", "look", "run")
      .with(ChannelLog.LOG);
  private static final Script PAUSE = script("pause", "look", "run");
  private static final Script UNPAUSE = script("unpause", "look", "run");
  private static final Script AGAIN = script("again", "look", "run").with(ChannelLog.LOG);
  private static final Script UNBLOCK = script("unblock", "look", "run");
  private static final Script MAIL = script("mail", "run");
  private static final Script SETTLE = script("settle", "keep", "look", "run");
  private static final Script DELIVER = script("deliver", "look", "run")
      .with(ChannelLog.LOG);

  private final RedisLink redis;
  private final Keys keys;
  private final Retention retention;
  private final RunReader reader;

  RedisRunStore(RedisLink redis, Keys keys, Retention retention) {
    this.redis = redis;
    this.keys = keys;
    this.retention = retention;
    this.reader = new RunReader(redis, keys);
  }

  private static Script script(String name, String... libraries) {
    var script = Script.of(RedisRunStore.class, name);
    for (var library : libraries) {
      script = script.with(Script.of(RedisRunStore.class, library));
    }
    return script;
  }

  private static Script writing(String name) {
    return script(name, "record", "fence", "look", "run").with(ChannelLog.LOG);
  }

  @Override
  public Future<Triggering> trigger(NewRun run) {
    var slot = keys.slot(run.id());
    var args = new ArrayList<Object>(List.of(run.id(), run.hash(), run.start().delayMs(),
        run.start().notBeforeMs(), run.key().isPresent() ? KEY_KEPT.toMillis() : 0,
        String.join("\n", run.labels()), run.told().data(), run.archive().orElse("")));
    run.fields().forEach((name, value) -> {
      args.add(name);
      args.add(value);
    });
    return redis.run(TRIGGER, List.of(slot.head(), slot.key("id", run.key().orElse(""))), args)
        .map(answer -> switch (word(answer)) {
          case "TRIGGERED" -> new Triggering.Accepted(text(answer, 1), answer.get(2).toLong());
          case "KNOWN" -> new Triggering.Known(text(answer, 1), answer.get(2).toLong());
          default -> new Triggering.Conflict(text(answer, 1));
        });
  }

  @Override
  public Future<Taken> take(Take take) {
    var space = keys.slot(take.partition()).head();
    return redis.run(TAKE, List.of(space), List.of(take.pool(), take.most(), take.nonce(),
        take.number(), take.lease().toMillis())).map(answer -> {
          var runs = new ArrayList<Leased>();
          for (int i = 2; i < answer.size(); i++) {
            runs.add(leased(answer.get(i)));
          }
          return new Taken(answer.get(0).toLong(), answer.get(1).toLong(), List.copyOf(runs));
        });
  }

  private static Leased leased(Response one) {
    var id = text(one, 0);
    boolean whole = one.get(2).toInteger() == 1;
    var image = whole ? RunImage.of(id, texts(one.get(3))) : null;
    return new Leased(id, text(one, 1),
        Optional.ofNullable(image).filter(read -> !read.lacksLarge()));
  }

  @Override
  public Future<Recording> step(Hold hold, Write write) {
    return recording(STEP, hold, List.of(), write);
  }

  @Override
  public Future<Recording> park(Hold hold, Write write, Parking parking) {
    var at = parking.atMs() == Long.MAX_VALUE ? "inf" : String.valueOf(parking.atMs());
    return recording(PARK, hold,
        List.of(parking.state().name(), at, String.join("\n", parking.awaited())), write);
  }

  @Override
  public Future<Recording> finish(Hold hold, Write write, RunState state) {
    var keep = retention.of(state);
    return recording(FINISH, hold,
        List.of(state.name(), keep.toMillis()), write);
  }

  private Future<Recording> recording(Script script, Hold hold, List<?> own, Write write) {
    var args = new ArrayList<Object>(List.of(hold.id(), hold.token(), hold.number()));
    args.addAll(own);
    args.add(write.fields().size());
    write.fields().forEach((field, value) -> {
      args.add(field);
      args.add(value);
    });
    write.told().forEach(told -> {
      args.add(told.event());
      args.add(told.data());
    });
    boolean lets = script != STEP;
    return redis.run(script, List.of(space(hold.id())), args).map(answer -> {
      long now = answer.get(1).toLong();
      return switch (word(answer)) {
        case "FENCED" -> new Recording.Fenced();
        case "PARKED", "PAUSED" -> new Recording.LetGo(now);
        case "RECORDED", "AGAIN" -> lets ? new Recording.LetGo(now)
            : new Recording.Recorded(now, pairs(answer.get(2)));
        default -> new Recording.Recorded(now, pairs(answer.get(2)));
      };
    });
  }

  @Override
  public Future<Set<String>> renew(int partition, List<Hold> holds, Duration lease) {
    var args = new ArrayList<Object>(List.of("java", lease.toMillis()));
    holds.forEach(hold -> {
      args.add(hold.id());
      args.add(hold.token());
    });
    return redis.run(RENEW, List.of(keys.slot(partition).head()), args).map(answer -> {
      var lost = new HashSet<>(texts(answer));
      lost.remove(text(answer, 0));
      return Set.copyOf(lost);
    });
  }

  @Override
  public Future<Void> release(Hold hold) {
    return redis.run(RELEASE, List.of(space(hold.id())), List.of(hold.id(), hold.token()))
        .mapEmpty();
  }

  @Override
  public Future<Void> begin(Hold hold, String path, String note, Told told) {
    return redis.run(BEGIN, List.of(space(hold.id())),
        List.of(hold.id(), hold.token(), path, note, told.data())).mapEmpty();
  }

  @Override
  public Future<Control> cancel(String id) {
    var keep = retention.of(RunState.CANCELED);
    var event = Wire.encodeOpen(new WorkflowEvent.RunCancel(Timed.OPEN));
    assert WorkflowEvents.RUN_CANCEL.name().equals("workflow.runCancel");
    return control(CANCEL, id, List.of(id, keep.toMillis(), event));
  }

  @Override
  public Future<Control> pause(String id) {
    return control(PAUSE, id, List.of(id));
  }

  @Override
  public Future<Control> unpause(String id) {
    return control(UNPAUSE, id, List.of(id));
  }

  private Future<Control> control(Script script, String id, List<?> args) {
    return redis.run(script, List.of(space(id)), args).map(answer -> switch (word(answer)) {
      case "DONE" -> Control.DONE;
      case "UNCHANGED" -> Control.UNCHANGED;
      case "WRONG" -> Control.WRONG_STATE;
      default -> Control.UNKNOWN;
    });
  }

  @Override
  public Future<Delivering> deliver(Delivery delivery) {
    return redis.run(DELIVER, List.of(space(delivery.id())),
        List.of(delivery.id(), delivery.path(), delivery.entry(), delivery.large().orElse(""),
            delivery.told().event(), delivery.told().data()))
        .map(answer -> Delivering.valueOf(word(answer)));
  }

  @Override
  public Future<Remade> again(Again again) {
    var args = new ArrayList<Object>(List.of(again.old(), again.id(), again.mark(),
        String.join("\n", again.labels()), again.told().data()));
    args.addAll(again.fields());
    return redis.run(AGAIN, List.of(space(again.old())), args)
        .map(answer -> switch (word(answer)) {
          case "MADE" -> new Remade.Made(text(answer, 1));
          case "WRONG" -> new Remade.WrongState();
          default -> new Remade.Unknown();
        });
  }

  @Override
  public Future<Boolean> unblock(String id) {
    return redis.run(UNBLOCK, List.of(space(id)), List.of(id))
        .map(answer -> word(answer).equals("DONE"));
  }

  @Override
  public Future<Mailing> mail(String id, String name, String data) {
    return redis
        .run(MAIL, List.of(space(id)), List.of(id, name, data, MAILS_MOST, MAIL_BYTES_MOST))
        .map(answer -> switch (word(answer)) {
          case "WAITS" -> new Mailing.Waits(text(answer, 1));
          case "KEPT" -> new Mailing.Kept();
          case "FULL" -> new Mailing.Full();
          default -> new Mailing.Unknown();
        });
  }

  @Override
  public Future<Void> settle(String id) {
    return redis.run(SETTLE, List.of(space(id)), List.of(id)).mapEmpty();
  }

  @Override
  public Future<Optional<RunImage>> read(String id) {
    return reader.read(id);
  }

  private String space(String id) {
    return keys.slot(id).head();
  }

  private static String word(Response answer) {
    return text(answer, 0);
  }

  private static String text(Response answer, int index) {
    return answer.get(index).toString();
  }

  private static List<String> texts(Response answer) {
    var texts = new ArrayList<String>(answer.size());
    answer.forEach(one -> texts.add(one.toString()));
    return texts;
  }

  private static Map<String, String> pairs(Response answer) {
    return RunImage.of("", texts(answer)).fields();
  }
}
