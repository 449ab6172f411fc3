package dev.stepcast.realtime.warm;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.grant.Grant;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients of our own, of both transports, that connect through the public port with a grant, hear
 * events and go, again and again for a moment: the JVM compiles what it sees done often, and is
 * four to eight times slower before. Their channel is nobody else's and is removed at the end.
 */
public final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  /** Of each transport: a round is about those who come, the next one about what is told. */
  private static final int COMING = 16;
  private static final int HEARING = 2;
  private static final int BURSTS = 48;
  private static final int BURST = 8;
  private static final History KEPT = new History(64, Duration.ofSeconds(10));
  private static final Duration GRANTED = Duration.ofMinutes(1);
  private static final long CONNECT_MAX_NANOS = 1_000_000_000L;
  private static final long BURST_MAX_NANOS = 50_000_000L;

  private final Platform platform;
  private final int port;
  private final long until;
  private final ChannelName channel = new ChannelName("warm-up-" + UUID.randomUUID());
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private int connects;
  private int events;

  private WarmUp(Platform platform, int port, Duration within) {
    this.platform = platform;
    this.port = port;
    this.until = System.nanoTime() + within.toNanos();
  }

  /**
   * Warms {@code platform}'s process up for as long as {@code within}.
   *
   * @param port the public port, which must be open
   * @return succeeds in any case: who could not be warmed up is slower for a while, no more
   */
  public static Future<Void> run(Platform platform, int port, Duration within) {
    var warmUp = new WarmUp(platform, port, within);
    return platform.vertx().<Void>executeBlocking(() -> {
      warmUp.rounds();
      return null;
    }, false).otherwise(cause -> {
      log.atWarn().addKeyValue("error", String.valueOf(cause)).log("warm-up.failed");
      return null;
    }).eventually(warmUp::tidy);
  }

  private void rounds() throws IOException {
    for (int i = 0; left() > 0; i++) {
      if (i % 2 == 0) {
        round(COMING, 2);
      } else {
        round(HEARING, BURSTS);
      }
    }
    log.atInfo().addKeyValue("connects", connects)
        .addKeyValue("events", events).log("warm-up.done");
  }

  private void round(int each, int bursts) throws IOException {
    var grant = platform.grants().sign(new Grant("warm-up", UUID.randomUUID().toString(),
        platform.clock().instant().plus(GRANTED), Map.of(channel.value(), "s")));
    var visitors = new ArrayList<Visitor>();
    try (var selector = Selector.open()) {
      for (int i = 0; i < each; i++) {
        visitors.add(Visitor.open(selector, host(), port, Visitor.sse(channel.value(), grant)));
        visitors.add(Visitor.open(selector, host(), port, Visitor.socket(channel.value(), grant)));
      }
      connects += visitors.size();
      read(selector, visitors, 0, CONNECT_MAX_NANOS);
      for (int i = 1; i <= bursts && left() > 0; i++) {
        for (int j = 0; j < BURST; j++) {
          var _ = platform.channels().append(channel,
              new Emit("warm", '"' + "x".repeat(128) + Visitor.MARK + '"', null), KEPT);
        }
        events += BURST;
        read(selector, visitors, i * BURST, BURST_MAX_NANOS);
      }
    } finally {
      for (var visitor : visitors) {
        visitor.close();
      }
    }
  }

  /** Reads until each has heard {@code marks} of the events, or long enough. */
  private void read(Selector selector, List<Visitor> visitors, int marks, long atMost)
      throws IOException {
    long end = System.nanoTime() + Math.min(atMost, left());
    while (System.nanoTime() < end
        && visitors.stream().anyMatch(visitor -> visitor.lacks(marks))) {
      selector.select(key -> ((Visitor) key.attachment()).read(buffer), 1);
    }
  }

  private long left() {
    return until - System.nanoTime();
  }

  private String host() {
    var host = platform.config().host();
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }

  private Future<Void> tidy() {
    var stream = platform.keys().channel(channel.value());
    return platform.redis().send(stream, Request.cmd(Command.UNLINK).arg(stream)
        .arg(platform.keys().keeper(channel.value()))).<Void>mapEmpty().otherwiseEmpty();
  }
}
