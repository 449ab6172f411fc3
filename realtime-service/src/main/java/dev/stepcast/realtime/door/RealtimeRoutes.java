package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.listen.Audience.Boarded;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.node.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** {@code /api/realtime} on one event loop. */
public final class RealtimeRoutes {
  private static final int SSE_CHANNELS_MAX = 50;
  private static final long BOARD_WITHIN_MS = 5_000;
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final Platform platform;
  private final Loop loop;
  private final Terms terms;
  private final Access access;
  private final Gather gather = new Gather();

  /**
   * How connections are treated.
   *
   * @param backlogBytes what may wait in memory for one of them
   */
  public record Terms(Duration maxLife, Duration pingEvery, int backlogBytes) {}

  /** Serves the connections of {@code loop}. */
  public RealtimeRoutes(Platform platform, ChannelPolicies policies, Loop loop, Terms terms) {
    this.platform = platform;
    this.loop = loop;
    this.terms = terms;
    this.access = new Access(platform.grants(), policies);
    loop.meters().watch("realtime_connections", loop::size, "loop",
        String.valueOf(System.identityHashCode(loop)));
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/api/realtime").handler(this::connect);
  }

  /** Asks every connection to come back, spread over most of {@code within}. */
  public Future<Void> drain(Duration within) {
    var done = Promise.<Void>promise();
    loop.context().runOnContext(_ -> {
      long spread = Math.max(1, within.toMillis() * 7 / 10);
      for (var connection : loop.connections()) {
        loop.later(ThreadLocalRandom.current().nextLong(spread),
            () -> connection.dismiss("drain"));
      }
      loop.later(spread + 200, done::tryComplete);
    });
    return done.future();
  }

  private void connect(RoutingContext ctx) {
    if (platform.health().isDraining()) {
      ctx.fail(Problem.unavailable("draining", "This node is about to stop; connect again.",
          COME_BACK).refusal());
      return;
    }
    var ask = Ask.of(ctx.request().query()).orDefault();
    ask.limit(SSE_CHANNELS_MAX);
    access.of(ctx.request()).map(rights -> {
      rights.demand(ask.channels());
      return rights;
    }).onFailure(ctx::fail).onSuccess(_ -> open(ctx, ask));
  }

  private void open(RoutingContext ctx, Ask ask) {
    if (ctx.response().closed()) {
      return;
    }
    var stream = new EventStream(ctx.response(), loop, gather, terms);
    loop.add(stream);
    ctx.response().closeHandler(_ -> stream.gone());
    ctx.response().exceptionHandler(_ -> stream.gone());
    long timer = loop.later(BOARD_WITHIN_MS, () -> refuse(ctx, stream, Problem.unavailable(
        "subscribe-timeout", "The channels could not be subscribed in time.", COME_BACK)
        .refusal()));
    var wishes = ask.wishes(ctx.request().getHeader("Last-Event-ID"),
        System.currentTimeMillis());
    loop.audience().board(stream.listener(), wishes, new Boarded() {
      @Override
      public void boarded(Boarding boarding) {
        loop.cancel(timer);
        stream.begin(boarding);
      }

      @Override
      public void failed(Throwable cause) {
        loop.cancel(timer);
        refuse(ctx, stream, cause);
      }
    });
  }

  private static void refuse(RoutingContext ctx, EventStream stream, Throwable cause) {
    if (!ctx.response().headWritten() && !ctx.response().closed()) {
      stream.gone();
      ctx.fail(cause);
    }
  }
}
