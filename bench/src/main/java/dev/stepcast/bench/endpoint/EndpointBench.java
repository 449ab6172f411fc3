package dev.stepcast.bench.endpoint;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs of two steps a second, over HTTP only: triggers as {@code @upstash/workflow}'s client sends
 * them, {@code callers} at a time, and an endpoint that answers each delivery as its {@code serve}
 * does (submits the step while the delivery is open, then answers). A caller goes on when its run
 * is finished. Arguments: URL of Stepcast, token, runs, callers.
 */
final class EndpointBench {
  private static final PrintStream OUT = System.out;
  private static final String FLOW = "/flow";

  private final HttpClient client;
  private final String token;
  private final URI stepcast;
  private final ConcurrentHashMap<String, Runnable> running = new ConcurrentHashMap<>();
  private final AtomicInteger left;
  private final AtomicInteger odd = new AtomicInteger();
  private final CountDownLatch done;
  private String flow = "";

  private EndpointBench(Vertx vertx, URI stepcast, String token, int runs) {
    this.client = vertx.createHttpClient(new HttpClientOptions().setTcpNoDelay(true),
        new PoolOptions().setHttp1MaxSize(512));
    this.stepcast = stepcast;
    this.token = token;
    this.left = new AtomicInteger(runs);
    this.done = new CountDownLatch(runs);
  }

  static void main(String[] args) throws InterruptedException {
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)
        .setEventLoopPoolSize(1));
    int runs = Integer.parseInt(args[2]);
    int callers = Integer.parseInt(args[3]);
    var url = URI.create(args[0]);
    new EndpointBench(vertx, url, args[1], runs / 2).measure(vertx, callers, "warm");
    new EndpointBench(vertx, url, args[1], runs).measure(vertx, callers, "measured");
    System.exit(0);
  }

  private void measure(Vertx vertx, int callers, String what) throws InterruptedException {
    var server = vertx.createHttpServer().requestHandler(this::delivery).listen(0, "127.0.0.1")
        .toCompletionStage().toCompletableFuture().join();
    flow = "http://127.0.0.1:" + server.actualPort() + FLOW;
    long count = done.getCount();
    long began = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      trigger();
    }
    done.await();
    double seconds = (System.nanoTime() - began) / 1e9;
    OUT.printf("%s: %d runs of two steps in %.2f s: %.0f runs/s, %d odd answers%n", what, count,
        seconds, count / seconds, odd.get());
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private void trigger() {
    if (left.getAndDecrement() <= 0) {
      return;
    }
    var id = "wfr_" + UUID.randomUUID();
    running.put(id, () -> {
      done.countDown();
      trigger();
    });
    var headers = headers(id, true).put("upstash-failure-callback", flow);
    send(HttpMethod.POST, "/v2/batch", new JsonArray().add(new JsonObject()
        .put("destination", flow).put("headers", headers)
        .put("body", "{\"userId\":\"user-123\",\"action\":\"process-data\"}")).toBuffer());
  }

  private JsonObject headers(String id, boolean init) {
    return new JsonObject().put("content-type", "application/json")
        .put("upstash-workflow-init", String.valueOf(init)).put("upstash-workflow-runid", id)
        .put("upstash-workflow-url", flow).put("upstash-method", "POST")
        .put("upstash-feature-set", "LazyFetch,InitialBody,WF_DetectTrigger,WF_TriggerOnConfig")
        .put("upstash-workflow-sdk-version", "1")
        .put("upstash-forward-upstash-workflow-sdk-version", "1");
  }

  private void delivery(HttpServerRequest request) {
    var id = request.getHeader("Upstash-Workflow-RunId");
    request.body().compose(body -> {
      int steps = body.toJsonArray().size() - 1;
      return steps < 2 ? step(id, steps + 1)
          : send(HttpMethod.DELETE, "/v2/workflows/runs/" + id + "?cancel=false",
              Buffer.buffer("{\"success\":true}"));
    }).onComplete(submitted -> {
      boolean last = request.response().closed();
      request.response().putHeader("Upstash-Workflow-Sdk-Version", "1")
          .putHeader("Upstash-workflow-sdk", "v1.3.2").putHeader("content-type", "application/json")
          .end("{\"workflowRunId\":\"" + id + "\",\"finishCondition\":\"success\"}");
      if (last || submitted.failed()) {
        odd.incrementAndGet();
      } else if (submitted.result().equals("finished")) {
        var next = running.remove(id);
        if (next != null) {
          next.run();
        }
      }
    });
  }

  private Future<String> step(String id, int number) {
    var step = new JsonObject().put("stepId", number).put("stepName", "step-" + number)
        .put("stepType", "Run").put("out", "{\"valid\":true,\"userId\":\"user-123\"}")
        .put("concurrent", 1);
    return send(HttpMethod.POST, "/v2/batch", new JsonArray().add(new JsonObject()
        .put("destination", flow).put("headers", headers(id, false)).put("body", step.encode()))
        .toBuffer());
  }

  private Future<String> send(HttpMethod method, String path, Buffer body) {
    return client.request(new RequestOptions().setMethod(method).setHost(stepcast.getHost())
        .setPort(stepcast.getPort()).setURI(path)
        .putHeader("Authorization", "Bearer " + token)
        .putHeader("Content-Type", "application/json"))
        .compose(request -> request.send(body))
        .compose(response -> response.body().map(_ -> {
          if (response.statusCode() / 100 != 2) {
            odd.incrementAndGet();
          }
          return method == HttpMethod.DELETE ? "finished" : "sent";
        }));
  }
}
