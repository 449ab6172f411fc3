package dev.stepcast.workflow.endpoint;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.signing.SigningKeys;
import dev.stepcast.runs.signing.SigningKeys.Pair;
import dev.stepcast.runs.store.RunStore.Retention;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Runs steps by calling HTTP endpoints, and delivers messages. A node that dies loses none of them:
 * their leases end, and another node makes those deliveries again.
 */
public final class EndpointExecutor {
  private static final long DRAIN_CHECK_MS = 20;
  private static final long KEYS_EVERY_MS = 1_000;

  private final Platform platform;
  private final Poller poller;
  private final String nonce;
  private final Courier courier;
  private final Signature signature;
  private final SigningKeys keys;
  private final boolean on;
  private final int most;
  private long noticing = -1;

  /**
   * Delivers what is due in {@code platform}'s Redis; connects nothing yet. What has ended is kept
   * as {@code retention} says. {@code nonce} is of no other process.
   */
  public EndpointExecutor(Platform platform, EndpointConfig config, Retention retention,
      String nonce) {
    this.platform = platform;
    this.nonce = nonce;
    this.on = config.currentKey() != null;
    this.most = config.underWayMax();
    var runs = new EndpointRuns(platform.redis(), platform.keys(), config.engineEvents(),
        retention);
    var deliveries = new Deliveries(platform.redis(), platform.keys(), runs);
    this.signature = new Signature(String.valueOf(config.currentKey()), platform.clock());
    this.keys = new SigningKeys(platform.redis(), platform.keys(),
        new Pair(String.valueOf(config.currentKey()), config.nextKey()));
    this.courier = new Courier(platform, config, deliveries, signature);
    this.poller = new Poller(platform, deliveries, config, courier::deliver);
  }

  /** Begins. */
  public Future<Void> start() {
    var started = Promise.<Void>promise();
    poller.context().runOnContext(_ -> {
      if (on) {
        noticing = platform.vertx().setPeriodic(0, KEYS_EVERY_MS, _ -> keys.now()
            .onSuccess(pair -> signature.use(pair.current())));
        poller.start(nonce);
      }
      started.complete();
    });
    return started.future();
  }

  /** Deliveries under way. */
  public long underWay() {
    return poller.underWay();
  }

  /** The most of them at once; 0 where there are no endpoints. */
  public long underWayMax() {
    return on ? most : 0;
  }

  /** Takes nothing more, and is done when what is under way has been answered. */
  public Future<Void> drain() {
    var drained = Promise.<Void>promise();
    courier.stop();
    poller.context().runOnContext(_ -> {
      poller.stop();
      platform.vertx().setPeriodic(1, DRAIN_CHECK_MS, timer -> {
        if (poller.underWay() == 0) {
          platform.vertx().cancelTimer(timer);
          drained.tryComplete();
        }
      });
    });
    return drained.future();
  }

  /** Ends; what is still under way is delivered again by another node. */
  public Future<Void> stop() {
    var stopped = Promise.<Void>promise();
    poller.context().runOnContext(_ -> {
      platform.vertx().cancelTimer(noticing);
      poller.close();
      stopped.complete();
    });
    return stopped.future();
  }
}
