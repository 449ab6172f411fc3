package dev.stepcast.realtime.node;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.realtime.feed.Hub;
import dev.stepcast.realtime.feed.Hub.Cause;
import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.feed.Hub.Message;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.meter.Meters;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.ServerFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub on a context of its own, with its session: one subscription, and one connection that the
 * histories are read through. When the reading connection ends, so does the subscription.
 */
public final class Node extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final ChannelLog.Limit PAGE = new ChannelLog.Limit(512, 64 * 1024);
  private static final ChannelLog.Limit TAIL_ONLY = new ChannelLog.Limit(0, 1);
  private static final long LINGER_MS = 10_000;
  private static final long AUDIT_EVERY_MS = 5_000;
  private static final long READ_AGAIN_MS = 200;
  private static final long WRONG_AGAIN_MS = 10_000;
  private static final long WRONG_KNOWN_NANOS = TimeUnit.SECONDS.toNanos(25);
  private static final String WHISPER = "! ";
  private static final String PRESENCE = "realtime.";

  private final Platform platform;
  private final Meters meters;
  private final Keys keys;
  private final Hub hub = new Hub(new Session());
  private final List<Mailbox> mailboxes = new CopyOnWriteArrayList<>();
  /** Channel to when its keys were found to be somebody else's, in {@link System#nanoTime}. */
  private final Map<String, Long> wrong = new ConcurrentHashMap<>();
  private @Nullable RedisLink link;
  private @Nullable ChannelLog histories;
  private @Nullable Subscription subscription;
  private boolean mailing;

  /** Follows the channels of {@code platform}'s Redis. */
  public Node(Platform platform, Meters meters) {
    this.platform = platform;
    this.meters = meters;
    this.keys = platform.keys();
  }

  @Override
  public Future<?> start() {
    var opened = RedisLink.open(vertx, platform.config().redisUrl(), 1,
        () -> context.runOnContext(_ -> endSession()));
    link = opened;
    histories = new ChannelLog(opened, keys);
    subscription = Subscription.open(vertx, opened, new Ears());
    meters.watch("realtime_channels", hub::size);
    auditLater();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    var closing = subscription == null ? Future.<Void>succeededFuture() : subscription.close();
    return closing.eventually(() -> link == null ? Future.succeededFuture() : link.close());
  }

  /**
   * Adds a loop.
   *
   * @param reader takes mail, in order, on {@code loop}
   * @return the loop's number
   */
  synchronized int attach(Context loop, Consumer<List<Mail>> reader) {
    mailboxes.add(new Mailbox(loop, reader));
    return mailboxes.size() - 1;
  }

  /** How many channels somebody here listens to, or did a moment ago. */
  public int channels() {
    return hub.size();
  }

  /** Whether the keys of {@code channel} were found a moment ago to be somebody else's. */
  boolean unreadable(String channel) {
    var since = wrong.get(channel);
    return since != null && System.nanoTime() - since < WRONG_KNOWN_NANOS;
  }

  void join(String channel, int loop, int number) {
    context.runOnContext(_ -> hub.join(channel, loop, number));
  }

  void leave(String channel, int loop, int number) {
    context.runOnContext(_ -> hub.leave(channel, loop, number));
  }

  /** A page of what follows {@code after}, through the session. */
  Future<ChannelLog.Page> read(String channel, Position after) {
    meters.pageRead();
    return page(channel, after);
  }

  private Future<ChannelLog.Page> page(String channel, @Nullable Position after) {
    var current = histories;
    if (current == null) {
      return Future.failedFuture(new RedisLink.Unavailable("not started", null));
    }
    var name = new ChannelName(channel);
    return after == null ? current.readAfter(name, "0-0", TAIL_ONLY)
        : current.readAfter(name, after.toString(), PAGE);
  }

  private void endSession() {
    if (subscription != null) {
      subscription.reset();
    }
  }

  /** One hand-over per loop for all that this turn brought. */
  private void deliver() {
    mailing = false;
    mailboxes.forEach(Mailbox::deliver);
  }

  private void auditLater() {
    long jitter = ThreadLocalRandom.current().nextLong(AUDIT_EVERY_MS * 2 / 5);
    vertx.setTimer(AUDIT_EVERY_MS * 4 / 5 + jitter, _ -> {
      hub.age(System.nanoTime() / 1_000_000);
      wrong.keySet().removeIf(channel -> !unreadable(channel));
      audit();
      auditLater();
    });
  }

  private void audit() {
    var current = histories;
    if (current == null || subscription == null || !subscription.up()) {
      return;
    }
    new Audit(current, keys).tails(hub.auditable()).forEach(found -> found
        .onSuccess(tails -> context.runOnContext(_ -> tails.forEach(
            tail -> hub.audited(tail.channel(), tail.found(), tail.heard())))));
  }

  /** What comes from Redis. */
  private final class Ears implements Subscription.Listener {
    @Override
    public void subscribed(String key) {
      hub.subscribed(channel(key));
    }

    @Override
    public void unsubscribed(String key) {
      hub.unsubscribed(channel(key));
    }

    @Override
    public void message(String key, Buffer message) {
      var text = message.toString();
      var revoked = Revocations.rung(text);
      if (revoked.isPresent()) {
        hub.revoked(channel(key), revoked.get());
      } else if (text.startsWith(WHISPER)) {
        whisper(channel(key), text.substring(WHISPER.length()));
      } else {
        event(channel(key), text);
      }
    }

    private void whisper(String channel, String text) {
      int dataAt = text.indexOf(' ') + 1;
      if (dataAt > 0) {
        hub.whisper(channel, Frame.system(new ServerFrame.Ephemeral(
            text.substring(0, dataAt - 1), channel, new RawJson(text.substring(dataAt))), false),
            text.startsWith(PRESENCE));
      }
    }

    private void event(String channel, String text) {
      int prevAt = text.indexOf(' ') + 1;
      int eventAt = text.indexOf(' ', prevAt) + 1;
      int dataAt = text.indexOf(' ', eventAt) + 1;
      var id = prevAt <= 0 ? null : Position.read(text.substring(0, prevAt - 1));
      var prev = eventAt <= 0 ? null : Position.read(text.substring(prevAt, eventAt - 1));
      if (id == null || prev == null || dataAt <= 0) {
        log.atDebug().addKeyValue("channel", channel).log("message.not-ours");
        return;
      }
      hub.message(channel, new Message(id, prev, text.substring(eventAt, dataAt - 1),
          text.substring(dataAt)));
    }

    @Override
    public void down() {
      hub.sessionEnded();
    }

    private String channel(String key) {
      return key.substring(key.indexOf("}:ch:") + "}:ch:".length());
    }
  }

  /** What the hub asks of Redis and of the loops. */
  private final class Session implements Hub.World {
    @Override
    public void subscribe(String channel) {
      if (subscription != null) {
        subscription.subscribe(keys.channel(channel));
      }
    }

    @Override
    public void unsubscribe(String channel) {
      if (subscription != null) {
        subscription.unsubscribe(keys.channel(channel));
      }
    }

    @Override
    public void read(String channel, @Nullable Position after, long token) {
      page(channel, after).onComplete(answer -> context.runOnContext(_ -> {
        if (answer.succeeded()) {
          hub.read(channel, token, answer.result());
        } else {
          boolean foreign = answer.cause() instanceof RedisLink.WrongType;
          if (foreign) {
            wrong.put(channel, System.nanoTime());
          }
          long wait = foreign ? WRONG_AGAIN_MS : READ_AGAIN_MS;
          vertx.setTimer(wait + ThreadLocalRandom.current().nextLong(wait),
              _ -> hub.readAgain(channel, token));
        }
      }));
    }

    @Override
    public void linger(String channel, long token) {
      vertx.setTimer(LINGER_MS, _ -> hub.lingered(channel, token));
    }

    @Override
    public void mail(int loop, Mail mail) {
      mailboxes.get(loop).put(mail);
      if (!mailing) {
        mailing = true;
        context.runOnContext(_ -> deliver());
      }
    }

    @Override
    public void filled(Cause cause) {
      meters.filled(cause);
    }

    @Override
    public void endSession() {
      log.atWarn().log("session.deaf");
      context.runOnContext(_ -> Node.this.endSession());
    }
  }
}
