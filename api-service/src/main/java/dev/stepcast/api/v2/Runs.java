package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Executor;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunHead;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs as the packages ask about them: their lists, their logs, their end. */
final class Runs {
  private static final int COUNT = 100;

  private final EndpointRuns runs;
  private final RunStore store;
  private final RunQueries queries;

  Runs(Platform platform, EndpointRuns runs) {
    this.runs = runs;
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
    this.queries = new RunQueries(platform.redis(), platform.keys(), store, platform.clock());
  }

  /** What an endpoint asks for whose delivery had an empty body. */
  Future<String> messages(String id) {
    return runs.messages(id).map(list -> list
        .orElseThrow(() -> new No(404, "workflow run " + id + " is not active")));
  }

  /** The endpoint says that it is done; saying it again changes nothing. */
  Future<String> finish(String id, String result) {
    return runs.finish(id, result).map("");
  }

  Future<JsonObject> cancel(List<String> ids) {
    var ended = ids.stream().map(runs::cancel).toList();
    return Future.all(ended).map(_ -> new JsonObject().put("cancelled",
        ended.stream().filter(Future::result).count()));
  }

  /** By ids, or by what they have in common. */
  Future<JsonObject> cancel(MultiMap query) {
    var ids = all(query, "workflowRunIds");
    if (!ids.isEmpty()) {
      return cancel(ids);
    }
    return matching(query, count(query)).compose(heads -> cancel(heads.stream()
        .filter(head -> !head.state().ended()).map(RunHead::workflowRunId).toList()));
  }

  /** The logs of one run, or of those that fit. */
  Future<JsonObject> logs(MultiMap query) {
    var id = query.get("workflowRunId");
    var at = query.get("workflowCreatedAt");
    var heads = id == null ? matching(query, count(query)).map(found -> found.stream()
        .map(RunHead::workflowRunId).toList()) : named(id, new ArrayList<>());
    return heads.compose(ids -> {
      var logs = ids.stream().map(this::log).toList();
      return Future.all(logs).map(_ -> {
        var array = new JsonArray();
        logs.forEach(log -> log.result().filter(json -> id == null || at == null
            || at.equals(String.valueOf(json.getValue("workflowRunCreatedAt"))))
            .ifPresent(array::add));
        return new JsonObject().put("runs", array);
      });
    });
  }

  /** The run of that id, and those that had it before. */
  private Future<List<String>> named(String id, List<String> found) {
    found.add(id);
    return store.read(id).compose(image -> image.flatMap(run -> run.field("old"))
        .map(old -> named(old, found)).orElseGet(() -> Future.succeededFuture(found)));
  }

  private Future<Optional<JsonObject>> log(String id) {
    return store.read(id).compose(found -> {
      if (found.isEmpty() || found.get().executor() != Executor.ENDPOINT) {
        return Future.succeededFuture(Optional.empty());
      }
      return runs.config(id).compose(config -> runs.stored(id)
          .compose(list -> runs.errors(id).map(errors -> config.map(
              known -> new RunLog(found.get(), known, list, errors).json()))));
    });
  }

  private Future<List<RunHead>> matching(MultiMap query, int count) {
    var state = query.get("state") == null ? null : switch (query.get("state")) {
      case "RUN_SUCCESS" -> RunState.SUCCEEDED;
      case "RUN_FAILED" -> RunState.FAILED;
      case "RUN_CANCELED" -> RunState.CANCELED;
      default -> null;
    };
    var url = query.get("workflowUrl");
    boolean prefix = !"true".equals(query.get("workflowUrlExactMatch"))
        && query.get("workflowRunIds") == null;
    var labels = all(query, "label");
    return queries.list(new RunFilter(state, null, labels.isEmpty() ? null : labels.getFirst(),
        null, null), new RunQueries.Page(null, count)).map(
            list -> list.runs().stream()
                .filter(head -> head.executor() == Executor.ENDPOINT)
                .filter(head -> !"RUN_STARTED".equals(query.get("state")) || !head.state().ended())
                .filter(head -> url == null || head.workflow().equals(url)
                    || (prefix && head.workflow().startsWith(url)))
                .toList());
  }

  /** A message of its own. */
  Future<JsonObject> message(String id) {
    return runs.config(id).compose(config -> config.isEmpty()
        ? Future.failedFuture(new No(404, "message " + id + " not found"))
        : store.read(id).map(found -> shown(id, config.get(), found)));
  }

  private static JsonObject shown(String id, Config config, Optional<RunImage> image) {
    return new JsonObject().put("messageId", id).put("url", config.url())
        .put("createdAt", image.map(RunImage::createdAt).orElse(0L))
        .put("state", image.map(known -> switch (known.state()) {
          case SUCCEEDED -> "DELIVERED";
          case FAILED -> "FAILED";
          case CANCELED -> "CANCELED";
          case BACKING_OFF -> "RETRY";
          case RUNNING -> "ACTIVE";
          default -> "CREATED";
        }).orElse("CREATED"));
  }

  static List<String> all(MultiMap query, String name) {
    return query.getAll(name).stream().flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip).filter(text -> !text.isEmpty()).toList();
  }

  static int count(MultiMap query) {
    var count = query.get("count");
    return count == null || !count.matches("\\d{1,4}") ? COUNT
        : Math.clamp(Integer.parseInt(count), 1, COUNT);
  }
}
