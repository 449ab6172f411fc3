package dev.stepcast.platform.cluster;

import dev.stepcast.platform.cluster.Ledger.Followed;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's life in the cluster: it renews its lease, follows the log, comes back when the others
 * gave it up, and fills a Redis that lost everything with what it has. Everything happens on one
 * context; what must wait for Redis waits, what can be answered from memory is.
 */
final class Membership implements Subscription.Listener {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);
  private static final int BEATS_PER_LEASE = 3;
  private static final String UNLOCKED = "unlocked ";

  private final Vertx vertx;
  private final Context context;
  private final String node;
  private final ClusterOptions options;
  private final RedisLink redis;
  private final Ledger ledger;
  private final Locks locks;
  private final NodeCard cards;
  private final View view;
  private final Consumer<View.Effects> heard;
  private final Set<String> awaited = new HashSet<>();
  private final Promise<Void> listening = Promise.promise();
  private final List<Runnable> undone = new ArrayList<>();
  private @Nullable Subscription ears;
  private Optional<NodeInfo> info = Optional.empty();
  private @Nullable Future<Void> following;
  private @Nullable Future<Void> followingNext;
  private @Nullable Future<Void> joining;
  private boolean beating;
  private volatile boolean closed;
  private long beats = -1;

  /** What a node is, before it joins. */
  record Self(String node, ClusterOptions options, Vertx vertx, Context context) {}

  /**
   * Prepares; nothing is connected yet.
   *
   * @param heard is told what changed, on the context, in the order of the log
   */
  Membership(Self self, Consumer<View.Effects> heard) {
    this.vertx = self.vertx;
    this.context = self.context;
    this.node = self.node;
    this.options = self.options;
    this.heard = heard;
    this.cards = new NodeCard(options.secret());
    this.redis = RedisLink.open(vertx, options.redisUrl(), 1);
    this.ledger = new Ledger(redis, options.keys(), node, options.lease().toMillis());
    this.locks = new Locks(new Locks.Place(vertx, context, redis, options.keys()), node);
    this.view = new View(node, cards);
  }

  View view() {
    return view;
  }

  Locks locks() {
    return locks;
  }

  RedisLink redis() {
    return redis;
  }

  /** Connects, listens, joins, and knows who is there; fails when Redis does not come in time. */
  Future<Void> join() {
    awaited.add(ledger.ring());
    awaited.add(ledger.ear(node));
    var subscription = Subscription.open(vertx, redis, this);
    ears = subscription;
    awaited.forEach(subscription::subscribe);
    var connected = Promise.<Void>promise();
    long looks = vertx.setPeriodic(1, 20, timer -> {
      if (redis.up() && vertx.cancelTimer(timer)) {
        connected.tryComplete();
      }
    });
    return Future.all(connected.future(), listening.future())
        .timeout(options.patience().toMillis(), TimeUnit.MILLISECONDS)
        .recover(_ -> {
          vertx.cancelTimer(looks);
          return Future.failedFuture(new IllegalStateException(
              "no Redis answered within " + options.patience().toSeconds() + " s"));
        })
        .compose(_ -> ledger.join(Optional.empty(), view.registry().own()))
        .compose(_ -> snapshot(false))
        .onSuccess(_ -> beats = vertx.setPeriodic(
            Math.max(1, options.lease().toMillis() / BEATS_PER_LEASE), _ -> beat()));
  }

  /** Leaves in order if Redis can be told, and closes everything. */
  Future<Void> leave() {
    closed = true;
    vertx.cancelTimer(beats);
    locks.close();
    undone.clear();
    var left = redis.up()
        ? ledger.leave().timeout(options.lease().toMillis(), TimeUnit.MILLISECONDS)
        : Future.<Void>succeededFuture();
    return left.otherwiseEmpty()
        .eventually(() -> ears == null ? Future.succeededFuture() : ears.close())
        .eventually(redis::close);
  }

  /** Says how this node is reached. */
  Future<Void> describe(NodeInfo own) {
    info = Optional.of(own);
    var card = cards.write(node, own);
    return surely(true, () -> ledger.describe(card));
  }

  Optional<NodeInfo> info() {
    return info;
  }

  Future<Void> register(String address, RegistrationInfo registration) {
    return surely(true, () -> ledger.register(registration.seq(), address));
  }

  /** Does not wait for a Redis that is away: a node must be able to end then, too. */
  Future<Void> unregister(String address, RegistrationInfo registration) {
    return surely(false, () -> ledger.unregister(registration.seq(), address));
  }

  /** Completes when all that happened before this call is known here; fails without Redis. */
  Future<Void> catchUp() {
    var running = following;
    if (running == null) {
      return run(follow());
    }
    var next = followingNext;
    if (next == null) { // what runs now may have been asked before
      next = running.transform(_ -> follow());
      followingNext = next;
    }
    return next;
  }

  private Future<Void> run(Future<Void> follow) {
    following = follow;
    follow.onComplete(_ -> {
      var next = followingNext;
      followingNext = null;
      following = null;
      if (next != null) {
        run(next);
      }
    });
    return follow;
  }

  /** Buries {@code other} now, if Redis agrees that nobody is there. */
  void doubt(String other) {
    ledger.doubt(other).onSuccess(buried -> {
      if (buried) {
        log.atInfo().addKeyValue("node", other).log("cluster.node-buried");
      }
    });
  }

  @Override
  public void subscribed(String channel) {
    awaited.remove(channel);
    if (awaited.isEmpty()) {
      listening.tryComplete();
      beat();
    }
  }

  @Override
  public void message(String channel, Buffer message) {
    var text = message.toString();
    if (text.startsWith(UNLOCKED)) {
      locks.rung(text.substring(UNLOCKED.length()));
    } else if (Long.parseLong(text) != view.position().version()) {
      catchUp();
    }
  }

  private void beat() {
    if (beating || closed || beats == -1) {
      return;
    }
    beating = true;
    ledger.beat().onComplete(answer -> {
      beating = false;
      if (answer.failed() || closed) {
        return;
      }
      if (answer.result().isEmpty()) {
        rejoin();
      } else if (!answer.result().get().equals(view.position())) {
        catchUp();
      }
      locks.look();
      var again = List.copyOf(undone);
      undone.clear();
      again.forEach(Runnable::run);
    });
  }

  /** Comes back with everything this node has. */
  private Future<Void> rejoin() {
    if (joining != null) {
      return joining;
    }
    log.atWarn().addKeyValue("node", node).log("cluster.membership-lost");
    locks.lost();
    var started = ledger.join(info.map(own -> cards.write(node, own)), view.registry().own())
        .compose(_ -> catchUp());
    joining = started;
    return started.onComplete(_ -> joining = null);
  }

  /**
   * Tries until Redis has answered; a node that is no member any more becomes one first.
   *
   * @param patient whether the answer is waited for, or only the first attempt
   */
  private Future<Void> surely(boolean patient, Supplier<Future<Boolean>> change) {
    var promise = Promise.<Void>promise();
    attempt(patient, change, promise);
    return promise.future();
  }

  private void attempt(boolean patient, Supplier<Future<Boolean>> change, Promise<Void> promise) {
    if (closed) {
      promise.tryFail(new VertxException("the node left the cluster", true));
      return;
    }
    change.get().compose(member -> member ? Future.<Void>succeededFuture() : rejoin())
        .onSuccess(promise::tryComplete).onFailure(cause -> {
          if (cause instanceof RedisLink.Unavailable) {
            undone.add(() -> attempt(patient, change, promise));
            if (!patient) {
              promise.tryComplete();
            }
          } else {
            promise.tryFail(cause);
          }
        });
  }

  private Future<Void> follow() {
    return ledger.follow(view.position()).compose(followed -> switch (followed) {
      case Followed.Changes(var changes, var upTo, var more) -> {
        tell(view.apply(changes, upTo));
        yield more ? follow() : Future.succeededFuture();
      }
      case Followed.Trimmed() -> snapshot(false);
      case Followed.Broken() -> snapshot(true);
    });
  }

  /** After a Redis that forgot, who is not there yet gets one lease to turn up. */
  private Future<Void> snapshot(boolean patient) {
    return ledger.snapshot().map(taken -> {
      tell(view.replace(taken, patient));
      var late = view.orphans();
      if (patient && !late.isEmpty()) {
        log.atWarn().addKeyValue("missing", late.size()).log("cluster.redis-forgot");
        vertx.setTimer(options.lease().toMillis(), _ -> tell(view.giveUp(late)));
      }
      return (Void) null;
    });
  }

  private void tell(View.Effects effects) {
    if (effects.events().stream().anyMatch(event -> !event.joined())) {
      locks.look();
    }
    heard.accept(effects);
  }
}
