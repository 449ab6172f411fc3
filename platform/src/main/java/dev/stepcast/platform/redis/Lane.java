package dev.stepcast.platform.redis;

import dev.stepcast.platform.redis.RedisLink.Unavailable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One pipelined connection that comes back by itself. Requests go out in the order they were given;
 * while there is no connection they fail at once. A connection that owes an answer for longer than
 * the limit is cut, so that no request waits for ever on a dead peer.
 */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration CHECK_EVERY = Duration.ofMillis(500);
  private static final long BACK_OFF_MIN_MS = 50;
  private static final long BACK_OFF_MAX_MS = 2_000;

  private final Vertx vertx;
  private final Redis redis;
  private final boolean cluster;
  private final Runnable whenLost;
  private final Context context;
  private volatile @Nullable Open open;
  private volatile boolean closed;
  private long backOffMs = BACK_OFF_MIN_MS;
  private long checks = -1;
  /** Whether it was told that Redis cannot be reached: once is enough until it can. */
  private boolean failing;

  /**
   * A connection in use.
   *
   * @param owed       answers still to come
   * @param quietSince when the last one came, in {@link System#nanoTime}
   */
  private record Open(RedisConnection connection, AtomicInteger owed, AtomicLong quietSince) {
    Future<@Nullable Response> send(Request request) {
      if (owed.getAndIncrement() == 0) {
        quietSince.set(System.nanoTime());
      }
      return connection.send(request).andThen(_ -> {
        owed.decrementAndGet();
        quietSince.lazySet(System.nanoTime());
      });
    }

    boolean silent() {
      return owed.get() > 0 && System.nanoTime() - quietSince.get() > ANSWER_MAX.toNanos();
    }
  }

  Lane(Vertx vertx, Redis redis, boolean cluster, Runnable whenLost) {
    this.vertx = vertx;
    this.redis = redis;
    this.cluster = cluster;
    this.whenLost = whenLost;
    this.context = vertx.getOrCreateContext();
  }

  void open() {
    context.runOnContext(_ -> {
      checks = vertx.setPeriodic(CHECK_EVERY.toMillis(), _ -> cutIfSilent());
      connect();
    });
  }

  boolean up() {
    return open != null;
  }

  Future<@Nullable Response> send(Request request) {
    var current = open;
    if (current == null) {
      return Future.failedFuture(new Unavailable("no connection to Redis", null));
    }
    var answer = current.send(request);
    // Of a cluster one server may be silent while others answer: each request has its own limit.
    var within = cluster ? answer.timeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS) : answer;
    return within.recover(cause -> {
      var fault = RedisLink.classify(cause);
      if (useless(cause)) {
        context.runOnContext(_ -> lost(current.connection, cause.getMessage()));
      }
      return Future.failedFuture(fault);
    });
  }

  /**
   * A master that became a replica under our feet, a silent one, or one that closed without our
   * hearing of it: a new connection finds out.
   */
  private static boolean useless(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return cause instanceof TimeoutException || message.startsWith("READONLY")
        || message.startsWith("CONNECTION_CLOSED");
  }

  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(checks);
    var current = open;
    open = null;
    return current == null ? Future.succeededFuture() : current.connection.close();
  }

  private void connect() {
    redis.connect().timeout(CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .compose(this::loadScripts)
        .onSuccess(this::adopt)
        .onFailure(cause -> {
          if (!closed) {
            log.atLevel(failing ? Level.DEBUG : Level.WARN)
                .addKeyValue("error", cause.getMessage()).log("redis.connect-failed");
            failing = true;
            later();
          }
        });
  }

  /** A fresh server knows no scripts; loading them here spares each its first refusal. */
  private Future<RedisConnection> loadScripts(RedisConnection fresh) {
    Future<?> loaded = Future.succeededFuture();
    for (var script : Script.all()) {
      loaded = loaded.compose(_ -> fresh.send(Request.cmd(Command.SCRIPT).arg("LOAD")
          .arg(script.text(cluster).source())));
    }
    return loaded.map(_ -> fresh)
        .timeout(CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> discard(fresh));
  }

  private void adopt(RedisConnection fresh) {
    if (closed) {
      fresh.close();
      return;
    }
    fresh.exceptionHandler(cause -> lost(fresh, cause.getMessage()));
    fresh.endHandler(_ -> lost(fresh, "closed by the server"));
    backOffMs = BACK_OFF_MIN_MS;
    failing = false;
    open = new Open(fresh, new AtomicInteger(), new AtomicLong());
  }

  private void lost(RedisConnection which, @Nullable String why) {
    var current = open;
    if (current == null || current.connection != which) {
      return;
    }
    open = null;
    discard(which);
    if (!closed) {
      log.atWarn().addKeyValue("error", String.valueOf(why)).log("redis.connection-lost");
      whenLost.run();
      later();
    }
  }

  /**
   * Closes for good. Closing alone gives a connection back to the client library's pool, and a
   * silent one would be handed out again; the pool keeps none that has subscribed to anything.
   */
  private static void discard(RedisConnection which) {
    which.send(Request.cmd(Command.UNSUBSCRIBE).arg("none"));
    which.close();
  }

  private void later() {
    if (!closed) {
      vertx.setTimer(1 + ThreadLocalRandom.current().nextLong(backOffMs), _ -> connect());
      backOffMs = Math.min(backOffMs * 2, BACK_OFF_MAX_MS);
    }
  }

  private void cutIfSilent() {
    var current = open;
    if (current != null && current.silent()) {
      lost(current.connection, "no answer for " + ANSWER_MAX.toMillis() + " ms");
    }
  }
}
