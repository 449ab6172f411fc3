package dev.stepcast.platform.pubsub;

import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A subscribed connection that comes back by itself and subscribes again to everything that is
 * wanted. It is pinged, so a dead peer is noticed within seconds. It ends with its link, if it is
 * not closed before. Listener and methods belong to the one context it was opened on.
 *
 * <p>What was published while it was down is gone: a listener that must not miss anything reads the
 * truth again after {@link Listener#subscribed}.
 */
public final class Subscription {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);
  private static final Duration PING_EVERY = Duration.ofSeconds(2);
  private static final Duration PONG_WITHIN = Duration.ofSeconds(6);
  private static final long ASK_AGAIN_MS = 300;
  private static final long BACK_OFF_MIN_MS = 50;
  private static final long BACK_OFF_MAX_MS = 2_000;

  private final Vertx vertx;
  private final RedisLink link;
  private final Listener listener;
  private final Context context;
  private final Set<String> wanted = new HashSet<>();
  /** Wanted and not acknowledged on the present connection. */
  private final Set<String> unheard = new HashSet<>();
  private final Pulse pulse = new Pulse(PONG_WITHIN);
  private @Nullable RedisConnection connection;
  private volatile boolean closed;
  /** Whether it was told that Redis cannot be reached: once is enough until it can. */
  private boolean failing;
  private boolean asking;
  private long backOffMs = BACK_OFF_MIN_MS;
  private long pings = -1;

  /** What a subscription tells, in the order Redis told it, on the subscription's context. */
  public interface Listener {
    /** Redis acknowledged the channel: from here on its messages come, until {@link #down}. */
    default void subscribed(String channel) {}

    /** Redis acknowledged that the channel's messages no longer come. */
    default void unsubscribed(String channel) {}

    /** One message. */
    void message(String channel, Buffer message);

    /** The connection is gone; every wanted channel will be subscribed again. */
    default void down() {}
  }

  private Subscription(Vertx vertx, RedisLink link, Listener listener) {
    this.vertx = vertx;
    this.link = link;
    this.listener = listener;
    this.context = vertx.getOrCreateContext();
  }

  /** Starts connecting, on the caller's context. */
  public static Subscription open(Vertx vertx, RedisLink link, Listener listener) {
    var subscription = new Subscription(vertx, link, listener);
    subscription.context.runOnContext(_ -> {
      subscription.pings = vertx.setPeriodic(PING_EVERY.toMillis(), _ -> subscription.ping());
      subscription.connect();
    });
    return subscription;
  }

  /** Wants {@code channel}; {@link Listener#subscribed} tells when its messages come. */
  public void subscribe(String channel) {
    if (wanted.add(channel) && connection != null) {
      ask(connection, channel);
    }
  }

  /** No longer wants {@code channel}; messages may come until {@link Listener#unsubscribed}. */
  public void unsubscribe(String channel) {
    unheard.remove(channel);
    if (wanted.remove(channel) && connection != null) {
      tell(connection, Command.UNSUBSCRIBE, channel);
    }
  }

  /** Whether the connection stands. */
  public boolean up() {
    return connection != null;
  }

  /** Gives the present connection up, as if it had died: a cure for one that has gone silent. */
  public void reset() {
    if (connection != null) {
      lost(connection, "reset");
    }
  }

  /** Ends it for good; the listener hears nothing more. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(pings);
    var current = connection;
    connection = null;
    return current == null ? Future.succeededFuture() : current.close();
  }

  /** Whether it has ended for good, by itself or with its link. */
  boolean closed() {
    return closed;
  }

  private boolean over() {
    if (link.closed() && !closed) {
      close();
    }
    return closed;
  }

  private void connect() {
    link.connect().timeout(PONG_WITHIN.toMillis(), TimeUnit.MILLISECONDS).onComplete(answer -> {
      if (over()) {
        if (answer.succeeded()) {
          answer.result().close();
        }
      } else if (answer.failed()) {
        log.atLevel(failing ? Level.DEBUG : Level.WARN)
            .addKeyValue("error", answer.cause().getMessage()).log("subscription.connect-failed");
        failing = true;
        later();
      } else {
        adopt(answer.result());
      }
    });
  }

  private void adopt(RedisConnection fresh) {
    connection = fresh;
    pulse.begin();
    backOffMs = BACK_OFF_MIN_MS;
    failing = false;
    hear(fresh);
    wanted.forEach(channel -> ask(fresh, channel));
  }

  /** In a cluster that includes the connections to servers which were not known before. */
  private void hear(RedisConnection to) {
    to.exceptionHandler(cause -> lost(to, String.valueOf(cause.getMessage())));
    to.endHandler(_ -> lost(to, "closed by the server"));
    to.handler(push -> heard(to, push));
  }

  private void ask(RedisConnection of, String channel) {
    unheard.add(channel);
    tell(of, Command.SUBSCRIBE, channel);
  }

  /** Futures of ordinary commands never complete here; what they answer comes to the handler. */
  private void tell(RedisConnection to, Command command, String channel) {
    var spoken = link.cluster() ? command == Command.SUBSCRIBE ? Command.SSUBSCRIBE
        : Command.SUNSUBSCRIBE : command;
    to.send(Request.cmd(spoken).arg(channel))
        .onFailure(cause -> lost(to, String.valueOf(cause.getMessage())));
  }

  private void heard(RedisConnection from, Response push) {
    if (connection != from) {
      return;
    }
    boolean told = push.type() == ResponseType.MULTI || push.type() == ResponseType.PUSH;
    pulse.heard(link.cluster() && told && push.size() > 1 ? push.get(1).toString() : "");
    if (push.type() == ResponseType.ERROR) {
      log.atInfo().addKeyValue("error", push.toString()).log("subscription.refused");
      askAgainLater();
    }
    if (!told || push.size() < 3) {
      return;
    }
    var channel = push.get(1).toString();
    switch (push.get(0).toString()) {
      case "message", "smessage" -> listener.message(channel, push.get(2).toBuffer());
      case "subscribe", "ssubscribe" -> {
        if (unheard.remove(channel)) { // else it answers a ping
          listener.subscribed(channel);
        }
      }
      case "unsubscribe", "sunsubscribe" -> dropped(channel);
      default -> {
      }
    }
  }

  /** An unsubscribe that nobody asked for is a slot that moved: ask its new owner. */
  private void dropped(String channel) {
    if (!wanted.contains(channel)) {
      listener.unsubscribed(channel);
    } else if (!unheard.contains(channel)) {
      unheard.add(channel);
      askAgainLater();
    }
  }

  /** The client library takes up to a second to learn of a slot's new owner: as often as needed. */
  private void askAgainLater() {
    if (!asking) {
      asking = true;
      vertx.setTimer(ASK_AGAIN_MS, _ -> {
        asking = false;
        var current = connection;
        if (current != null && !unheard.isEmpty()) {
          hear(current);
          unheard.forEach(channel -> tell(current, Command.SUBSCRIBE, channel));
          askAgainLater();
        }
      });
    }
  }

  private void ping() {
    var current = connection;
    if (current == null) {
      return;
    }
    long now = System.nanoTime();
    if (pulse.late(now)) {
      lost(current, "no answer for " + PONG_WITHIN.toMillis() + " ms");
    } else if (link.cluster()) {
      // Subscribing again is answered by the very server that has the channel: one for each slot.
      pulse.ping(wanted, now).stream().filter(channel -> !unheard.contains(channel))
          .forEach(channel -> tell(current, Command.SUBSCRIBE, channel));
    } else {
      pulse.ping(Set.of(""), now);
      // The client takes whatever comes next for the answer, and that may be a message.
      current.send(Request.cmd(Command.PING)).onSuccess(answer -> heard(current, answer));
    }
  }

  private void lost(RedisConnection which, String why) {
    if (connection != which) {
      return;
    }
    connection = null;
    unheard.clear();
    which.close();
    if (!over()) {
      log.atWarn().addKeyValue("error", why).log("subscription.lost");
      listener.down();
      later();
    }
  }

  private void later() {
    if (!over()) {
      vertx.setTimer(1 + ThreadLocalRandom.current().nextLong(backOffMs), _ -> connect());
      backOffMs = Math.min(backOffMs * 2, BACK_OFF_MAX_MS);
    }
  }
}
