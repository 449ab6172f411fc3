package dev.stepcast.api.redis;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.pubsub.Subscription;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of programs that came through one event loop: one connection to Redis for all
 * of them, opened with the first.
 */
final class Streams implements Subscription.Listener {
  private static final long COMMENT_EVERY_MS = 20_000;
  private static final int STREAMS_MAX = 10_000;

  private final Platform platform;
  private final Map<String, Set<Stream>> listening = new HashMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private @Nullable Subscription subscription;
  private final Context context;
  private int open;

  Streams(Platform platform) {
    this.platform = platform;
    this.context = platform.vertx().getOrCreateContext();
  }

  void close() {
    context.runOnContext(_ -> {
      if (subscription != null) {
        subscription.close();
      }
    });
  }

  /** Streams {@code channel} until the program goes. */
  void open(RoutingContext ctx, String channel) {
    if (!ChannelName.valid(channel)) {
      throw new Refused("ERR a channel's name has 1 to 200 printable characters");
    }
    if (open >= STREAMS_MAX) {
      throw new Refused("ERR too many subscriptions");
    }
    var response = ctx.response();
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache").write(": hello\n\n");
    var stream = new Stream(platform.channels(), new ChannelName(channel), response);
    var rung = platform.keys().channel(channel);
    var published = platform.keys().slot(channel).key("pub", channel);
    var timer = platform.vertx().setPeriodic(COMMENT_EVERY_MS, _ -> response.write(": still\n\n"));
    open++;
    response.closeHandler(_ -> {
      platform.vertx().cancelTimer(timer);
      open--;
      leave(rung, stream);
      leave(published, stream);
    });
    stream.needs(List.of(rung, published));
    join(rung, stream);
    join(published, stream);
  }

  private void join(String rung, Stream stream) {
    listening.computeIfAbsent(rung, _ -> new HashSet<>()).add(stream);
    if (acknowledged.contains(rung)) {
      stream.subscribed(rung);
    } else {
      redis().subscribe(rung);
    }
  }

  private void leave(String rung, Stream stream) {
    var left = listening.get(rung);
    if (left != null && left.remove(stream) && left.isEmpty()) {
      listening.remove(rung);
      acknowledged.remove(rung);
      redis().unsubscribe(rung);
    }
  }

  private Subscription redis() {
    var known = subscription;
    if (known == null) {
      known = Subscription.open(platform.vertx(), platform.redis(), this);
      subscription = known;
    }
    return known;
  }

  @Override
  public void subscribed(String rung) {
    acknowledged.add(rung);
    all(rung).forEach(stream -> stream.subscribed(rung));
  }

  @Override
  public void message(String rung, Buffer message) {
    boolean event = rung.contains("}:ch:");
    for (var stream : all(rung)) {
      if (event) {
        stream.event(message.toString());
      } else {
        stream.published(message.toString());
      }
    }
  }

  @Override
  public void down() {
    acknowledged.clear();
  }

  private Set<Stream> all(String rung) {
    return Set.copyOf(listening.getOrDefault(rung, Set.of()));
  }
}
