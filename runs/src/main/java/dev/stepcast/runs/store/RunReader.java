package dev.stepcast.runs.store;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads whole runs, large ones in pages, so that no read holds Redis up. */
final class RunReader {
  private static final int PAGE = 256;

  private final RedisLink redis;
  private final Keys keys;

  RunReader(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  Future<Optional<RunImage>> read(String id) {
    var slot = keys.slot(id);
    return fields(slot.key("run", id)).compose(fields -> {
      if (!fields.containsKey(RunImage.STATE)) {
        return Future.succeededFuture(Optional.empty());
      }
      var image = new RunImage(id, fields, Map.of());
      return image.lacksLarge()
          ? fields(slot.key("blob", id)).map(large -> Optional.of(image.with(large)))
          : Future.succeededFuture(Optional.of(image));
    });
  }

  /**
   * A field changed while the pages are read may be old or new; entries never change. Who ended
   * meanwhile could have its state without what it ended with: then nothing changes any more, and
   * all is read once again.
   */
  private Future<Map<String, String>> fields(String key) {
    return scan(key).compose(scan -> scan.pages > 1 && ended(scan.fields)
        ? scan(key).map(again -> again.fields)
        : Future.succeededFuture(scan.fields));
  }

  private static boolean ended(Map<String, String> fields) {
    return Optional.ofNullable(fields.get(RunImage.STATE)).map(RunState::valueOf)
        .filter(RunState::ended).isPresent();
  }

  private record Scan(Map<String, String> fields, int pages) {}

  private Future<Scan> scan(String key) {
    return page(key, "0", new Scan(new HashMap<>(), 1));
  }

  private Future<Scan> page(String key, String cursor, Scan scan) {
    return redis.send(key, Request.cmd(Command.HSCAN).arg(key).arg(cursor).arg("COUNT").arg(PAGE))
        .compose(answer -> {
          var next = collect(answer, scan.fields);
          return next.equals("0") ? Future.succeededFuture(scan)
              : page(key, next, new Scan(scan.fields, scan.pages + 1));
        });
  }

  private static String collect(@Nullable Response answer, Map<String, String> all) {
    if (answer == null) {
      return "0";
    }
    var flat = answer.get(1);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      all.put(flat.get(i).toString(), flat.get(i + 1).toString());
    }
    all.remove(RunImage.LOG);
    return answer.get(0).toString();
  }
}
