package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs and messages that failed for good: to look at, to forget, or to try again. */
final class DeadLetters {
  private static final String PREFIX = "dlq_";
  private static final int AT_ONCE = 50;

  private final EndpointRuns runs;
  private final RunStore store;
  private final Entrance entrance;
  private final InstantSource clock;

  /** One of them, read whole. */
  private record Letter(RunImage image, Config config, JsonObject entry, Buffer body) {
    boolean run() {
      return image.id().startsWith("wfr_");
    }
  }

  /** Some of them, and where the list goes on. */
  private record Page(List<Letter> letters, @Nullable String cursor) {
    JsonObject put(JsonObject json) {
      if (cursor != null) {
        json.put("cursor", cursor);
      }
      return json;
    }
  }

  DeadLetters(Platform platform, EndpointRuns runs, Entrance entrance) {
    this.runs = runs;
    this.entrance = entrance;
    this.clock = platform.clock();
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
  }

  /** {@code dlq…}, and {@code workflows/dlq…}, which is about runs alone. */
  Future<?> serve(Ask ask, boolean workflows) {
    int from = workflows ? 2 : 1;
    var word = ask.word(from);
    var one = word.equals("callback") ? ask.word(from + 1) : word;
    return switch (ask.method() + " " + word) {
      case "GET " -> page(ask.query(), workflows).map(page -> page.put(new JsonObject()
          .put("messages", new JsonArray(page.letters().stream().map(DeadLetters::shown)
              .toList()))));
      case "DELETE " -> page(ask.query(), workflows).compose(this::delete);
      case "POST retry", "POST resume", "POST restart" -> page(ask.query(), workflows)
          .compose(page -> again(word, page, overrides(ask.item("", null))));
      case "POST callback" -> callback(id(one));
      default -> one(ask, id(one));
    };
  }

  private Future<?> one(Ask ask, String id) {
    return read(id).compose(letter -> {
      var known = letter.orElseThrow(() -> new No(404, "dlq message " + id + " not found"));
      return switch (ask.method()) {
        case "GET" -> Future.succeededFuture(shown(known));
        case "DELETE" -> runs.forget(id).map(_ -> new JsonObject().put("deleted", 1));
        default -> Future.<JsonObject>failedFuture(new No(404, "no such path"));
      };
    });
  }

  private Future<Page> page(MultiMap query, boolean workflows) {
    var given = Filter.all(query, "dlqIds").stream().map(DeadLetters::id).toList();
    boolean only = workflows || "workflow".equals(query.get("source"));
    int count = given.isEmpty() ? Runs.count(query, Runs.COUNT_MAX) : given.size();
    return (given.isEmpty() ? runs.dead() : Future.succeededFuture(given)).compose(ids -> {
      var cursor = query.get("cursor");
      var rest = cursor == null || cursor.isEmpty() ? ids
          : ids.subList(Math.min(ids.size(), ids.indexOf(id(cursor)) + 1), ids.size());
      return more(rest.stream().filter(id -> !only || id.startsWith("wfr_")).toList(),
          new Filter(query), count, new ArrayList<>());
    });
  }

  private Future<Page> more(List<String> ids, Filter filter, int count, List<Letter> found) {
    var batch = ids.subList(0, Math.min(AT_ONCE, ids.size())).stream().map(this::read).toList();
    return Future.all(batch).compose(_ -> {
      for (var one : batch) {
        one.result().filter(letter -> fits(filter, letter)).ifPresent(found::add);
        if (found.size() == count) {
          return Future.succeededFuture(
              new Page(found, PREFIX + found.getLast().image().id()));
        }
      }
      return ids.size() <= AT_ONCE ? Future.succeededFuture(new Page(found, null))
          : more(ids.subList(AT_ONCE, ids.size()), filter, count, found);
    });
  }

  private static boolean fits(Filter filter, Letter letter) {
    return filter.fits(new Filter.Candidate(letter.image().id(),
        String.valueOf(letter.entry().getString("url")), letter.config(),
        letter.image().createdAt()))
        && filter.any("failureFunctionState", letter.image().field("ff")
            .map(told -> new JsonObject(told).getString("state")).orElse(null))
        && filter.any("responseStatus", String.valueOf(letter.entry().getValue("status")));
  }

  private static String id(String dlqId) {
    return dlqId.startsWith(PREFIX) ? dlqId.substring(PREFIX.length()) : dlqId;
  }

  private Future<Optional<Letter>> read(String id) {
    return store.read(id).compose(image -> runs.config(id).compose(config -> runs.stored(id)
        .map(list -> image.flatMap(known -> known.field("dead")
            .flatMap(dead -> config.map(real -> new Letter(known, real, new JsonObject(dead),
                list.isEmpty() ? Buffer.buffer()
                    : Deliveries.parts(list.getFirst()).body())))))));
  }

  private static JsonObject shown(Letter letter) {
    var entry = letter.entry();
    var spec = Wire.decode(entry.getString("spec"), Spec.class).to(entry.getString("url"));
    var json = Messages.shown(letter.image(), letter.config(), spec, letter.body())
        .put("dlqId", PREFIX + letter.image().id())
        .put("messageId", entry.getValue("messageId"))
        .put("responseStatus", entry.getValue("status"))
        .put("responseHeader", entry.getValue("header"));
    var response = Redacted.of(letter.config()).body(String.valueOf(entry.getValue("body")));
    json.put("responseBody", response).put("responseBodyBase64",
        Base64.getEncoder().encodeToString(response.getBytes(StandardCharsets.UTF_8)));
    if (letter.run()) {
      json.put("workflowRunId", EndpointRuns.nameOf(letter.image().id()))
          .put("workflowCreatedAt", letter.image().createdAt())
          .put("workflowUrl", letter.config().url())
          .put("maxRetries", letter.config().retries());
      var failure = letter.config().failure();
      Messages.put(json, "failureCallback", failure == null ? null : failure.url());
      letter.image().field("ff").map(JsonObject::new).ifPresent(told -> json
          .put("failureCallbackInfo", told));
    }
    return json;
  }

  private Future<JsonObject> delete(Page page) {
    var gone = page.letters().stream().map(one -> runs.forget(one.image().id())).toList();
    return Future.all(gone).map(_ -> page.put(new JsonObject().put("deleted",
        gone.stream().filter(Future::result).count())));
  }

  /** What the request says in place of what the run was started with. */
  private static UnaryOperator<Config> overrides(Item item) {
    var retries = item.retries("upstash-retries");
    var flow = item.flow("upstash-");
    return config -> {
      var changed = retries.map(config::withRetries).orElse(config);
      return flow == null ? changed : changed.withOrigin(changed.from().withFlow(flow));
    };
  }

  private Future<JsonObject> again(String what, Page page, UnaryOperator<Config> change) {
    entrance.pass();
    var done = page.letters().stream().map(letter -> what.equals("retry") && !letter.run()
        ? retry(letter, change)
        : remade(what, letter, change)).toList();
    return Future.all(done).map(_ -> {
      var array = new JsonArray();
      done.forEach(one -> one.result().ifPresent(array::add));
      return page
          .put(new JsonObject().put(what.equals("retry") ? "responses" : "workflowRuns", array));
    });
  }

  private Future<Optional<JsonObject>> remade(String what, Letter letter,
      UnaryOperator<Config> change) {
    var id = letter.image().id();
    var made = what.equals("resume") ? runs.resume(id, change) : runs.restart(id, change);
    return made.map(remade -> remade instanceof Remade.Made(var fresh)
        ? Optional.of(new JsonObject().put("workflowRunId", fresh)
            .put("workflowCreatedAt", clock.millis()))
        : Optional.empty());
  }

  private Future<Optional<JsonObject>> retry(Letter letter, UnaryOperator<Config> change) {
    var spec = Wire.decode(letter.entry().getString("spec"), Spec.class);
    var config = change.apply(letter.config());
    var origin = config.from();
    var alone = config.withOrigin(origin.outOfQueue()); // it had its turn
    return runs.start(new Start("msg_" + Messages.drawn(), alone,
        spec.kind() == Kind.MESSAGE ? spec : spec.as(Kind.MESSAGE), letter.body(), Delay.NONE,
        false), Map.of("sp", letter.entry().getString("spec")))
        .compose(started -> runs.forget(letter.image().id())
            .map(_ -> Optional.of(new JsonObject().put("messageId", started.messageId()))));
  }

  /** The failure callback is made once more. */
  private Future<JsonObject> callback(String id) {
    return store.read(id).compose(image -> runs.tellFailure(id).map(told -> {
      if (image.isEmpty() || !told) {
        throw new No(404, "dlq message " + id + " not found, or it has no failure callback");
      }
      return new JsonObject().put("workflowRunId", EndpointRuns.nameOf(id))
          .put("workflowCreatedAt", image.get().createdAt());
    }));
  }
}
