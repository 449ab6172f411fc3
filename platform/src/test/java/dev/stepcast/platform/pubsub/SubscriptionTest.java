package dev.stepcast.platform.pubsub;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is left of a subscription without a Redis; what it does with one is tested where used. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SubscriptionTest {
  private final Vertx vertx = Vertx.vertx();
  private final Promise<Void> heard = Promise.promise();
  private final Subscription.Listener listener = new Subscription.Listener() {
    @Override
    public void subscribed(String channel) {
      heard.tryComplete();
    }

    @Override
    public void message(String channel, Buffer message) {
      // nobody speaks
    }
  };

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }

  @Test
  void it_ends_with_its_link() throws Exception {
    var link = RedisLink.open(vertx, TestRedis.url(), 1);
    var subscription = Subscription.open(vertx, link, listener);
    subscription.subscribe("{x}:nobody");
    heard.future().toCompletionStage().toCompletableFuture().get(20, SECONDS);
    assertThat(subscription.closed()).isFalse();
    link.close();
    await().atMost(20, SECONDS).until(subscription::closed);
  }

  @Test
  void one_that_never_stood_ends_with_its_link_too() throws Exception {
    var link = RedisLink.open(vertx, "redis://127.0.0.1:" + freePort(), 1);
    var subscription = Subscription.open(vertx, link, listener);
    link.close();
    await().atMost(20, SECONDS).until(subscription::closed);
  }

  @Test
  void that_redis_cannot_be_reached_is_told_once() throws Exception {
    var there = "127.0.0.1:" + freePort();
    var told = new CopyOnWriteArrayList<Level>();
    var loggers = List.of("dev.stepcast.platform.pubsub.Subscription",
        "dev.stepcast.platform.redis.Lane");
    var ear = new AppenderBase<ILoggingEvent>() {
      @Override
      protected void append(ILoggingEvent event) {
        if (String.valueOf(event.getKeyValuePairs()).contains(there)) {
          told.add(event.getLevel());
        }
      }
    };
    ear.start();
    loggers.forEach(name -> listenTo(name, ear, Level.DEBUG));
    try {
      var link = RedisLink.open(vertx, "redis://" + there, 1);
      Subscription.open(vertx, link, listener);
      await().atMost(20, SECONDS).until(() -> told.size() > 8);
      assertThat(told).filteredOn(Level.WARN::equals).hasSize(2); // the lane's and ours
      link.close();
    } finally {
      loggers.forEach(name -> listenTo(name, ear, null));
    }
  }

  private static void listenTo(String name, AppenderBase<ILoggingEvent> ear,
      @Nullable Level level) {
    var logger = (Logger) LoggerFactory.getLogger(name);
    logger.setLevel(level);
    logger.setAdditive(level == null);
    if (level == null) {
      logger.detachAppender(ear);
    } else {
      logger.addAppender(ear);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
