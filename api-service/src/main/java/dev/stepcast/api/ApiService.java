package dev.stepcast.api;

import dev.stepcast.api.emit.EmitRoutes;
import dev.stepcast.api.grant.GrantRoutes;
import dev.stepcast.api.schema.SchemaRoutes;
import dev.stepcast.api.web.WebRoutes;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.service.Service;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;

/** The HTTP surface for programs and pages. */
public final class ApiService implements Service {
  private final EmitRoutes emit;
  private final GrantRoutes grants;
  private final SchemaRoutes schemas;
  private final WebRoutes web;

  /** Wires the service; connects nothing yet. */
  public ApiService(Platform platform, ApiConfig config) {
    var policies = ChannelPolicies.open(config.channelsConfig(), platform.schemas(),
        platform.config().loopback());
    this.emit = new EmitRoutes(platform, policies);
    this.grants = new GrantRoutes(platform);
    this.schemas = new SchemaRoutes(platform);
    this.web = new WebRoutes();
  }

  @Override
  public String name() {
    return "api-service";
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public void routes(Router router) {
    emit.mount(router);
    grants.mount(router);
    schemas.mount(router);
    web.mount(router);
  }

  @Override
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
