package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Runs and messages that failed for good: to look at, to forget, or to try again. */
final class DeadLetters {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final EndpointRuns runs;
  private final RunStore store;

  /** One of them, read whole. */
  private record Letter(RunImage image, Config config, JsonObject entry, Buffers list) {}

  /** What it was asked to do. */
  private record Buffers(List<io.vertx.core.buffer.Buffer> messages) {
    io.vertx.core.buffer.Buffer first() {
      return messages.isEmpty() ? io.vertx.core.buffer.Buffer.buffer()
          : Deliveries.parts(messages.getFirst()).body();
    }
  }

  DeadLetters(Platform platform, EndpointRuns runs) {
    this.runs = runs;
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
  }

  Future<JsonObject> list(MultiMap query) {
    boolean workflows = "workflow".equals(query.get("source"));
    int count = Runs.count(query);
    return ids(query).compose(ids -> {
      var letters = ids.stream().filter(id -> !workflows || id.startsWith("wfr_"))
          .limit(count).map(this::read).toList();
      return Future.all(letters).map(_ -> {
        var array = new JsonArray();
        letters.forEach(letter -> letter.result().map(DeadLetters::shown).ifPresent(array::add));
        return new JsonObject().put("messages", array);
      });
    });
  }

  private Future<List<String>> ids(MultiMap query) {
    var given = Runs.all(query, "dlqIds");
    var run = query.get("workflowRunId");
    return given.isEmpty() ? runs.dead().map(all -> all.stream()
        .filter(id -> run == null || EndpointRuns.nameOf(id).equals(run)).toList())
        : Future.succeededFuture(given.stream().map(DeadLetters::id).toList());
  }

  private static String id(String dlqId) {
    return dlqId.startsWith("dlq_") ? dlqId.substring("dlq_".length()) : dlqId;
  }

  private Future<Optional<Letter>> read(String id) {
    return store.read(id).compose(image -> runs.config(id).compose(config -> runs.stored(id)
        .map(list -> image.flatMap(known -> known.field("dead")
            .flatMap(dead -> config.map(real -> new Letter(known, real, new JsonObject(dead),
                new Buffers(list))))))));
  }

  private static JsonObject shown(Letter letter) {
    var entry = letter.entry();
    var json = new JsonObject().put("dlqId", "dlq_" + letter.image().id())
        .put("messageId", entry.getValue("messageId")).put("url", entry.getValue("url"))
        .put("method", "POST").put("header", new JsonObject())
        .put("body", letter.list().first().toString())
        .put("maxRetries", letter.config().retries())
        .put("createdAt", letter.image().createdAt()).put("callerIP", "")
        .put("responseStatus", entry.getValue("status"))
        .put("responseHeader", entry.getValue("header"))
        .put("responseBody", entry.getValue("body")).put("responseBodyBase64", Base64.getEncoder()
            .encodeToString(String.valueOf(entry.getValue("body"))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    if (letter.image().id().startsWith("wfr_")) {
      json.put("workflowRunId", EndpointRuns.nameOf(letter.image().id()))
          .put("workflowCreatedAt", letter.image().createdAt())
          .put("workflowUrl", letter.config().url());
    }
    if (!letter.config().labels().isEmpty()) {
      json.put("label", letter.config().labels().getFirst())
          .put("labels", new JsonArray(letter.config().labels()));
    }
    return json;
  }

  Future<JsonObject> delete(String path, MultiMap query) {
    int slash = path.indexOf('/');
    var ids = slash < 0 ? ids(query)
        : Future.succeededFuture(List.of(id(V2Routes.decoded(path.substring(slash + 1)))));
    return ids.compose(all -> {
      var gone = all.stream().map(runs::forget).toList();
      return Future.all(gone).map(_ -> new JsonObject().put("deleted",
          gone.stream().filter(Future::result).count()));
    });
  }

  /** {@code dlq/resume}, {@code dlq/restart}, {@code dlq/retry}. */
  Future<JsonObject> act(String path, MultiMap query) {
    var what = path.substring("dlq/".length());
    if (!List.of("resume", "restart", "retry").contains(what)) {
      return Future.failedFuture(new No(404, "no such path: /v2/" + path));
    }
    return ids(query).compose(ids -> {
      var done = ids.stream().map(id -> read(id).compose(letter -> letter.isEmpty()
          ? Future.succeededFuture(Optional.<JsonObject>empty())
          : again(what, letter.get())))
          .toList();
      return Future.all(done).map(_ -> {
        var array = new JsonArray();
        done.forEach(one -> one.result().ifPresent(array::add));
        return new JsonObject().put(what.equals("retry") ? "responses" : "workflowRuns", array);
      });
    });
  }

  private Future<Optional<JsonObject>> again(String what, Letter letter) {
    var id = letter.image().id();
    if (!what.equals("retry")) {
      return (what.equals("resume") ? runs.resume(id, UnaryOperator.identity())
          : runs.restart(id, UnaryOperator.identity()))
          .map(remade -> remade instanceof Remade.Made(var made) ? Optional.of(run(made))
              : Optional.empty());
    }
    var spec = Wire.decode(letter.entry().getString("spec"), Spec.class);
    return runs.start(new Start("msg_" + drawn(), letter.config(), spec, letter.list().first(),
        Delay.NONE, false)).compose(
            started -> runs.forget(id)
                .map(_ -> Optional.of(new JsonObject().put("messageId", started.messageId()))));
  }

  private static JsonObject run(String id) {
    return new JsonObject().put("workflowRunId", id)
        .put("workflowCreatedAt", System.currentTimeMillis());
  }

  private static String drawn() {
    var bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
