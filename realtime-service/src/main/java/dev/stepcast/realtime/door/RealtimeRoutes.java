package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.realtime.gate.Gate;
import dev.stepcast.realtime.node.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /api/realtime} on one event loop. */
public final class RealtimeRoutes {
  private static final Duration COME_BACK = Duration.ofSeconds(1);
  private static final Duration RETURN_WITHIN = Duration.ofSeconds(1);

  private final Platform platform;
  private final Loop loop;
  private final Gate gate;
  private final Access access;
  private final Presences presences;
  private final EventStreams streams;
  private final Sockets sockets;

  /**
   * How connections are treated.
   *
   * @param backlogBytes what may wait in memory for one of them
   * @param ackSlack     how far the now of a stock browser client may be from ours
   * @param gate         how many of them there may be
   */
  public record Terms(Duration maxLife, Duration pingEvery, int backlogBytes, Duration ackSlack,
      Gate gate) {}

  /** Serves the connections of {@code loop}. */
  public RealtimeRoutes(Platform platform, ChannelPolicies policies, Loop loop, Terms terms) {
    this.platform = platform;
    this.loop = loop;
    this.gate = terms.gate;
    this.access = new Access(platform.grants(), policies,
        new Revocations(platform.redis(), platform.keys()));
    this.presences = new Presences(platform, access);
    this.streams = new EventStreams(access, loop, terms, presences);
    this.sockets = new Sockets(access, loop, terms,
        new Errands.Services(new Publishing(platform, policies), presences));
  }

  /** Adds the routes. */
  public void mount(Router router) {
    HttpDoor.anyQuery(router.get("/api/realtime")).handler(this::connect);
    new OperatorRoutes(platform).mount(router);
    new Histories(platform, access).mount(router);
    presences.mount(router);
  }

  /**
   * Which connections are meant: those that fit all that is said.
   *
   * @param id      the connection's
   * @param subject of one of its grants
   * @param channel that it listens to
   */
  record Chosen(@Nullable String id, @Nullable String subject, @Nullable String channel) {
    static Chosen of(JsonObject question) {
      return new Chosen(question.getString("id"), question.getString("subject"),
          question.getString("channel"));
    }

    boolean matches(Loop.Connection connection) {
      return (id == null || connection.id().equals(id))
          && (subject == null || connection.belongsTo(subject))
          && (channel == null || connection.listensTo(channel));
    }
  }

  /** Runs {@code action} on this loop; from any thread. */
  <T> Future<T> onLoop(Function<Loop, T> action) {
    var done = Promise.<T>promise();
    loop.context().runOnContext(_ -> {
      try {
        done.complete(action.apply(loop));
      } catch (RuntimeException e) {
        done.fail(e);
      }
    });
    return done.future();
  }

  /** How many connections are open on this loop; from any thread. */
  public int connections() {
    return loop.size();
  }

  /** Asks every connection to come back, spread over most of {@code within}. */
  public Future<Void> drain(Duration within) {
    var done = Promise.<Void>promise();
    loop.context().runOnContext(_ -> {
      long spread = Math.max(1, within.toMillis() * 7 / 10);
      for (var connection : loop.connections()) {
        loop.later(ThreadLocalRandom.current().nextLong(spread),
            () -> connection.drain(RETURN_WITHIN));
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
    var no = gate.knock(ctx.request());
    if (no.isPresent()) {
      loop.meters().closed("turned-away");
      ctx.fail(no.get().refusal());
      return;
    }
    var ask = Ask.of(ctx.request().query());
    if (wantsWebSocket(ctx.request())) {
      access.of(ctx.request()).onFailure(ctx::fail)
          .onSuccess(rights -> sockets.open(ctx, ask, rights));
      return;
    }
    var some = ask.orDefault();
    EventStreams.limit(some);
    access.of(ctx.request()).map(rights -> {
      rights.demand(some.channels(), loop.now());
      return rights;
    }).onFailure(ctx::fail).onSuccess(rights -> streams.open(ctx, some, rights));
  }

  private static boolean wantsWebSocket(HttpServerRequest request) {
    var upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return upgrade != null && upgrade.equalsIgnoreCase("websocket");
  }
}
