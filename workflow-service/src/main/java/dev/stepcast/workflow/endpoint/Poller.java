package dev.stepcast.workflow.endpoint;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries when they are due: woken by a ring, by the time of the next known one, and once
 * a second in case a ring was lost. Takes no more than can be under way. Belongs to one context.
 */
final class Poller implements Subscription.Listener {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);
  private static final long POLL_EVERY_MS = 1_000;
  private static final int TAKE_MAX = 64;
  private static final long SOON_MS = 20;

  private final Platform platform;
  private final Deliveries deliveries;
  private final EndpointConfig config;
  private final Function<Leased, Future<Optional<Leased>>> deliver;
  private final Context context;
  private final Part[] parts;
  private final IdentityHashMap<Leased, Integer> underWay = new IdentityHashMap<>();
  private @Nullable Subscription rings;
  private String node = "";
  private long takes;
  private long polling = -1;
  private long renewing = -1;
  private boolean open;

  /** What is known of a partition. */
  private static final class Part {
    private boolean taking;
    private boolean again;
    private long timer = -1;
    private long timerAt = Long.MAX_VALUE;
  }

  Poller(Platform platform, Deliveries deliveries, EndpointConfig config,
      Function<Leased, Future<Optional<Leased>>> deliver) {
    this.platform = platform;
    this.deliveries = deliveries;
    this.config = config;
    this.deliver = deliver;
    this.context = platform.vertx().getOrCreateContext();
    this.parts = new Part[platform.keys().partitions()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part();
    }
  }

  Context context() {
    return context;
  }

  /** Begins; {@code name} is of no other process, and no {@code :} is in it. */
  void start(String name) {
    node = name;
    open = true;
    var subscription = Subscription.open(platform.vertx(), platform.redis(), this);
    rings = subscription;
    for (int i = 0; i < parts.length; i++) {
      subscription.subscribe(platform.keys().slot(i).key("wake"));
    }
    polling = platform.vertx().setPeriodic(1, POLL_EVERY_MS, _ -> takeAll());
    renewing = platform.vertx().setPeriodic(Math.max(1, config.lease().toMillis() / 3),
        _ -> renew());
  }

  /** Takes nothing more. */
  void stop() {
    open = false;
    platform.vertx().cancelTimer(polling);
    if (rings != null) {
      rings.close();
    }
  }

  /** Lets go of leases, too. */
  void close() {
    stop();
    platform.vertx().cancelTimer(renewing);
  }

  int underWay() {
    return underWay.size();
  }

  @Override
  public void message(String channel, Buffer message) {
    var words = message.toString().split(" ", 3);
    if (words.length == 3 && words[0].equals("due") && words[1].equals("endpoint")) {
      int from = channel.lastIndexOf('{') + 1;
      int partition = Integer.parseInt(channel.substring(from, channel.lastIndexOf('}')));
      long in = Long.parseLong(words[2]) - platform.clock().millis();
      if (in > SOON_MS && in <= POLL_EVERY_MS) {
        later(partition, in);
      } else {
        take(partition);
      }
    }
  }

  @Override
  public void subscribed(String channel) {
    takeAll();
  }

  private void takeAll() {
    for (int i = 0; i < parts.length; i++) {
      take(i);
    }
  }

  private void take(int partition) {
    var part = parts[partition];
    int free = config.underWayMax() - underWay.size();
    if (!open || free <= 0) {
      return;
    }
    if (part.taking) {
      part.again = true;
      return;
    }
    part.taking = true;
    part.again = false;
    int most = Math.min(TAKE_MAX, free);
    deliveries.take(partition, most, node + ":" + takes++, config.lease()).onComplete(answer -> {
      part.taking = false;
      if (answer.failed()) {
        log.atDebug().addKeyValue("error", answer.cause().getMessage()).log("endpoint.take-failed");
        return; // the poll asks again
      }
      var taken = answer.result();
      taken.deliveries().forEach(one -> begin(partition, one));
      if (part.again || taken.deliveries().size() == most) {
        take(partition);
      } else if (taken.nextDue() >= 0) {
        later(partition, taken.nextDue() - taken.now());
      }
    });
  }

  private void later(int partition, long ms) {
    var part = parts[partition];
    long at = System.nanoTime() / 1_000_000 + ms;
    if (ms > POLL_EVERY_MS || (part.timer >= 0 && part.timerAt <= at)) {
      return; // the poll is soon enough
    }
    platform.vertx().cancelTimer(part.timer);
    part.timerAt = at;
    part.timer = platform.vertx().setTimer(Math.max(1, ms), _ -> {
      part.timer = -1;
      take(partition);
    });
  }

  private void begin(int partition, Leased one) {
    underWay.put(one, partition);
    deliver.apply(one).onComplete(done -> {
      boolean full = underWay.size() >= config.underWayMax();
      underWay.remove(one);
      if (done.failed()) {
        log.atWarn().addKeyValue("run", one.id()).addKeyValue("slot", one.slot())
            .setCause(done.cause()).log("endpoint.delivery-failed");
      } else {
        done.result().ifPresent(next -> begin(partition, next));
      }
      if (full) {
        takeAll();
      }
    });
  }

  private void renew() {
    var byPartition = new HashMap<Integer, List<Leased>>();
    underWay.forEach((one, partition) -> byPartition
        .computeIfAbsent(partition, _ -> new ArrayList<>()).add(one));
    byPartition.forEach((partition, held) -> deliveries.renew(partition, held, config.lease()));
  }
}
