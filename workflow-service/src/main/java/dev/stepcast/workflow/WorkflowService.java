package dev.stepcast.workflow;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.service.Service;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.catalog.Versions;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.schedule.Clockwork;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.trim.Trimmer;
import dev.stepcast.runs.wake.Wakes;
import dev.stepcast.workflow.endpoint.EndpointExecutor;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.execution.Surroundings;
import dev.stepcast.workflow.execution.Surroundings.Alarms;
import dev.stepcast.workflow.execution.Surroundings.Machine;
import dev.stepcast.workflow.outside.Caller;
import dev.stepcast.workflow.registry.Registry;
import dev.stepcast.workflow.take.Leases;
import dev.stepcast.workflow.take.Taker;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs workflows: takes due runs, executes them, keeps their leases. */
public final class WorkflowService implements Service {
  private static final Logger log = LoggerFactory.getLogger(WorkflowService.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration ANNOUNCE_EVERY = Duration.ofDays(1);
  private static final String SAMPLES = "dev.stepcast.workflow.sample.";

  private final Platform platform;
  private final Registry registry;
  private final Catalog catalog;
  private final Versions versions;
  private final String node;
  private final Executions executions;
  private final Taker taker;
  private final Leases leases;
  private final EndpointExecutor endpoints;
  private final Clockwork clockwork;
  private final Trimmer trimmer;
  private @Nullable Wakes wakes;
  private long announcing = -1;
  private long telling = -1;

  /** The service on {@code platform}; connects nothing yet. */
  public WorkflowService(Platform platform, WorkflowConfig config) {
    this(platform, config, Registry.load(config.workflows(), workflow -> config.samples()
        || !workflow.getClass().getName().startsWith(SAMPLES)));
  }

  /** As above, with workflows of the caller's. */
  public WorkflowService(Platform platform, WorkflowConfig config, Registry registry) {
    this.platform = platform;
    this.registry = registry;
    var vertx = platform.vertx();
    var store = RunStore.redis(platform.redis(), platform.keys(), config.retention());
    var nonce = nonce();
    this.node = name(nonce);
    this.catalog = new Catalog(platform.redis(), platform.keys(), platform.clock());
    this.versions = new Versions(platform.redis(), platform.keys());
    var around = new Surroundings(store, EventBook.redis(platform.redis(), platform.keys()),
        FlowBook.redis(platform.redis(), platform.keys()), vertx,
        Machine.real(Alarms.shared(vertx)),
        new PlatformLive(platform.schemas(), platform.channels()),
        new OutsideWorld(registry, new OutsideWorld.Elsewhere(catalog, versions),
            new Caller(vertx, config.endpoint().privateToo()), platform.schemas()),
        node, config.stepStartAfter(), PATIENCE);
    this.executions = new Executions(around, registry);
    this.taker = new Taker(vertx, store, executions, new Taker.Options("java", config.slots(),
        nonce, config.lease(), platform.keys().partitions(), platform.clock()));
    this.endpoints = new EndpointExecutor(platform, config.endpoint(), config.retention(),
        nonce);
    this.trimmer = new Trimmer(vertx, platform.redis(), platform.keys(),
        config.retention().succeeded());
    this.clockwork = Clockwork.of(platform, config.endpoint().engineEvents(),
        new Admission(vertx, platform.redis(), platform.keys(), config.bounds()));
    this.leases = new Leases(around, executions, config.lease(), platform.keys()::partition);
  }

  @Override
  public String name() {
    return "workflow-service";
  }

  @Override
  public Future<Void> start() {
    return announce().compose(_ -> endpoints.start()).map(_ -> {
      log.atInfo().addKeyValue("names", String.join(",", registry.names())).log("workflows.known");
      announcing = platform.vertx().setPeriodic(ANNOUNCE_EVERY.toMillis(), _ -> announce());
      telling = platform.vertx().setPeriodic(Versions.AGAIN.toMillis(), _ -> tell());
      wakes = new Wakes(platform.vertx(), platform.redis(), platform.keys(), taker);
      taker.start();
      leases.start();
      clockwork.start();
      trimmer.start();
      new BusAnswers(executions, leases).offer(platform.bus());
      return null;
    });
  }

  private Future<Void> announce() {
    return catalog.announce(registry.newest()).compose(_ -> tell());
  }

  private Future<Void> tell() {
    return versions.announce(node, registry.versions());
  }

  @Override
  public Map<String, Long> load() {
    return Map.of("runs", (long) executions.held().size(), "calls", endpoints.underWay(),
        "callsMax", endpoints.underWayMax());
  }

  @Override
  public Future<Void> drain() {
    clockwork.stop();
    trimmer.stop();
    platform.vertx().cancelTimer(telling);
    executions.release();
    return Future.join(taker.drain(), endpoints.drain(), versions.leave(node).otherwiseEmpty())
        .mapEmpty();
  }

  @Override
  public Future<Void> stop() {
    platform.vertx().cancelTimer(announcing);
    leases.stop();
    var listening = wakes;
    return executions.releaseNow().eventually(endpoints::stop)
        .eventually(() -> listening == null ? Future.succeededFuture() : listening.close());
  }

  /** Two processes of one name must never mistake each other's tokens for their own. */
  private static String nonce() {
    var bytes = new byte[5];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Who this is, in timelines: the machine or pod, the process, and what no other shares. */
  private static String name(String nonce) {
    var host = "localhost";
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      // A machine that does not know its own name: the process and the nonce still tell.
    }
    return host + "-" + ProcessHandle.current().pid() + "-" + nonce;
  }
}
