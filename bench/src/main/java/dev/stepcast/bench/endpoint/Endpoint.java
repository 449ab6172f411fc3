package dev.stepcast.bench.endpoint;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Triggers runs as {@code @upstash/workflow}'s client does, and answers their deliveries as its
 * {@code serve} does: it submits the step while the delivery is open, then answers. Lean: nothing
 * is parsed that need not be, so that it is Stepcast which is measured.
 */
final class Endpoint {
  private static final String FLOW = "/flow";
  private static final byte[] MESSAGE = "{\"messageId\"".getBytes(
      java.nio.charset.StandardCharsets.US_ASCII);

  private final Vertx vertx;
  private final HttpClient client;
  private final String flow;
  private final ConcurrentHashMap<String, Runnable> running = new ConcurrentHashMap<>();
  private final AtomicInteger odd = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong(System.nanoTime());

  Endpoint(Vertx vertx, int stepcast) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient(new HttpClientOptions().setTcpNoDelay(true)
        .setDefaultHost("127.0.0.1").setDefaultPort(stepcast),
        new PoolOptions().setHttp1MaxSize(512));
    var server = vertx.createHttpServer().requestHandler(this::delivery).listen(0, "127.0.0.1")
        .toCompletionStage().toCompletableFuture().join();
    this.flow = "http://127.0.0.1:" + server.actualPort() + FLOW;
  }

  /** Answers that were not 2xx, and deliveries that nobody waited for, so far. */
  int odd() {
    return odd.get();
  }

  void awaitReady() throws Exception {
    for (int i = 0; i < 600; i++) {
      try {
        var answer = client.request(HttpMethod.GET, "/v2/keys")
            .compose(request -> request.send().compose(response -> response.body()))
            .toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS).toString();
        if (answer.contains("current")) {
          return;
        }
      } catch (Exception _) {
        // not yet
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("the house does not come up");
  }

  /** So many runs, {@code callers} at a time; a caller goes on when its run is finished. */
  void run(int runs, int callers) throws InterruptedException {
    var left = new AtomicInteger(runs);
    var done = new CountDownLatch(runs);
    vertx.runOnContext(_ -> {
      for (int i = 0; i < callers; i++) {
        trigger(left, done);
      }
    });
    done.await();
  }

  private void trigger(AtomicInteger left, CountDownLatch done) {
    if (left.getAndDecrement() <= 0) {
      return;
    }
    var id = "wfr_" + Long.toString(ids.getAndIncrement(), 36);
    running.put(id, () -> {
      done.countDown();
      trigger(left, done);
    });
    batch(id, true, "{\\\"userId\\\":\\\"user-123\\\",\\\"action\\\":\\\"process-data\\\"}");
  }

  private Future<Void> batch(String id, boolean init, String body) {
    var text = "[{\"destination\":\"" + flow + "\",\"headers\":{\"content-type\":"
        + "\"application/json\",\"upstash-workflow-init\":\"" + init
        + "\",\"upstash-workflow-runid\":\"" + id + "\",\"upstash-workflow-url\":\"" + flow
        + "\",\"upstash-method\":\"POST\",\"upstash-feature-set\":\"LazyFetch,InitialBody,"
        + "WF_DetectTrigger,WF_TriggerOnConfig\",\"upstash-workflow-sdk-version\":\"1\","
        + "\"upstash-forward-upstash-workflow-sdk-version\":\"1\""
        + (init ? ",\"upstash-failure-callback\":\"" + flow + "\"" : "") + "},\"body\":\"" + body
        + "\"}]";
    return send(HttpMethod.POST, "/v2/batch", text);
  }

  private void delivery(HttpServerRequest request) {
    var id = request.getHeader("Upstash-Workflow-RunId");
    request.body().onSuccess(body -> {
      int steps = messages(body) - 1;
      var submitted = steps < 2 ? step(id, steps + 1)
          : send(HttpMethod.DELETE, "/v2/workflows/runs/" + id + "?cancel=false",
              "{\"success\":true}");
      submitted.onComplete(_ -> {
        request.response().putHeader("Upstash-Workflow-Sdk-Version", "1")
            .putHeader("Upstash-workflow-sdk", "v1.3.2")
            .putHeader("content-type", "application/json")
            .end("{\"workflowRunId\":\"" + id + "\",\"finishCondition\":\"success\"}");
        var next = steps < 2 ? null : running.remove(id);
        if (next != null) {
          next.run();
        } else if (steps >= 2) {
          odd.incrementAndGet();
        }
      });
    });
  }

  private static int messages(Buffer body) {
    var bytes = body.getBytes();
    int found = 0;
    for (int i = 0; i + MESSAGE.length <= bytes.length; i++) {
      if (bytes[i] == '{' && java.util.Arrays.equals(bytes, i, i + MESSAGE.length, MESSAGE, 0,
          MESSAGE.length)) {
        found++;
      }
    }
    return found;
  }

  private Future<Void> step(String id, int number) {
    return batch(id, false, "{\\\"stepId\\\":" + number + ",\\\"stepName\\\":\\\"step-" + number
        + "\\\",\\\"stepType\\\":\\\"Run\\\",\\\"out\\\":\\\"{\\\\\\\"valid\\\\\\\":true,"
        + "\\\\\\\"userId\\\\\\\":\\\\\\\"user-123\\\\\\\"}\\\",\\\"concurrent\\\":1}");
  }

  private Future<Void> send(HttpMethod method, String path, String body) {
    return client.request(method, path)
        .compose(request -> {
          request.putHeader("Authorization", "Bearer bench").putHeader("Content-Type",
              "application/json");
          return request.send(Buffer.buffer(body));
        }).compose(response -> {
          if (response.statusCode() / 100 != 2) {
            odd.incrementAndGet();
          }
          return response.end();
        });
  }
}
