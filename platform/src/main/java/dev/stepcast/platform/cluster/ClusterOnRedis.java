package dev.stepcast.platform.cluster;

import io.vertx.core.AsyncResult;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x {@link ClusterManager} that needs nothing but Redis. Redis holds who is there and who
 * listens to what; messages go from node to node and never through Redis, so the bus goes on while
 * Redis is away, and what changes then is made up for when it is back, even an empty one.
 *
 * <p>All nodes see the same joins and departures in the same order. One that is heard no more is
 * given up after its lease, at once if its port refuses connections too; one that was only paused
 * comes back with all its registrations, and without the locks it held.
 */
public final class ClusterOnRedis implements ClusterManager {
  private static final Logger log = LoggerFactory.getLogger(ClusterOnRedis.class);
  private static final int PROBE_MS = 1_000;

  private final ClusterOptions options;
  private final ValueCodec codec;
  private final Set<String> reachedBefore = ConcurrentHashMap.newKeySet();
  private @Nullable Hop hop;
  private RegistrationListener registrations = new RegistrationListener() {};
  private volatile @Nullable NodeListener nodeListener;
  private volatile List<String> nodes = List.of();
  private volatile @Nullable Session session;

  /**
   * The time between joining and leaving. It has a Vert.x of its own, because Vert.x closes all
   * that uses the network before it asks us to leave, and so that no busy application loop costs us
   * the lease.
   */
  private record Session(String node, VertxInternal own, io.vertx.core.Context context,
      Membership membership, ExecutorService events) {

    void run(Runnable task) {
      context.runOnContext(_ -> task.run());
    }
  }

  /** A manager for one Vert.x instance: pass it to {@code Vertx.builder().withClusterManager}. */
  public ClusterOnRedis(ClusterOptions options) {
    this.options = options;
    this.codec = new ValueCodec(options.trusted());
  }

  @Override
  public void init(Vertx vertx) {
    hop = new Hop((VertxInternal) vertx);
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    registrations = listener;
  }

  @Override
  public void nodeListener(NodeListener listener) {
    nodeListener = listener;
  }

  @Override
  public void join(Completable<Void> promise) {
    var own = (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)
        .setWorkerPoolSize(1).setInternalBlockingPoolSize(1).setUseDaemonThread(true));
    var context = own.createEventLoopContext();
    context.runOnContext(_ -> {
      var node = UUID.randomUUID().toString();
      var membership = new Membership(new Membership.Self(node, options, own, context),
          this::heard);
      var opened = new Session(node, own, context, membership, Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-events").factory()));
      session = opened;
      membership.join().onComplete(joined -> {
        nodes = membership.view().nodes();
        promise.complete(null, joined.cause());
      });
    });
  }

  @Override
  public void leave(Completable<Void> promise) {
    var left = session;
    session = null;
    if (left == null) {
      promise.succeed();
      return;
    }
    left.events.shutdown();
    nodes = List.of();
    left.run(() -> left.membership.leave().onComplete(_ -> left.own.close().onComplete(promise)));
  }

  @Override
  public boolean isActive() {
    return session != null;
  }

  @Override
  @SuppressWarnings("NullAway") // null before joining, as Vert.x expects
  public String getNodeId() {
    var current = session;
    return current == null ? null : current.node;
  }

  @Override
  public List<String> getNodes() {
    return nodes;
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
    with(promise, current -> current.membership.describe(info).onComplete(promise));
  }

  @Override
  @SuppressWarnings("NullAway") // null before the bus has said it, as Vert.x expects
  public NodeInfo getNodeInfo() {
    var current = session;
    return current == null ? null : current.membership.info().orElse(null);
  }

  /** Vert.x asks before it connects to a node: asking again means that the connection broke. */
  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> promise) {
    with(promise, current -> {
      var known = node.equals(current.node) ? current.membership.info()
          : current.membership.view().info(node);
      if (known.isEmpty()) {
        current.membership.catchUp().onComplete(_ -> current.membership.view().info(node)
            .ifPresentOrElse(promise::succeed, () -> promise.fail("not a member: " + node)));
        return;
      }
      promise.succeed(known.get());
      if (!reachedBefore.add(node)) {
        probe(current, node, known.get());
      }
    });
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    with(promise, current -> {
      current.membership.view().registry().addOwn(address, info);
      changed(current, address);
      written(info.localOnly() ? Future.succeededFuture()
          : current.membership.register(address, info), promise);
    });
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info,
      Completable<Void> promise) {
    with(promise, current -> {
      current.membership.view().registry().dropOwn(address, info);
      changed(current, address);
      written(info.localOnly() ? Future.succeededFuture()
          : current.membership.unregister(address, info), promise);
    });
  }

  /** Knows every registration that was complete before this call; without Redis, what it knew. */
  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    with(promise, current -> current.membership.catchUp()
        .onComplete(_ -> promise.succeed(current.membership.view().at(address))));
  }

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
    with(promise, current -> promise.succeed(map(current, name)));
  }

  /** Waits for Redis in each call: not for event loops. */
  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    return new BlockingMap<>(map(joined(), name));
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
    with(promise, current -> current.membership.locks().acquire(name, timeout, promise));
  }

  @Override
  public void getCounter(String name, Completable<Counter> promise) {
    with(promise, current -> promise.succeed(new RedisCounter(current.membership.redis(),
        options.keys().key("counter", name), hop())));
  }

  private <K, V> RedisMap<K, V> map(Session current, String name) {
    return new RedisMap<>(current.membership.redis(), options.keys(), name,
        new RedisMap.Tools(codec, hop()));
  }

  private Hop hop() {
    var current = hop;
    if (current == null) {
      throw new IllegalStateException("not initialized: build Vert.x with this cluster manager");
    }
    return current;
  }

  private Session joined() {
    var current = session;
    if (current == null) {
      throw new IllegalStateException("not a member of the cluster");
    }
    return current;
  }

  /** Does {@code task} on the membership's context; fails for one who is no member. */
  private void with(Completable<?> promise, Consumer<Session> task) {
    var current = session;
    if (current == null) {
      promise.fail(new VertxException("not a member of the cluster", true));
    } else {
      current.run(() -> task.accept(current));
    }
  }

  private static void written(Future<Void> change, Completable<Void> promise) {
    change.onComplete((AsyncResult<Void> done) -> promise.complete(null, done.cause()));
  }

  private void heard(View.Effects effects) {
    var current = session;
    if (current == null) {
      return;
    }
    effects.touched().forEach(address -> changed(current, address));
    try {
      effects.events().forEach(event -> current.events.execute(() -> told(event)));
    } catch (RejectedExecutionException _) {
      // It has just left: nobody is to be told.
    }
  }

  private void changed(Session current, String address) {
    if (registrations.wantsUpdatesFor(address)) {
      registrations.registrationsUpdated(
          new RegistrationUpdateEvent(address, current.membership.view().at(address)));
    }
  }

  /** While a listener is told of an event, {@link #getNodes} answers what was true with it. */
  private void told(View.NodeEvent event) {
    nodes = event.members();
    var listener = nodeListener;
    if (listener == null || !isActive()) {
      return;
    }
    try {
      if (event.joined()) {
        listener.nodeAdded(event.node());
      } else {
        listener.nodeLeft(event.node());
      }
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("node", event.node()).setCause(e).log("cluster.listener-failed");
    }
  }

  private static void probe(Session current, String node, NodeInfo info) {
    var client = current.own.createNetClient(new NetClientOptions().setConnectTimeout(PROBE_MS));
    client.connect(info.port(), info.host())
        .onFailure(_ -> current.membership.doubt(node))
        .onComplete(_ -> client.close());
  }
}
