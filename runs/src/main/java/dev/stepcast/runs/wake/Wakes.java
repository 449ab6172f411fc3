package dev.stepcast.runs.wake;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/** Listens to the rings of every partition. */
public final class Wakes implements Subscription.Listener {
  private final Bell bell;
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Subscription subscription;

  /** Starts listening, on the caller's context; {@code bell} is told there. */
  public Wakes(Vertx vertx, RedisLink redis, Keys keys, Bell bell) {
    this.bell = bell;
    for (int i = 0; i < keys.partitions(); i++) {
      partitions.put(keys.slot(i).key("wake"), i);
    }
    this.subscription = Subscription.open(vertx, redis, this);
    partitions.keySet().forEach(subscription::subscribe);
  }

  @Override
  public void subscribed(String channel) {
    bell.missed(partitions.getOrDefault(channel, 0));
  }

  @Override
  public void message(String channel, Buffer message) {
    var text = message.toString();
    if (text.startsWith("drop ")) {
      bell.drop(text.substring("drop ".length()));
    } else if (text.startsWith("due ")) {
      var words = text.split(" ", -1);
      bell.due(partitions.getOrDefault(channel, 0), words[1], Long.parseLong(words[2]));
    }
  }

  /** Hears nothing more. */
  public Future<Void> close() {
    return subscription.close();
  }
}
