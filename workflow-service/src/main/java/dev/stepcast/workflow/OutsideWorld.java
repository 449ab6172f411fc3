package dev.stepcast.workflow;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.catalog.Versions;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WorkflowInfo;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.execution.Surroundings.World;
import dev.stepcast.workflow.outside.Answer;
import dev.stepcast.workflow.outside.Caller;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Other workflows, and HTTP: redirects are answers, not followed, and answers are bounded. */
final class OutsideWorld implements World {
  private final Registry registry;
  private final Elsewhere elsewhere;
  private final Caller caller;
  private final SchemaBook schemas;
  private final Map<String, SchemaBook.Check> checks = new ConcurrentHashMap<>();

  /** What other nodes have. */
  record Elsewhere(Catalog catalog, Versions versions) {}

  OutsideWorld(Registry registry, Elsewhere elsewhere, Caller caller, SchemaBook schemas) {
    this.registry = registry;
    this.elsewhere = elsewhere;
    this.caller = caller;
    this.schemas = schemas;
  }

  /** Of those here; else as the nodes that have it announced it. */
  @Override
  public Future<Optional<String>> version(String workflow) {
    var here = registry.version(workflow);
    return here.isPresent() ? Future.succeededFuture(here)
        : elsewhere.catalog().find(workflow).map(found -> found.map(WorkflowInfo::version));
  }

  @Override
  public Future<Map<String, Set<String>>> nodes(String workflow) {
    return elsewhere.versions().of(workflow);
  }

  @Override
  public Optional<String> complaint(String workflow, RawJson payload) {
    return registry.payloadSchema(workflow).flatMap(schema -> checks
        .computeIfAbsent(workflow, _ -> schemas.compile(new JsonObject(schema.text())))
        .complaint(SchemaBook.parse(Buffer.buffer(payload.text())), "")).map(Problem::detail);
  }

  @Override
  public Reply call(Call call, String key) throws IOException, InterruptedException {
    if (!Caller.callable(call.url())) {
      throw new NonRetryable("want an http or https URL");
    }
    var headers = new HashMap<>(call.headers());
    headers.put("idempotency-key", key);
    var body = call.body() == null ? Buffer.buffer() : Buffer.buffer(call.body());
    var answer = answer(new Caller.Call(call.method(), call.url(), headers, body, call.timeout()));
    if (answer.status() == 0) {
      throw new IOException(call.method() + " " + call.url() + ": " + answer.body());
    }
    return new Reply(answer.status(), headers(answer), answer.body().toString());
  }

  private Answer answer(Caller.Call call) throws InterruptedException {
    try {
      return caller.call(call).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Map<String, String> headers(Answer answer) {
    var headers = new TreeMap<String, String>();
    for (var name : answer.headers().names()) {
      headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", answer.headers().getAll(name)));
    }
    return headers;
  }
}
