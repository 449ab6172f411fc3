package dev.stepcast.realtime.presence;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.presence.Presence;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whose connections this node has, on the channels that presence is kept of, told to the presence
 * that all nodes share. What comes and goes within a turn is told as one; what stays is told again
 * before its lease ends, so that it comes back after Redis forgot it.
 */
public final class Attendance {
  /** What ids of connections begin with: who has no other name is not waited for. */
  public static final String NAMELESS = "con_";

  private static final long TICK_MS = 200;
  private static final long AGAIN_MS = 1_000;

  private final Vertx vertx;
  private final Context context;
  private final Presence presence;
  private final ChannelPolicies policies;
  private final Duration lease;
  private final String node = UUID.randomUUID().toString();
  private final Map<String, Hall> halls = new HashMap<>();
  private final List<Hall> moved = new ArrayList<>();
  private final long ticks;

  /** Starts telling {@code presence}; {@code lease} is how long it holds without another word. */
  public Attendance(Vertx vertx, Presence presence, ChannelPolicies policies, Duration lease) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.presence = presence;
    this.policies = policies;
    this.lease = lease;
    this.ticks = vertx.setPeriodic(TICK_MS, _ -> context.runOnContext(_ -> tick()));
  }

  /** Whether it is known who is on {@code channel}. */
  public boolean kept(String channel) {
    return policies.of(channel).presence().kept();
  }

  /** A connection of {@code subject} listens to {@code channel}; from any thread. */
  public void arrive(String channel, String subject) {
    context.runOnContext(_ -> {
      var hall = halls.computeIfAbsent(channel, Hall::new);
      if (hall.arrive(subject)) {
        moved(hall);
      }
    });
  }

  /** One that arrived does no longer; from any thread. */
  public void depart(String channel, String subject) {
    context.runOnContext(_ -> {
      var hall = halls.get(channel);
      if (hall != null && hall.depart(subject)) {
        moved(hall);
      }
    });
  }

  /** Says that all have gone: they count for their grace, and may be on another node by then. */
  public Future<Void> close() {
    vertx.cancelTimer(ticks);
    var done = Promise.<Void>promise();
    context.runOnContext(_ -> Future.join(halls.values().stream().map(hall -> {
      hall.departed.addAll(hall.counts.keySet());
      hall.counts.clear();
      hall.arrived.clear();
      return sayGone(hall);
    }).toList()).onComplete(_ -> done.complete()));
    return done.future();
  }

  private void moved(Hall hall) {
    if (moved.isEmpty()) {
      context.runOnContext(_ -> say());
    }
    moved.add(hall);
  }

  private void say() {
    var all = List.copyOf(moved);
    moved.clear();
    all.forEach(hall -> {
      if (!hall.arrived.isEmpty()) {
        sayHere(hall, List.copyOf(hall.arrived));
        hall.arrived.clear();
      }
      if (!hall.departed.isEmpty()) {
        sayGone(hall);
      }
    });
  }

  private void sayHere(Hall hall, List<String> subjects) {
    var terms = policies.of(hall.channel).presence();
    if (hall.renewAtMs == 0) {
      hall.renewAtMs = renewal();
    }
    presence.here(new ChannelName(hall.channel), leaseOf(terms.grace()), terms.membersMax(),
        subjects).onFailure(_ -> context.runOnContext(_ -> hall.renewAtMs = inMs(AGAIN_MS)));
  }

  private Future<?> sayGone(Hall hall) {
    var grace = policies.of(hall.channel).presence().grace();
    var nameless = hall.departed.stream().filter(one -> one.startsWith(NAMELESS)).toList();
    var named = hall.departed.stream().filter(one -> !one.startsWith(NAMELESS)).toList();
    hall.departed.clear();
    var channel = new ChannelName(hall.channel);
    return Future.join(presence.gone(channel, leaseOf(Duration.ZERO), nameless),
        presence.gone(channel, leaseOf(grace), named))
        .onComplete(_ -> context.runOnContext(_ -> hall.lookAt(inMs(grace.toMillis() + 1))));
  }

  private Presence.Lease leaseOf(Duration grace) {
    return new Presence.Lease(node, lease, grace);
  }

  private void tick() {
    long now = inMs(0);
    for (var hall : List.copyOf(halls.values())) {
      if (hall.renewAtMs != 0 && now >= hall.renewAtMs) {
        hall.renewAtMs = hall.counts.isEmpty() ? 0 : renewal();
        if (!hall.counts.isEmpty()) {
          sayHere(hall, List.copyOf(hall.counts.keySet()));
        }
      }
      if (hall.lookAtMs != 0 && now >= hall.lookAtMs) {
        hall.looked(now);
        presence.count(new ChannelName(hall.channel)); // tells who has left
      }
      if (hall.isOver()) {
        halls.remove(hall.channel);
      }
    }
  }

  /** A third of the lease from now, and a little less: halls that opened together part. */
  private long renewal() {
    long third = Math.max(1, lease.toMillis() / 3);
    return inMs(third - ThreadLocalRandom.current().nextLong(third / 5 + 1));
  }

  private static long inMs(long ms) {
    return System.nanoTime() / 1_000_000 + ms;
  }
}
