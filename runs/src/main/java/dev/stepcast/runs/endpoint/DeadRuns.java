package dev.stepcast.runs.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Runs and messages that failed for good: they are the dead letters, until somebody acts. */
final class DeadRuns {
  private static final Script RESUME = EndpointRuns.script("resume", "anew", "done");
  private static final Script AGAIN = EndpointRuns.script("again");
  private static final String RESERVED = "to:xf";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SHOWN_MAX = 1_000;
  private static final int ID_BYTES = 16;

  private final RedisLink redis;
  private final Keys keys;
  private final EndpointRuns runs;

  DeadRuns(RedisLink redis, Keys keys, EndpointRuns runs) {
    this.redis = redis;
    this.keys = keys;
    this.runs = runs;
  }

  private record Place(String id, double at) {}

  /** Their ids, the latest first. */
  Future<List<String>> ids() {
    var parts = IntStream.range(0, keys.partitions()).mapToObj(partition -> {
      var dead = keys.slot(partition).key("dead");
      return redis.send(dead, Request.cmd(Command.ZRANGE).arg(dead).arg(0).arg(SHOWN_MAX)
          .arg("REV").arg("WITHSCORES"));
    }).toList();
    return Future.all(parts).map(_ -> {
      var places = new ArrayList<Place>();
      for (var part : parts) {
        var flat = part.result() == null ? List.<Response>of() : part.result().stream().toList();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
          places.add(new Place(flat.get(i).toString(), flat.get(i + 1).toDouble()));
        }
      }
      return places.stream().sorted(Comparator.comparingDouble(Place::at).reversed())
          .map(Place::id).toList();
    });
  }

  /** It is no dead letter any longer; true where it was one. */
  Future<Boolean> forget(String id) {
    var dead = keys.slot(id).key("dead");
    return redis.send(dead, Request.cmd(Command.ZREM).arg(dead).arg(id))
        .map(removed -> removed != null && removed.toInteger() == 1);
  }

  /** See {@link EndpointRuns#resume}. */
  Future<Remade> resume(String id, UnaryOperator<Config> change) {
    return runs.config(id).compose(known -> known.isEmpty()
        ? Future.succeededFuture(new Remade.Unknown())
        : entry(id).compose(letter -> resume(id, change.apply(known.get()), letter)));
  }

  private Future<Remade> resume(String id, Config config, JsonNode letter) {
    var spec = letter.path("spec").asText();
    var next = spec.isEmpty() ? null : Wire.decode(spec, Spec.class).next();
    return redis.run(RESUME, List.of(keys.slot(id).head()),
        List.of(id, drawBeside(id), letter.path("slot").asText(), spec, Wire.encode(config),
            Shown.started(config), next == null ? "" : String.valueOf(next),
            String.join("\n", config.labels())))
        .compose(answer -> {
          if (answer.get(0).toString().equals("UNKNOWN")) {
            return Future.succeededFuture(new Remade.WrongState());
          }
          var made = answer.get(1).toString();
          var waits = answer.stream().skip(2).map(Response::toString)
              .map(event -> waited(made, event)).toList();
          return Future.all(waits).map(new Remade.Made(made));
        });
  }

  /** The new run waits for the same events; a child of the old one would work for nobody. */
  private Future<?> waited(String made, String event) {
    return event.startsWith(EndpointRuns.INVOKE)
        ? runs.cancel(event.substring(EndpointRuns.INVOKE.length()))
        : runs.await(made, event);
  }

  /** See {@link EndpointRuns#restart}. Reserved first, so that there is one however often asked. */
  Future<Remade> restart(String id, UnaryOperator<Config> change) {
    var run = keys.slot(id).key("run", id);
    return runs.config(id).compose(known -> redis.send(run,
        Request.cmd(Command.HGET).arg(run).arg("st")).compose(st -> {
          if (known.isEmpty() || st == null) {
            return Future.succeededFuture(new Remade.Unknown());
          }
          var state = RunState.valueOf(st.toString());
          return state != RunState.FAILED && state != RunState.CANCELED
              ? Future.succeededFuture(new Remade.WrongState())
              : restart(id, run, change.apply(known.get()));
        }));
  }

  private Future<Remade> restart(String id, String run, Config config) {
    return redis.send(run, Request.cmd(Command.HSETNX).arg(run).arg(RESERVED).arg(drawBeside(id)))
        .compose(_ -> redis.send(run, Request.cmd(Command.HGET).arg(run).arg(RESERVED)))
        .compose(made -> runs.stored(id).compose(list -> {
          var first = list.isEmpty() ? Buffer.buffer()
              : Deliveries.parts(list.getFirst()).body();
          var fresh = String.valueOf(made);
          return runs.start(new Start(fresh, config, Spec.of(Kind.STEP, null, "POST").withNext(1),
              first, Delay.NONE, false), Map.of(RunImage.RESTARTED, id)).compose(_ -> forget(id))
              .map(_ -> new Remade.Made(fresh));
        }));
  }

  /** See {@link EndpointRuns#tellFailure}. */
  Future<Boolean> tellFailure(String id) {
    var run = keys.slot(id).key("run", id);
    return redis.send(run, Request.cmd(Command.HGET).arg(run).arg("told"))
        .compose(told -> told == null ? Future.succeededFuture(false)
            : redis.run(AGAIN, List.of(keys.slot(id).head()),
                List.of(id, Obligations.FAILURE, told.toString()))
                .map(answer -> answer.get(0).toString().equals("OPENED")));
  }

  private Future<JsonNode> entry(String id) {
    var run = keys.slot(id).key("run", id);
    return redis.send(run, Request.cmd(Command.HGET).arg(run).arg("dead"))
        .map(dead -> Wire.tree(dead == null ? "{}" : dead.toString()));
  }

  private String drawBeside(String id) {
    var bytes = new byte[ID_BYTES];
    while (true) {
      RANDOM.nextBytes(bytes);
      var drawn = "wfr_" + HexFormat.of().formatHex(bytes);
      if (keys.partition(drawn) == keys.partition(id)) {
        return drawn;
      }
    }
  }
}
