package dev.stepcast.platform.cluster;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.shareddata.Lock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks this node holds or waits for. A lock lives as long as its holder's lease; a holder that
 * dies, or is paused past its lease, loses it. Those of one node that wait for the same lock get it
 * in the order they asked; among nodes there is no order. Everything happens on one context.
 */
final class Locks {
  private static final Logger log = LoggerFactory.getLogger(Locks.class);
  private static final Script LOCK = Script.of(Locks.class, "lock");
  private static final Script UNLOCK = Script.of(Locks.class, "unlock");

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final Keys.Slot keys;
  private final String node;
  private final Map<String, Deque<Waiter>> waiting = new HashMap<>();
  private final Set<String> asking = new HashSet<>();
  private final Set<String> askAgain = new HashSet<>();
  private final Map<String, String> owed = new LinkedHashMap<>();
  private final Map<String, String> held = new HashMap<>();
  private long tokens;

  /** Where locks live. */
  record Place(Vertx vertx, Context context, RedisLink redis, Keys.Slot keys) {}

  /** One who waits; {@code expired} once it only looks a last time. */
  private static final class Waiter {
    final String token;
    final Completable<Lock> promise;
    boolean expired;
    long timer = -1;

    Waiter(String token, Completable<Lock> promise) {
      this.token = token;
      this.promise = promise;
    }
  }

  Locks(Place place, String node) {
    this.vertx = place.vertx;
    this.context = place.context;
    this.redis = place.redis;
    this.keys = place.keys;
    this.node = node;
  }

  /**
   * Waits up to {@code timeoutMs}, and looks once more at the end of it: a lock given back in time
   * is never missed because the news of it was slow.
   */
  void acquire(String name, long timeoutMs, Completable<Lock> promise) {
    var waiter = new Waiter(String.valueOf(++tokens), promise);
    waiting.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(waiter);
    waiter.timer = vertx.setTimer(Math.max(1, timeoutMs), _ -> {
      waiter.expired = true;
      ask(name);
    });
    ask(name);
  }

  /** Somebody gave {@code name} back. */
  void rung(String name) {
    ask(name);
  }

  /** Looks at everything that is waited for, and gives back what could not be given back before. */
  void look() {
    List.copyOf(owed.entrySet()).forEach(entry -> giveBack(entry.getValue(), entry.getKey()));
    List.copyOf(waiting.keySet()).forEach(this::ask);
  }

  /** This node was given up by the others: what it held is theirs now. */
  void lost() {
    owed.clear();
    held.forEach((_, name) -> log.atWarn().addKeyValue("lock", name).log("cluster.lock-lost"));
    held.clear();
  }

  /** Nobody gets anything any more. */
  void close() {
    waiting.values().forEach(waiters -> waiters.forEach(waiter -> {
      vertx.cancelTimer(waiter.timer);
      waiter.promise.fail(new VertxException("the node left the cluster", true));
    }));
    waiting.clear();
  }

  /** Asks Redis for the first of those who wait, and for all who only look a last time. */
  private void ask(String name) {
    var waiters = waiting.get(name);
    if (waiters == null) {
      return;
    }
    if (!asking.add(name)) {
      askAgain.add(name); // what is on its way may have been answered before the news
      return;
    }
    var first = waiters.peekFirst();
    if (first == null) {
      waiting.remove(name);
      asking.remove(name);
      return;
    }
    var last = new ArrayList<>(waiters.stream().filter(waiter -> waiter.expired).toList());
    redis.run(LOCK, List.of(keys.key("nodes"), keys.key("locks")), List.of(node, name, first.token))
        .onComplete(answer -> {
          asking.remove(name);
          boolean locked = answer.succeeded()
              && answer.result().get(0).toString().equals("LOCKED");
          if (locked) {
            last.remove(first);
            grant(name, first);
          }
          last.forEach(waiter -> refuse(name, waiter));
          if (askAgain.remove(name) || locked || waiters.isEmpty()) {
            ask(name);
          }
        });
  }

  private void grant(String name, Waiter waiter) {
    vertx.cancelTimer(waiter.timer);
    remove(name, waiter);
    var mine = node + " " + waiter.token;
    held.put(mine, name);
    var released = new AtomicBoolean();
    waiter.promise.succeed(() -> {
      if (released.compareAndSet(false, true)) {
        context.runOnContext(_ -> giveBack(name, mine));
      }
    });
  }

  private void refuse(String name, Waiter waiter) {
    remove(name, waiter);
    waiter.promise.fail(new VertxException("Timed out waiting to get lock " + name, true));
  }

  private void remove(String name, Waiter waiter) {
    var waiters = waiting.get(name);
    if (waiters != null) {
      waiters.remove(waiter);
    }
  }

  /** What cannot be given back now is given back when Redis answers again. */
  private void giveBack(String name, String mine) {
    held.remove(mine);
    owed.put(mine, name);
    redis.run(UNLOCK, List.of(keys.key("locks"), keys.key("log")), List.of(name, mine))
        .onSuccess(_ -> {
          owed.remove(mine);
          ask(name);
        });
  }
}
