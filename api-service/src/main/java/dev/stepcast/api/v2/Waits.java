package dev.stepcast.api.v2;

import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What ends waits: events and webhooks. */
final class Waits {
  private final EndpointRuns runs;

  Waits(EndpointRuns runs) {
    this.runs = runs;
  }

  /** {@code <event>}, or {@code <run>/<event>}: then it is kept until the run waits for it. */
  Future<JsonArray> notify(String path, Buffer data) {
    int slash = path.indexOf('/');
    var first = slash < 0 ? "" : V2Routes.decoded(path.substring(0, slash));
    if (!first.startsWith("wfr_")) {
      return runs.notify(EndpointRuns.EVENT + V2Routes.decoded(path), data).map(Waits::told);
    }
    var event = V2Routes.decoded(path.substring(slash + 1));
    return runs.notify(first, EndpointRuns.EVENT + event, EndpointRuns.arrival(data), true)
        .map(arrived -> told(List.of(first)));
  }

  private static JsonArray told(List<String> ids) {
    var array = new JsonArray();
    ids.forEach(id -> array.add(new JsonObject().put("messageId", id).put("workflowRunId", id)
        .put("waiter", new JsonObject().put("workflowRunId", id))));
    return array;
  }

  Future<JsonArray> waiters(String event) {
    var name = EndpointRuns.EVENT + event;
    return runs.waiters(name).compose(ids -> {
      var all = ids.stream().map(id -> runs.config(id).compose(config -> runs.deadline(id, name)
          .map(until -> config.flatMap(known -> until.map(at -> waiter(id, known, at))))))
          .toList();
      return Future.all(all).map(_ -> {
        var array = new JsonArray();
        all.forEach(one -> one.result().ifPresent(array::add));
        return array;
      });
    });
  }

  private static JsonObject waiter(String id, Config config, long deadline) {
    var headers = new JsonObject().put("Upstash-Workflow-Runid", new JsonArray().add(id))
        .put("Upstash-Workflow-Url", new JsonArray().add(config.url()));
    return new JsonObject().put("url", config.url()).put("deadline", deadline / 1000)
        .put("headers", headers).put("timeoutUrl", config.url()).put("timeoutHeaders", headers);
  }

  /** {@code workflows/hooks/<user>/<run>/<event>}: anybody may call it who knows it. */
  Future<String> hook(RoutingContext ctx, String path) {
    var parts = path.split("/", 5);
    if (parts.length < 5) {
      return Future.failedFuture(new No(404, "no such webhook"));
    }
    var request = ctx.request();
    var headers = new JsonObject();
    request.headers().names().forEach(name -> headers.put(canonical(name),
        new JsonArray(request.headers().getAll(name))));
    var authority = request.authority();
    var told = new JsonObject().put("method", request.method().name()).put("header", headers)
        .put("body", java.util.Base64.getEncoder()
            .encodeToString(V2Routes.body(ctx).getBytes()))
        .put("proto", request.scheme()).put("host", String.valueOf(authority))
        .put("url", request.uri());
    return runs.notify(V2Routes.decoded(parts[3]), EndpointRuns.EVENT + V2Routes.decoded(parts[4]),
        EndpointRuns.arrival(told.toBuffer()), true).map("");
  }

  static String canonical(String name) {
    return Stream.of(name.split("-", -1))
        .map(word -> word.isEmpty() ? word
            : word.substring(0, 1).toUpperCase(Locale.ROOT)
                + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("-"));
  }
}
