package dev.stepcast.runs.endpoint;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.endpoint.Deliveries.Config;
import dev.stepcast.runs.endpoint.Deliveries.Spec;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs and messages that failed for good: they are the dead letters, until somebody acts. */
final class DeadRuns {
  private static final Script RESUME = EndpointRuns.script("resume", "post", "slots", "run");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SHOWN_MAX = 1_000;
  private static final int ID_BYTES = 16;

  private final RedisLink redis;
  private final Keys keys;

  DeadRuns(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
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

  /** A new run goes on where {@code id} failed; empty where it did not fail. */
  Future<Optional<String>> resume(String id, String slot, Spec spec, Config config) {
    return redis.run(RESUME, List.of(keys.slot(id).head()), List.of(id, drawBeside(id), slot,
        Wire.encode(spec), Wire.encode(config), Shown.started(config)))
        .map(answer -> answer.get(0).toString().equals("UNKNOWN") ? Optional.empty()
            : Optional.of(answer.get(1).toString()));
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
