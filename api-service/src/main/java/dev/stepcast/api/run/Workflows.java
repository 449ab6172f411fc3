package dev.stepcast.api.run;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The catalog as api-service sees it: remembered for a moment, so that a trigger does not ask for
 * it, with each payload schema ready to check. A name that is not remembered is asked for at once.
 */
final class Workflows {
  private static final Duration REMEMBERED = Duration.ofSeconds(2);
  private static final int KNOWN_MAX = 10_000;

  private final Vertx vertx;
  private final Catalog catalog;
  private final SchemaBook schemas;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** A workflow that can be triggered. */
  record Known(WorkflowInfo info, JsonObject schema, SchemaBook.Check check) {
    /** What is run where the caller sent nothing: the schema's default, else the sample. */
    RawJson defaultPayload() {
      if (schema.containsKey("default")) {
        return new RawJson(Json.encode(schema.getValue("default")));
      }
      return info.samplePayload() == null ? RawJson.NULL : info.samplePayload();
    }

    /** Why {@code payload} is no payload of this workflow's, by its place in the request. */
    Optional<Problem> complaint(RawJson payload) {
      return check.complaint(SchemaBook.parse(Buffer.buffer(payload.text())), "/payload");
    }
  }

  Workflows(Vertx vertx, Catalog catalog, SchemaBook schemas) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.schemas = schemas;
  }

  /** All that are announced. */
  Future<List<WorkflowInfo>> all() {
    return catalog.list();
  }

  /** The workflow so named. */
  Future<Optional<Known>> find(String name) {
    var remembered = known.get(name);
    return remembered != null ? Future.succeededFuture(Optional.of(remembered))
        : catalog.find(name).map(found -> found.map(this::remember));
  }

  private Known remember(WorkflowInfo info) {
    var schema = new JsonObject(info.payloadSchema().text());
    var fresh = new Known(info, schema, schemas.compile(schema));
    if (known.size() < KNOWN_MAX) {
      known.put(info.name(), fresh);
      vertx.setTimer(REMEMBERED.toMillis(), _ -> known.remove(info.name(), fresh));
    }
    return fresh;
  }
}
