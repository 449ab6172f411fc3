package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Config.Origin;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.log.MessageLog;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages of their own: delivered to a URL, once accepted for good. */
final class Messages {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final EndpointRuns runs;
  private final Keys keys;
  private final RunStore store;
  private final UrlGroups groups;
  private final Limits limits;
  private final MessageLog log;

  Messages(Platform platform, EndpointRuns runs, UrlGroups groups, Limits limits) {
    this.runs = runs;
    this.keys = platform.keys();
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
    this.groups = groups;
    this.limits = limits;
    this.log = new MessageLog(platform.redis(), platform.keys());
  }

  /** Accepts one, or one for each member of a group: an object, or an array of them. */
  Future<Object> publish(Item item) {
    if (item.destination().startsWith("api/")) {
      throw new No(400, item.destination() + " is not offered, see docs/COMPATIBILITY.md");
    }
    if (url(item.destination())) {
      return one(item, config(item), item.destination()).map(Object.class::cast);
    }
    var name = Ask.decoded(item.destination().split("\\?", 2)[0]);
    return groups.get(name).compose(found -> {
      var group = found.orElseThrow(() -> new No(404, "url group " + name + " not found"));
      var sent = group.endpoints().stream().map(to -> {
        var config = config(item);
        return one(item, config.withOrigin(config.from().inGroup(name, to.name())), to.url())
            .map(answer -> answer.put("url", to.url()));
      }).toList();
      return Future.all(sent).map(_ -> new JsonArray(sent.stream().map(Future::result).toList()));
    });
  }

  static boolean url(String destination) {
    return destination.matches("https?://.+");
  }

  private Future<JsonObject> one(Item item, Config config, String url) {
    var spec = item.message(Kind.MESSAGE).to(url);
    var id = id(item, url, config.from().queue());
    var flow = config.from().flow();
    var start = new Start(id, config.to(url), spec, item.body(), item.delay(), false);
    return (flow == null ? Future.<Void>succeededFuture() : limits.published(flow))
        .compose(_ -> runs.start(start, Map.of("sp", Wire.encode(spec)))).map(started -> {
          var answer = new JsonObject().put("messageId", started.messageId());
          return started.known() ? answer.put("deduplicated", true) : answer;
        });
  }

  /** What holds for a message, wherever it goes. */
  static Config config(Item item) {
    return new Config(item.destination(), 0, null, Map.of(), null, item.labels(), null, false,
        item.origin());
  }

  /** The same id for what is the same message, so that it is accepted once; beside its queue. */
  private String id(Item item, String url, @Nullable String queue) {
    var given = item.header("upstash-deduplication-id").map(id -> id + "\n" + url)
        .or(() -> item.header("upstash-content-based-deduplication").filter("true"::equals)
            .map(_ -> url + "\n" + item.body() + "\n" + item.header("content-type").orElse("")
                + "\n" + item.under("upstash-forward-")));
    for (int i = 0;; i++) {
      int number = i;
      var id = "msg_" + given.map(text -> hash(text + (number == 0 ? "" : "\n" + number)))
          .orElseGet(Messages::drawn);
      if (queue == null || keys.partition(id) == keys.partition(queue)) {
        return id;
      }
    }
  }

  static String drawn() {
    var bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One of them. */
  Future<JsonObject> get(String id) {
    return runs.config(id).compose(config -> store.read(id).compose(image -> runs.stored(id)
        .map(list -> {
          if (config.isEmpty() || image.isEmpty()) {
            throw new No(404, "message " + id + " not found");
          }
          var spec = image.get().field("sp").map(text -> Wire.decode(text, Spec.class))
              .orElseGet(() -> Spec.of(Kind.MESSAGE, config.get().url(), "POST"));
          var body = list.isEmpty() ? Buffer.buffer()
              : Deliveries.parts(list.getFirst()).body();
          return shown(image.get(), config.get(), spec, body).put("state", state(image.get()));
        })));
  }

  private static String state(RunImage image) {
    return switch (image.state()) {
      case SUCCEEDED -> "DELIVERED";
      case FAILED -> "FAILED";
      case CANCELED -> "CANCELED";
      case BACKING_OFF -> "RETRY";
      case RUNNING -> "ACTIVE";
      default -> "CREATED";
    };
  }

  /** As the package shows a message. */
  static JsonObject shown(RunImage image, Config config, Spec spec, Buffer body) {
    var redacted = Redacted.of(config);
    var json = new JsonObject().put("messageId", image.id()).put("url", String.valueOf(spec.url()))
        .put("method", spec.method()).put("header", redacted.headers(spec.headers()))
        .put("maxRetries", spec.retries()).put("createdAt", image.createdAt());
    redacted.putBody(json, "body", body);
    put(json, "retryDelayExpression", spec.retryDelay());
    put(json, "notBefore", image.field("due").map(Long::valueOf).orElse(null));
    put(json, "callback", Optional.ofNullable(spec.callback()).map(Spec::url).orElse(null));
    put(json, "failureCallback", Optional.ofNullable(spec.failure()).map(Spec::url).orElse(null));
    origin(json, config);
    return json;
  }

  /** Where it came from, and what it shares. */
  static void origin(JsonObject json, Config config) {
    Origin from = config.from();
    put(json, "topicName", from.group());
    put(json, "endpointName", from.endpoint());
    put(json, "queueName", from.queue());
    put(json, "scheduleId", from.schedule());
    put(json, "callerIP", from.callerIp());
    var flow = from.flow();
    if (flow != null) {
      put(json, "flowControlKey", flow.key());
      put(json, "parallelism", flow.parallelism());
      put(json, "rate", flow.rate());
      put(json, "period", flow.periodMs() == null ? null : Integer.valueOf(flow.periodMs() / 1000));
    }
    if (!config.labels().isEmpty()) {
      json.put("label", config.labels().getFirst()).put("labels", new JsonArray(config.labels()));
    }
  }

  static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /** Takes back those with these ids, or those that fit and have not ended. */
  Future<JsonObject> cancel(MultiMap query) {
    var ids = Filter.all(query, "messageIds");
    if (ids.isEmpty() && query.isEmpty()) {
      throw new No(400, "say which messages: messageIds, a filter, or count for all of them");
    }
    return (ids.isEmpty() ? matching(new Filter(query)) : Future.succeededFuture(ids))
        .compose(all -> cancel(all));
  }

  Future<JsonObject> cancel(List<String> ids) {
    var ended = ids.stream().filter(id -> id.startsWith("msg_")).map(runs::cancel).toList();
    return Future.all(ended).map(_ -> new JsonObject().put("cancelled",
        ended.stream().filter(Future::result).count()));
  }

  private Future<List<String>> matching(Filter filter) {
    return log.pending().compose(pending -> {
      var fit = pending.stream().map(one -> runs.config(one.id()).map(found -> found
          .filter(config -> filter.fits(
              new Filter.Candidate(one.id(), config.url(), config, one.at())))
          .map(_ -> one.id()))).toList();
      return Future.all(fit).map(_ -> fit.stream().map(Future::result).flatMap(Optional::stream)
          .toList());
    });
  }

  /** What happened, newest first. */
  Future<JsonObject> log(MultiMap query) {
    var filter = new Filter(query);
    int count = Runs.count(query, Runs.COUNT_MAX);
    return log.page(new MessageLog.Ask(one -> fits(filter, one), query.get("cursor"), count))
        .map(page -> {
          var events = new JsonArray();
          page.all().forEach(one -> events.add(event(one)));
          var json = new JsonObject().put("events", events).put("logs", events);
          put(json, "cursor", page.cursor());
          return json;
        });
  }

  private static boolean fits(Filter filter, MessageLog.Happened one) {
    var fields = one.fields();
    var labels = fields.getOrDefault("lb", "");
    return filter.any("messageId", fields.get("id")) && filter.any("messageIds", fields.get("id"))
        && filter.any("state", fields.get("st")) && filter.any("url", fields.get("url"))
        && filter.any("queueName", fields.get("q")) && filter.any("scheduleId", fields.get("sch"))
        && filter.any("topicName", fields.get("grp"))
        && filter.any("flowControlKey", fields.get("fk"))
        && filter.any("callerIp", fields.get("ip"))
        && filter.labels(labels.isEmpty() ? List.of() : List.of(labels.split(",", -1)))
        && filter.place(fields.getOrDefault("url", "")) && filter.within(one.at());
  }

  /** What is stored is the attempt, or the dead letter, whole. */
  private static @Nullable String error(@Nullable String stored) {
    if (stored == null) {
      return null;
    }
    var json = new JsonObject(stored);
    return json.getString("reason", json.getString("error"));
  }

  private static JsonObject event(MessageLog.Happened one) {
    var fields = one.fields();
    var json = new JsonObject().put("time", one.at()).put("messageId", fields.get("id"))
        .put("state", fields.get("st")).put("url", fields.get("url"));
    put(json, "queueName", fields.get("q"));
    put(json, "scheduleId", fields.get("sch"));
    put(json, "topicName", fields.get("grp"));
    put(json, "flowControlKey", fields.get("fk"));
    put(json, "callerIP", fields.get("ip"));
    put(json, "error", error(fields.get("error")));
    put(json, "nextDeliveryTime",
        fields.get("due") == null ? null : Long.valueOf(String.valueOf(fields.get("due"))));
    var labels = fields.get("lb");
    if (labels != null) {
      var all = List.of(labels.split(",", -1));
      json.put("label", all.getFirst()).put("labels", new JsonArray(all));
    }
    return json;
  }
}
