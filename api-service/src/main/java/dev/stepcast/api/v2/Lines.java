package dev.stepcast.api.v2;

import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.bus.Bus;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.group.UrlGroups.Endpoint;
import dev.stepcast.runs.group.UrlGroups.Group;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.queue.Queues;
import dev.stepcast.runs.queue.Queues.Queue;
import dev.stepcast.schemas.FlowControl;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How messages get in line: queues, URL groups and flow control. */
final class Lines {
  private static final int PARALLELISM_MAX = 10_000;
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private final Queues queues;
  private final UrlGroups groups;
  private final Limits limits;
  private final Deliveries deliveries;

  Lines(Queues queues, UrlGroups groups, Limits limits, Deliveries deliveries) {
    this.queues = queues;
    this.groups = groups;
    this.limits = limits;
    this.deliveries = deliveries;
  }

  /** {@code queues…} */
  Future<?> queues(Ask ask) {
    var name = ask.word(1);
    return switch (ask.method() + " " + ask.word(2)) {
      case "POST " -> name.isEmpty() ? put(ask.json()) : V2Routes.none(ask);
      case "GET " -> name.isEmpty()
          ? queues.all().map(all -> array(all.stream().map(Lines::shown)))
          : queues.get(name).map(found -> shown(found
              .orElseThrow(() -> new No(404, "queue " + name + " not found"))));
      case "DELETE " -> queues.delete(name).map("");
      case "POST pause" -> queues.pause(name, true).map("");
      case "POST resume" -> queues.pause(name, false).map("");
      default -> V2Routes.none(ask);
    };
  }

  private Future<String> put(JsonObject json) {
    var name = json.getString("queueName", "");
    int parallelism = json.getInteger("parallelism", 1);
    if (name.isEmpty() || parallelism < 1 || parallelism > PARALLELISM_MAX) {
      throw new No(400, "want queueName, and parallelism from 1 to " + PARALLELISM_MAX);
    }
    return queues.put(name, parallelism, json.getBoolean("paused", false)).map("");
  }

  private static JsonObject shown(Queue queue) {
    return new JsonObject().put("name", queue.name()).put("parallelism", queue.parallelism())
        .put("lag", queue.lag()).put("paused", queue.paused()).put("createdAt", queue.createdAt())
        .put("updatedAt", queue.updatedAt());
  }

  /** {@code topics…} */
  Future<?> groups(Ask ask) {
    var name = ask.word(1);
    return switch (ask.method() + " " + ask.word(2)) {
      case "POST endpoints" -> groups.add(name, endpoints(ask.json())).map("");
      case "DELETE endpoints" -> groups.remove(name, members(ask.json())).map("");
      case "DELETE " -> groups.delete(name).map("");
      case "GET " -> name.isEmpty()
          ? groups.all().map(all -> array(all.stream().map(Lines::shown)))
          : groups.get(name).map(found -> shown(found
              .orElseThrow(() -> new No(404, "url group " + name + " not found"))));
      default -> V2Routes.none(ask);
    };
  }

  private static List<Endpoint> endpoints(JsonObject json) {
    var all = json.getJsonArray("endpoints", new JsonArray()).stream().map(JsonObject.class::cast)
        .map(one -> new Endpoint(one.getString("url", ""), one.getString("name"))).toList();
    if (all.isEmpty() || !all.stream().allMatch(one -> Messages.url(one.url()))) {
      throw new No(400, "want endpoints, each with a url that begins with http:// or https://");
    }
    return all;
  }

  private static List<String> members(JsonObject json) {
    return json.getJsonArray("endpoints", new JsonArray()).stream().map(JsonObject.class::cast)
        .map(one -> one.getString("url", one.getString("name", ""))).toList();
  }

  private static JsonObject shown(Group group) {
    return new JsonObject().put("name", group.name()).put("createdAt", group.createdAt())
        .put("updatedAt", group.updatedAt())
        .put("endpoints", array(group.endpoints().stream().map(one -> {
          var json = new JsonObject().put("url", one.url());
          Messages.put(json, "name", one.name());
          return json;
        })));
  }

  /** {@code flowControl…} */
  Future<?> flow(Ask ask) {
    var key = ask.word(1);
    var query = ask.query();
    return switch (ask.method() + " " + ask.word(2)) {
      case "GET " -> limits.view(key).map(view -> shown(key, view));
      case "POST pause" -> limits.pause(key).map("");
      case "POST resume" -> limits.resume(key).compose(this::pass);
      case "POST pin" -> limits.pin(new FlowControl(key, number(query, "parallelism"),
          number(query, "rate"), period(query))).compose(this::pass);
      case "POST unpin" -> limits
          .unpin(key, "true".equals(query.get("parallelism")), "true".equals(query.get("rate")))
          .map("");
      case "POST resetRate" -> limits.resetRate(key).compose(this::pass);
      default -> V2Routes.none(ask);
    };
  }

  /** {@code globalParallelism}: calls that are open now, and the most, of all nodes that answer. */
  static Future<JsonObject> callsOfAllNodes(Bus bus) {
    return bus.askEach("node", new JsonObject(), WITHIN).map(answers -> {
      long now = 0;
      long most = 0;
      for (var answer : answers.values()) {
        if (answer instanceof Answer.Replied(var told)) {
          var load = told.getJsonObject("load", new JsonObject());
          now += load.getLong("calls", 0L);
          most += load.getLong("callsMax", 0L);
        }
      }
      return new JsonObject().put("parallelismMax", most).put("parallelismCount", now);
    });
  }

  /** Those who wait may ask again. */
  private Future<String> pass(List<String> waiting) {
    return Future.all(waiting.stream().map(deliveries::pass).toList()).map("");
  }

  private static @Nullable Integer number(MultiMap query, String name) {
    var text = query.get(name);
    if (text != null && !text.matches("\\d{1,9}")) {
      throw new No(400, name + ": want a whole number");
    }
    return text == null ? null : Integer.valueOf(text);
  }

  private static @Nullable Integer period(MultiMap query) {
    var text = query.get("period");
    return text == null ? null : Integer.valueOf((int) Durations.ms(text));
  }

  private static JsonObject shown(String key, Limits.View view) {
    return new JsonObject().put("flowControlKey", key).put("waitListSize", view.waiting().size())
        .put("parallelismMax", view.parallelism()).put("parallelismCount", view.active())
        .put("rateMax", view.rate()).put("rateCount", view.begun())
        .put("ratePeriod", view.periodMs() / 1000).put("ratePeriodStart", view.periodAt() / 1000)
        .put("isPaused", view.paused()).put("isPinnedParallelism", view.pinnedParallelism())
        .put("isPinnedRate", view.pinnedRate());
  }

  private static JsonArray array(Stream<JsonObject> all) {
    return new JsonArray(all.toList());
  }
}
