package dev.stepcast.api;

import dev.stepcast.api.docs.DocRoutes;
import dev.stepcast.api.emit.EmitRoutes;
import dev.stepcast.api.grant.GrantRoutes;
import dev.stepcast.api.live.RunLists;
import dev.stepcast.api.node.NodeRoutes;
import dev.stepcast.api.node.WhyRoute;
import dev.stepcast.api.redis.RedisRoutes;
import dev.stepcast.api.run.RunRoutes;
import dev.stepcast.api.schema.SchemaRoutes;
import dev.stepcast.api.v2.V2Routes;
import dev.stepcast.api.web.ProblemRoutes;
import dev.stepcast.api.web.WebRoutes;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.limit.Rate;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.service.Service;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.changes.ChangeFeed;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.operate.AnyRun;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.store.RunStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;

/** The HTTP surface for programs and pages. */
public final class ApiService implements Service {
  private final RunRoutes runs;
  private final Admission admission;
  private final RunLists lists;
  private final EmitRoutes emit;
  private final GrantRoutes grants;
  private final SchemaRoutes schemas;
  private final DocRoutes docs = new DocRoutes();
  private final ProblemRoutes problems = new ProblemRoutes();
  private final RedisRoutes redis;
  private final V2Routes v2;
  private final NodeRoutes nodes;
  private final WhyRoute why;
  private final WebRoutes web;

  /** Wires the service; connects nothing yet. */
  public ApiService(Platform platform, ApiConfig config) {
    var policies = ChannelPolicies.open(config.channelsConfig(), platform.schemas(),
        platform.config().loopback());
    var store = RunStore.redis(platform.redis(), platform.keys(), config.retention());
    this.admission = new Admission(platform.vertx(), platform.redis(), platform.keys(),
        config.bounds());
    var java = new Runs(store, platform.keys());
    var every = new AnyRun(platform.redis(), platform.keys(), java,
        new EndpointRuns(platform.redis(), platform.keys(), config.v2().events(),
            config.retention()));
    this.runs = new RunRoutes(platform, new RunRoutes.Engine(java, every,
        new RunQueries(platform.redis(), platform.keys(), store, platform.clock()),
        new Catalog(platform.redis(), platform.keys(), platform.clock()), admission,
        new Rate(platform.redis(), platform.keys(), config.hooksPerMinute())),
        config.triggerDefault());
    this.lists = new RunLists(platform, new ChangeFeed(platform.redis(), platform.keys()));
    this.emit = new EmitRoutes(platform, policies);
    this.grants = new GrantRoutes(platform);
    this.schemas = new SchemaRoutes(platform);
    this.redis = new RedisRoutes(platform, policies, config.redisRestToken());
    this.v2 = new V2Routes(platform, config.v2(), config.retention(), admission);
    this.nodes = new NodeRoutes(platform);
    this.why = new WhyRoute(platform, new RunQueries(platform.redis(), platform.keys(), store,
        platform.clock()));
    this.web = new WebRoutes();
  }

  @Override
  public String name() {
    return "api-service";
  }

  @Override
  public Future<Void> start() {
    lists.start();
    admission.start();
    return Future.succeededFuture();
  }

  @Override
  public void routes(Router router) {
    runs.mount(router);
    emit.mount(router);
    grants.mount(router);
    schemas.mount(router);
    problems.mount(router);
    docs.mount(router);
    redis.mount(router);
    v2.mount(router);
    nodes.mount(router);
    why.mount(router);
    web.mount(router);
  }

  @Override
  public Future<Void> stop() {
    lists.stop();
    admission.stop();
    redis.close();
    return Future.succeededFuture();
  }
}
