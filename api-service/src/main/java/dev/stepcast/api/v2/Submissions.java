package dev.stepcast.api.v2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.endpoint.EndpointRuns.Started;
import dev.stepcast.runs.endpoint.EndpointRuns.Submitted;
import dev.stepcast.runs.endpoint.EndpointRuns.Wait;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What messages mean: the start of a run, a step of one, a call to a third party on its behalf, the
 * start of a child, or a message of its own.
 */
final class Submissions {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EndpointRuns runs;
  private final Messages messages;
  private final Limits limits;
  private final Entrance entrance;

  Submissions(EndpointRuns runs, Messages messages, Limits limits, Entrance entrance) {
    this.runs = runs;
    this.entrance = entrance;
    this.messages = messages;
    this.limits = limits;
  }

  /** All of them; the members that belong to one run are taken together or not at all. */
  Future<JsonArray> batch(List<Item> items) {
    items.forEach(Submissions::check);
    return entrance.pass(items).compose(_ -> each(items));
  }

  private Future<JsonArray> each(List<Item> items) {
    var answers = new ArrayList<Future<? extends List<?>>>();
    for (int from = 0; from < items.size();) {
      int to = from + 1;
      while (to < items.size() && step(items.get(from)) && step(items.get(to))
          && items.get(from).runId().equals(items.get(to).runId())) {
        to++;
      }
      answers.add(step(items.get(from)) ? steps(items.subList(from, to))
          : submit(items.get(from)).map(List::of));
      from = to;
    }
    return Future.all(answers).map(_ -> {
      var all = new JsonArray();
      answers.forEach(answer -> answer.result().forEach(all::add));
      return all;
    });
  }

  /** One of them. */
  Future<Object> one(Item item) {
    check(item);
    return entrance.pass(List.of(item)).compose(_ -> submit(item));
  }

  private Future<Object> submit(Item item) {
    if (item.starts() && item.invokes()) {
      return invoke(item).map(Object.class::cast);
    }
    return item.starts()
        ? start(item, id(item), item.config(null, false), item.body()).map(Object.class::cast)
        : step(item) ? steps(List.of(item)).map(List::getFirst)
            : messages.publish(item);
  }

  /** A run started without the endpoint's package. */
  Future<JsonObject> trigger(Item item) {
    check(item);
    entrance.pass();
    return start(item, id(item), item.config(null, true), item.body());
  }

  /** Several of them. */
  Future<JsonArray> triggers(List<Item> items) {
    var started = items.stream().map(this::trigger).toList();
    return Future.all(started)
        .map(_ -> new JsonArray(started.stream().map(Future::result).toList()));
  }

  private static void check(Item item) {
    item.delay();
    if (item.starts()) {
      item.config(null, false);
      if (item.queue() != null) {
        throw new No(400, "runs do not wait in queues: use flow control");
      }
    } else if (step(item) && !item.calls()) {
      step(item.body());
    }
  }

  private static boolean step(Item item) {
    return !item.starts() && item.runId().isPresent();
  }

  private static String id(Item item) {
    return item.runId().orElseGet(() -> {
      var bytes = new byte[16];
      RANDOM.nextBytes(bytes);
      return "wfr_" + HexFormat.of().formatHex(bytes);
    });
  }

  private Future<JsonObject> start(Item item, String id, Config config, Buffer body) {
    var flow = config.from().flow();
    return (flow == null ? Future.<Void>succeededFuture() : limits.published(flow))
        .compose(_ -> begin(item, id, config, body));
  }

  private Future<JsonObject> begin(Item item, String id, Config config, Buffer body) {
    return runs.start(new Start(id, config, item.step(1), body, item.delay(), item.anew()))
        .map(Submissions::started);
  }

  private static JsonObject started(Started started) {
    var answer = new JsonObject().put("messageId", started.messageId())
        .put("workflowRunId", started.id()).put("workflowCreatedAt", started.createdAt());
    return started.known() ? answer.put("deduplicated", true) : answer;
  }

  private Future<List<JsonObject>> steps(List<Item> items) {
    var run = items.getFirst().runId().orElseThrow();
    return runs.submit(run, items.stream().map(Submissions::item).toList())
        .map(submitted -> switch (submitted) {
          case Submitted.Appended(var ids) -> ids.stream()
              .map(id -> new JsonObject().put("messageId", id).put("workflowRunId", run)).toList();
          case Submitted.Gone() -> throw No.gone(run);
          case Submitted.Early() -> throw new No(409, "a step before this one is not recorded yet");
        });
  }

  private static EndpointRuns.Item item(Item item) {
    if (item.calls()) {
      var step = item.header("upstash-callback-forward-upstash-workflow-stepid")
          .orElseThrow(() -> new No(400, "a call needs the number of its step"));
      return new EndpointRuns.Item("c:" + step, "", "toCallback", item.body(),
          item.message(Kind.CALL), item.delay(), Optional.empty());
    }
    var step = step(item.body());
    int target = step.path("targetStep").asInt();
    int number = step.path("stepId").asInt();
    boolean alone = step.path("concurrent").asInt() <= 1;
    var key = target > 0 ? "p:" + target : "r:" + number;
    var need = target > 0 ? "" : alone ? "#" + (number - 1) : "p:" + number;
    var next = target > 0 ? Integer.valueOf(target) : alone ? Integer.valueOf(number + 1) : null;
    return new EndpointRuns.Item(key, need, "step", item.body(), item.step(next), delay(item, step),
        Optional.of(item.body().toString()));
  }

  /** The header is rounded to seconds: what the step says must not be over before its time. */
  private static Delay delay(Item item, JsonNode step) {
    var until = step.path("sleepUntil");
    return until.isNumber() && item.header("upstash-not-before").isPresent()
        ? new Delay(0, (long) Math.ceil(until.asDouble() * 1000))
        : item.delay();
  }

  private static JsonNode step(Buffer body) {
    try {
      var step = Wire.tree(body.toString());
      if (!step.path("stepId").isInt()) {
        throw new No(400, "not a step: it has no number");
      }
      return step;
    } catch (WireException e) {
      throw new No(400, "not a step: not JSON");
    }
  }

  /** The parent waits for the child, then the child starts; sent again, it is the same child. */
  private Future<JsonObject> invoke(Item item) {
    var body = item.body().toJsonObject();
    var parent = String.valueOf(body.getString("workflowRunId"));
    var step = body.getJsonObject("step");
    var wait = wait(item, EndpointRuns.INVOKE + id(item), 0, step);
    return runs.await(parent, wait).compose(event -> {
      var child = event.orElseThrow(() -> No.gone(parent)).substring(EndpointRuns.INVOKE.length());
      var payload = body.getValue("body");
      return start(item, child, item.config(parent, false),
          payload == null ? Buffer.buffer() : Buffer.buffer(payload.toString()));
    });
  }

  /** A step begins to wait for {@code event}. */
  Future<JsonObject> await(Item item, String event) {
    var run = item.runId().orElseThrow(() -> new No(400, "Upstash-Workflow-RunId is missing"));
    var body = item.body().toJsonObject();
    long timeout = body.getValue("timeout") == null ? 0
        : Durations.ms(body.getValue("timeout").toString());
    var step = body.getJsonObject("step").copy().put("waitEventId", event);
    step.remove("targetStep");
    return runs.await(run, wait(item, EndpointRuns.EVENT + event, timeout, step))
        .map(_waiting -> _waiting.orElseThrow(() -> No.gone(run)))
        .map(_ -> new JsonObject().put("workflowRunId", run));
  }

  private static Wait wait(Item item, String event, long timeoutMs, JsonObject step) {
    int number = step.getInteger("stepId");
    boolean alone = step.getInteger("concurrent", 1) <= 1;
    var forwards = new Item(item.destination(), java.util.Map.of(), Buffer.buffer(), null);
    return new Wait(number, event, timeoutMs, step.encode(),
        forwards.step(alone ? Integer.valueOf(number + 1) : null));
  }
}
