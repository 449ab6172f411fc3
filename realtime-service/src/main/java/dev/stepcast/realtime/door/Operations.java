package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.realtime.door.RealtimeRoutes.Chosen;
import dev.stepcast.realtime.node.Loop;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes ask each other about their connections over the bus: to count, list and close
 * them. Small questions, whose answers are lost where a node does not reply.
 */
public final class Operations {
  static final String COUNT = "realtime.count";
  static final String LIST = "realtime.list";
  static final String CLOSE = "realtime.close";
  static final String END = "realtime.end";
  static final int LISTED_MAX = 200;

  private final List<RealtimeRoutes> doors;

  /** Operations on the connections of {@code doors}, which may still grow. */
  public Operations(List<RealtimeRoutes> doors) {
    this.doors = doors;
  }

  /** Answers the other nodes, and this one, from now on. */
  public void offer(Platform platform) {
    var bus = platform.bus();
    bus.answer(COUNT, question -> count(question.getString("channel")));
    bus.answer(LIST, question -> list(Chosen.of(question), question.getInteger("limit", 0)));
    bus.answer(CLOSE, question -> sum(loop -> close(loop, Chosen.of(question))));
    bus.answer(END, question -> sum(loop -> end(loop, Chosen.of(question))));
  }

  private Future<JsonObject> count(@Nullable String channel) {
    return onEach(loop -> {
      var counts = new JsonObject().put("connections", loop.size())
          .put("channels", loop.audience().channels()).put("lagging", loop.lagging())
          .put("backlogBytes", loop.backlogBytes());
      return channel == null ? counts
          : counts.put("listeners", loop.audience().listeners(channel));
    }).map(all -> {
      var sums = new JsonObject();
      all.forEach(one -> one.forEach(
          entry -> sums.put(entry.getKey(), sums.getLong(entry.getKey(), 0L)
              + ((Number) entry.getValue()).longValue())));
      return sums;
    });
  }

  private Future<JsonObject> list(Chosen chosen, int limit) {
    return onEach(loop -> loop.connections().stream().filter(chosen::matches)
        .limit(Math.min(limit, LISTED_MAX)).map(Loop.Connection::described).toList())
        .map(all -> new JsonObject().put("connections", new JsonArray(all.stream()
            .flatMap(List::stream).limit(Math.min(limit, LISTED_MAX)).toList())));
  }

  private static int close(Loop loop, Chosen chosen) {
    var theirs = loop.connections().stream().filter(chosen::matches).toList();
    theirs.forEach(connection -> connection.dismiss("kicked"));
    return theirs.size();
  }

  private static int end(Loop loop, Chosen chosen) {
    var channel = chosen.channel();
    if (channel == null) {
      return 0;
    }
    var theirs = loop.connections().stream().filter(chosen::matches).toList();
    theirs.forEach(connection -> connection.unsubscribe(channel));
    return theirs.size();
  }

  private Future<JsonObject> sum(Function<Loop, Integer> action) {
    return onEach(action).map(all -> new JsonObject().put("count",
        all.stream().mapToInt(Integer::intValue).sum()));
  }

  private <T> Future<List<T>> onEach(Function<Loop, T> action) {
    var asked = new ArrayList<Future<T>>();
    doors.forEach(door -> asked.add(door.onLoop(action)));
    return Future.all(asked).map(_ -> asked.stream().map(Future::result).toList());
  }
}
