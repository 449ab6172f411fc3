package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.query.RunQueries;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as the packages ask about them: their lists, their logs, their end. */
final class Runs {
  /** What one answer holds at most, where nothing less is asked for. */
  static final int COUNT_MAX = 100;
  private static final int PAGES_MAX = 50;

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
    var ended = ids.stream().map(Item::ownId).map(runs::cancel).toList();
    return Future.all(ended).map(_ -> new JsonObject().put("cancelled",
        ended.stream().filter(Future::result).count()));
  }

  /** By ids, or by what they have in common. */
  Future<JsonObject> cancel(MultiMap query) {
    var ids = Filter.all(query, "workflowRunIds");
    if (!ids.isEmpty()) {
      return cancel(ids);
    }
    if (query.isEmpty()) {
      throw new No(400, "say which runs: workflowRunIds, a filter, or count for all of them");
    }
    var found = new Found(new Filter(query), false, count(query, COUNT_MAX), new ArrayList<>());
    return more(found, query.get("cursor"), 0).compose(cursor -> cancel(found.ids())
        .map(json -> cursor.map(next -> json.put("cursor", next)).orElse(json)));
  }

  /** The logs of one run, or of those that fit. */
  Future<JsonObject> logs(MultiMap query) {
    var id = query.get("workflowRunId");
    if (id != null) {
      return named(Item.ownId(id), new ArrayList<>()).compose(ids -> shown(ids, query))
          .map(array -> new JsonObject().put("runs", array));
    }
    var found = new Found(new Filter(query), true, count(query, COUNT_MAX), new ArrayList<>());
    return more(found, query.get("cursor"), 0).compose(cursor -> shown(found.ids(), query)
        .map(array -> {
          var json = new JsonObject().put("runs", array);
          cursor.ifPresent(next -> json.put("cursor", next));
          return json;
        }));
  }

  private Future<JsonArray> shown(List<String> ids, MultiMap query) {
    var at = query.get("workflowCreatedAt");
    var logs = ids.stream().map(this::log).toList();
    return Future.all(logs).map(_ -> {
      var array = new JsonArray();
      logs.forEach(log -> log.result().filter(json -> at == null
          || at.equals(String.valueOf(json.getValue("workflowRunCreatedAt"))))
          .ifPresent(array::add));
      return array;
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

  /** Runs of endpoints that fit, so far; {@code ended}: those too that have ended. */
  private record Found(Filter filter, boolean ended, int most, List<String> ids) {
    int left() {
      return most - ids.size();
    }

    @Nullable
    RunState state() {
      return switch (String.valueOf(filter.query().get("state"))) {
        case "RUN_SUCCESS" -> RunState.SUCCEEDED;
        case "RUN_FAILED" -> RunState.FAILED;
        case "RUN_CANCELED" -> RunState.CANCELED;
        default -> null;
      };
    }

    boolean may(RunHead head) {
      boolean open = !ended || "RUN_STARTED".equals(filter.query().get("state"));
      return head.executor() == Executor.ENDPOINT && !(open && head.state().ended());
    }
  }

  /** Looks on, newest first. @return where to go on another time; empty at the end */
  private Future<Optional<String>> more(Found found, @Nullable String cursor, int pages) {
    if (found.left() == 0 || pages == PAGES_MAX) {
      return Future.succeededFuture(Optional.ofNullable(cursor));
    }
    var filter = new RunFilter(found.state(), null, null, null, null);
    return queries.list(filter, new RunQueries.Page(cursor, found.left())).compose(page -> {
      var fit = page.runs().stream().filter(found::may).map(head -> fits(found, head)).toList();
      return Future.all(fit).compose(_ -> {
        fit.forEach(one -> one.result().ifPresent(found.ids()::add));
        var next = page.cursor();
        return next == null ? Future.succeededFuture(Optional.empty())
            : more(found, next, pages + 1);
      });
    }).recover(cause -> Future.failedFuture(cause instanceof IllegalArgumentException
        ? new No(400, "cursor: want the cursor of the page before")
        : cause));
  }

  private Future<Optional<String>> fits(Found found, RunHead head) {
    var id = head.workflowRunId();
    return runs.config(id).map(config -> config.filter(known -> found.filter()
        .fits(new Filter.Candidate(id, known.url(), known, head.createdAt()))).map(_ -> id));
  }

  static int count(MultiMap query, int most) {
    var count = query.get("count");
    return count == null || !count.matches("\\d{1,6}") ? most
        : Math.clamp(Integer.parseInt(count), 1, most);
  }
}
