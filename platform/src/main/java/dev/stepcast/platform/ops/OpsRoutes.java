package dev.stepcast.platform.ops;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /livez}, {@code /readyz} and {@code /metrics}, the last in Prometheus' text format. */
public final class OpsRoutes {
  private final Health health;
  private final PrometheusMeterRegistry metrics;

  /** Serves {@code health} and {@code metrics}, to which the JVM's own are added. */
  public OpsRoutes(Health health, PrometheusMeterRegistry metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  /** Adds the JVM's memory, threads, collections and processor time to the metrics, once. */
  @SuppressWarnings("resource") // lives as long as the process
  public void bindJvm() {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new JvmGcMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
  }

  /**
   * Mounts the three paths.
   *
   * @param loopbackOnly whether others get the answer of a path that does not exist
   */
  public void mount(Router router, boolean loopbackOnly) {
    for (var path : new String[]{"/livez", "/readyz", "/metrics"}) {
      router.get(path).handler(ctx -> {
        if (loopbackOnly && !ctx.request().remoteAddress().hostAddress().startsWith("127.")
            && !ctx.request().remoteAddress().hostAddress().matches("0:0:0:0:0:0:0:1.*|::1")) {
          ctx.fail(404);
        } else {
          answer(path, ctx);
        }
      });
    }
  }

  private void answer(String path, RoutingContext ctx) {
    switch (path) {
      case "/livez" -> json(ctx, 200, new JsonObject().put("live", true));
      case "/readyz" -> {
        var reasons = health.reasons();
        json(ctx, reasons.isEmpty() ? 200 : 503, new JsonObject()
            .put("ready", reasons.isEmpty()).put("reasons", new JsonArray(reasons)));
      }
      default -> ctx.response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
          .end(metrics.scrape());
    }
  }

  private static void json(RoutingContext ctx, int status, JsonObject body) {
    ctx.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.toBuffer());
  }
}
