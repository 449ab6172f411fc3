package dev.stepcast.bench.rooms;

import dev.stepcast.bench.rooms.Member.Ways;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Rooms under load: 1,000 of two, and one of fifty. First as many messages as go through, then a
 * steady rate, and how long it takes from the post to the moment another member sees it. Arguments:
 * the base URL of a service without limits, and the two steady rates. Writes a table on standard
 * error.
 */
final class RoomsBench {
  private static final int POSTING = 64;
  private static final int JOINING = 50;
  private static final long WARM_MS = 5_000;
  private static final long MEASURE_MS = 10_000;

  private final Ways ways;
  private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong posted = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong seen = new AtomicLong();
  private final AtomicInteger counted = new AtomicInteger();
  private long[] tookNs = new long[0];
  private volatile boolean counting;

  private RoomsBench(Ways ways) {
    this.ways = ways;
  }

  public static void main(String[] args) throws Exception {
    var base = URI.create(args[0]);
    var vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    var ways = new Ways(base,
        vertx.createHttpClient(new HttpClientOptions().setDefaultHost(base.getHost())
            .setDefaultPort(base.getPort()), new PoolOptions().setHttp1MaxSize(POSTING)),
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(10_000)));
    System.err.println("| rooms | asked/s | posted/s | seen/s | failed | post → seen p50 ms"
        + " | p99 ms | max ms |\n|---|---|---|---|---|---|---|---|");
    run(ways, 1_000, 2, Integer.parseInt(args[1]));
    run(ways, 1, 50, Integer.parseInt(args[2]));
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void run(Ways ways, int rooms, int seats, int rate) throws Exception {
    var bench = new RoomsBench(ways);
    var members = bench.people(rooms, seats);
    var name = rooms + " of " + seats;
    bench.flood(members, WARM_MS);
    bench.measured(() -> bench.flood(members, MEASURE_MS)).row(name + ", as many as go");
    bench.steady(members, rate, WARM_MS);
    bench.measured(() -> bench.steady(members, rate, MEASURE_MS)).row(name + ", " + rate);
  }

  private List<Member> people(int rooms, int seats) throws Exception {
    var members = new ArrayList<Member>();
    for (int from = 0; from < rooms; from += JOINING) {
      var joins = new ArrayList<Future<Member>>();
      for (int i = from; i < Math.min(rooms, from + JOINING); i++) {
        var room = get(Member.open(ways, seats));
        for (int seat = 0; seat < seats; seat++) {
          joins.add(Member.join(ways, room, this::heard));
        }
      }
      for (var join : joins) {
        members.add(get(join));
      }
    }
    return members;
  }

  /** {@link #POSTING} members post, the next one as soon as one is through. */
  private void flood(List<Member> members, long ms) throws InterruptedException {
    long until = System.nanoTime() + ms * 1_000_000;
    var left = new AtomicInteger(POSTING);
    for (int i = 0; i < POSTING; i++) {
      again(members, until, left);
    }
    while (left.get() > 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void again(List<Member> members, long until, AtomicInteger left) {
    if (System.nanoTime() > until) {
      left.decrementAndGet();
    } else {
      post(members).onComplete(_ -> again(members, until, left));
    }
  }

  /** A post is sent when its time has come, whether or not others are still under way. */
  private void steady(List<Member> members, int rate, long ms) throws InterruptedException {
    long from = System.nanoTime();
    long posts = rate * ms / 1_000;
    for (long i = 0; i < posts; i++) {
      long at = from + i * 1_000_000_000 / rate;
      while (System.nanoTime() < at) {
        LockSupport.parkNanos(at - System.nanoTime());
      }
      post(members);
    }
    TimeUnit.SECONDS.sleep(1);
  }

  private Future<Void> post(List<Member> members) {
    var id = String.valueOf(ids.incrementAndGet());
    sentAt.put(id, System.nanoTime());
    return members.get(ThreadLocalRandom.current().nextInt(members.size())).post(id)
        .onSuccess(_ -> posted.incrementAndGet()).onFailure(_ -> failed.incrementAndGet());
  }

  private void heard(String id) {
    var at = sentAt.get(id);
    if (counting && at != null) {
      seen.incrementAndGet();
      int n = counted.getAndIncrement();
      if (n < tookNs.length) {
        tookNs[n] = System.nanoTime() - at;
      }
    }
  }

  /** What is to be measured. */
  private interface Load {
    void run() throws InterruptedException;
  }

  /** Rates and times of one measurement. */
  private record Figures(double seconds, long posted, long seen, long failed, long[] tookNs) {
    void row(String name) {
      var cut = name.lastIndexOf(", ");
      System.err.printf(Locale.ROOT, "| %s | %s | %.0f | %.0f | %d | %.1f | %.1f | %.1f |%n",
          name.substring(0, cut), name.substring(cut + 2), posted / seconds, seen / seconds, failed,
          at(0.5), at(0.99), at(1));
    }

    private double at(double part) {
      return tookNs.length == 0 ? 0
          : tookNs[Math.min(tookNs.length - 1, (int) (part * tookNs.length))] / 1e6;
    }
  }

  private Figures measured(Load load) throws InterruptedException {
    sentAt.clear();
    posted.set(0);
    failed.set(0);
    seen.set(0);
    counted.set(0);
    tookNs = new long[5_000_000];
    counting = true;
    long from = System.nanoTime();
    load.run();
    double seconds = (System.nanoTime() - from) / 1e9;
    counting = false;
    var all = Arrays.copyOf(tookNs, Math.min(tookNs.length, counted.get()));
    Arrays.sort(all);
    return new Figures(seconds, posted.get(), seen.get(), failed.get(), all);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
