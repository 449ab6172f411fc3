package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.schemas.ConnectionList;
import dev.stepcast.schemas.ConnectionTransport;
import dev.stepcast.schemas.ConnectionView;
import dev.stepcast.schemas.ConnectionsClosed;
import dev.stepcast.schemas.RealtimeNode;
import dev.stepcast.schemas.RealtimeStats;
import dev.stepcast.schemas.SubscriptionsEnded;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What operators ask, with the API token, about all nodes: how much is listened to, by whom, and to
 * end it. A node that does not reply within two seconds is not counted: what must end for certain
 * is ended by a revocation, which this is not; the browser may come back.
 */
final class OperatorRoutes {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final int LIMIT = 50;
  private static final String NOTHING = "0-0";

  private final Platform platform;

  OperatorRoutes(Platform platform) {
    this.platform = platform;
  }

  void mount(Router router) {
    var token = platform.http();
    HttpDoor.query(router.get("/api/realtime/stats"), "channel").handler(token::requireToken)
        .handler(this::stats);
    HttpDoor.query(router.get("/api/realtime/connections"), "subject", "channel", "limit")
        .handler(token::requireToken).handler(this::list);
    HttpDoor.query(router.delete("/api/realtime/connections"), "subject")
        .handler(token::requireToken)
        .handler(ctx -> close(ctx, new JsonObject().put("subject", wanted(ctx, "subject"))));
    router.delete("/api/realtime/connections/:id").handler(token::requireToken)
        .handler(ctx -> close(ctx, new JsonObject().put("id", ctx.pathParam("id"))));
    HttpDoor.query(router.delete("/api/realtime/subscriptions"), "channel", "subject",
        "connection").handler(token::requireToken).handler(this::end);
  }

  private void stats(RoutingContext ctx) {
    var query = new Query(ctx);
    var channel = query.only("channel") == null ? null : query.channel();
    HttpDoor.answer(ctx, 200, ask(Operations.COUNT, new JsonObject().put("channel", channel))
        .compose(replies -> {
          var nodes = new ArrayList<RealtimeNode>();
          replies.forEach((node, counts) -> nodes.add(node(node, counts)));
          return channel == null
              ? Future.succeededFuture(new RealtimeStats(null, null, null, null, nodes))
              : ofChannel(channel, nodes);
        }));
  }

  private Future<RealtimeStats> ofChannel(String channel, List<RealtimeNode> nodes) {
    long listeners = nodes.stream().mapToLong(node -> node.listeners() == null ? 0
        : node.listeners()).sum();
    var log = platform.channels();
    return log.length(new ChannelName(channel)).compose(length -> log.ends(List.of(channel))
        .map(ends -> new RealtimeStats(channel, listeners, length,
            ends.getFirst().equals(NOTHING) ? null : ends.getFirst(), nodes)));
  }

  private void list(RoutingContext ctx) {
    var query = new Query(ctx);
    int limit = query.number("limit", LIMIT, Operations.LISTED_MAX);
    var question = new JsonObject().put("limit", limit).put("subject", query.only("subject"))
        .put("channel", query.only("channel") == null ? null : query.channel());
    HttpDoor.answer(ctx, 200, ask(Operations.LIST, question).map(replies -> {
      var all = new ArrayList<ConnectionView>();
      replies.forEach((node, reply) -> reply.getJsonArray("connections").stream()
          .map(JsonObject.class::cast).forEach(one -> all.add(view(node, one))));
      return new ConnectionList(all.stream().limit(limit).toList());
    }));
  }

  private void close(RoutingContext ctx, JsonObject whose) {
    HttpDoor.answer(ctx, 200, ask(Operations.CLOSE, whose)
        .map(replies -> new ConnectionsClosed(sum(replies))));
  }

  private void end(RoutingContext ctx) {
    var query = new Query(ctx);
    wanted(ctx, "channel");
    var whose = new JsonObject().put("channel", query.channel())
        .put("subject", query.only("subject")).put("id", query.only("connection"));
    if (whose.getString("subject") == null && whose.getString("id") == null) {
      throw Query.bad("subject", "whose subscription is to be ended, or a connection");
    }
    HttpDoor.answer(ctx, 200, ask(Operations.END, whose)
        .map(replies -> new SubscriptionsEnded(sum(replies))));
  }

  /** What the nodes replied, by node. */
  private Future<Map<String, JsonObject>> ask(String topic, JsonObject question) {
    return platform.bus().askEach(topic, question, WITHIN).map(answers -> {
      var replies = new TreeMap<String, JsonObject>();
      answers.forEach((node, answer) -> {
        if (answer instanceof Answer.Replied(var body)) {
          replies.put(node, body);
        }
      });
      return replies;
    });
  }

  private static RealtimeNode node(String node, JsonObject counts) {
    return new RealtimeNode(node, counts.getLong("connections", 0L),
        counts.getLong("channels", 0L), counts.getLong("lagging", 0L),
        counts.getLong("backlogBytes", 0L), counts.getLong("listeners"));
  }

  private static ConnectionView view(String node, JsonObject one) {
    return new ConnectionView(one.getString("id"), node,
        ConnectionTransport.valueOf(one.getString("transport")),
        one.getString("subject"), one.getLong("sinceAt"), one.getLong("channels"),
        one.getLong("backlogBytes"), one.getBoolean("lagging"));
  }

  private static long sum(Map<String, JsonObject> replies) {
    return replies.values().stream().mapToLong(reply -> reply.getLong("count", 0L)).sum();
  }

  private static String wanted(RoutingContext ctx, String name) {
    var value = new Query(ctx).only(name);
    if (value == null || value.isEmpty()) {
      throw Query.bad(name, "whose");
    }
    return value;
  }
}
