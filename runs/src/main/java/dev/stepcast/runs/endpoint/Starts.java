package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.EndpointRuns.Item;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.endpoint.EndpointRuns.Started;
import dev.stepcast.runs.endpoint.EndpointRuns.Submitted;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How runs and messages begin and grow: see {@link EndpointRuns}. */
final class Starts {
  private static final Script INIT = EndpointRuns.script("init", "archive")
      .with(Script.of(RunStore.class, "relabel"));
  private static final Script SUBMIT = EndpointRuns.script("submit");
  /** A client that heard nothing sends its request again; later it means another run. */
  private static final Duration RUN_ONCE = Duration.ofMinutes(1);
  /** How long a deduplication id is remembered. */
  private static final Duration MESSAGE_ONCE = Duration.ofMinutes(10);

  /** How long a step that was run waits for Redis, rather than be run again. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RedisLink redis;
  private final Keys keys;
  private final Shown shown;

  Starts(RedisLink redis, Keys keys, Shown shown) {
    this.redis = redis;
    this.keys = keys;
    this.shown = shown;
  }

  Future<Started> start(Start start, Map<String, String> more) {
    var config = start.config();
    var message = MessageIds.draw();
    boolean run = start.id().startsWith("wfr_");
    var encoded = Wire.encode(config);
    var queue = config.from().queue();
    var args = new ArrayList<Object>(List.of(start.id(), encoded,
        start.anew() ? 1 : 0, start.delay().ms(), start.delay().notBefore(),
        message(run ? message : start.id(), "step", start.body()), Wire.encode(start.spec()),
        String.join("\n", config.labels()), run ? Shown.started(config) : "",
        run ? MessageIds.hash(encoded, start.body()) : start.id(),
        (run ? RUN_ONCE : MESSAGE_ONCE).toMillis(), run ? archived(start.id()) : "",
        run || queue == null ? "" : queue));
    Shown.fields(start, more).forEach((name, value) -> {
      args.add(name);
      args.add(value);
    });
    return redis.run(INIT, List.of(keys.slot(start.id()).head()), args)
        .map(answer -> new Started(start.id(), run ? message : start.id(),
            answer.get(1).toLong(), answer.get(0).toString().equals("KNOWN")));
  }

  /** What an ended run of that id is known as once the id is used again. */
  private String archived(String id) {
    while (true) {
      var drawn = id + EndpointRuns.AGAIN + MessageIds.sign();
      if (keys.partition(drawn) == keys.partition(id)) {
        return drawn;
      }
    }
  }

  Future<Submitted> submit(String id, List<Item> items) {
    var args = new ArrayList<Object>(List.of(id));
    for (var item : items) {
      var message = MessageIds.draw();
      args.addAll(List.of(item.key(), item.need(), message(message, item.callType(), item.body()),
          message, Wire.encode(item.spec()), item.delay().ms(), item.delay().notBefore()));
      args.addAll(item.step().map(step -> shown.step(step, item.key().startsWith("r:")))
          .orElse(Shown.NOTHING));
    }
    return redis
        .insist(PATIENCE, () -> redis.run(SUBMIT, List.of(keys.slot(id).head()), args))
        .map(answer -> switch (answer.get(0).toString()) {
          case "APPENDED" -> new Submitted.Appended(
              answer.stream().skip(1).map(Response::toString).toList());
          case "EARLY" -> new Submitted.Early();
          default -> new Submitted.Gone();
        });
  }

  private static Buffer message(String id, String callType, Buffer body) {
    return Buffer.buffer(id + "\n" + callType + "\n").appendBuffer(body);
  }
}
