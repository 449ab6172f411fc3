package dev.stepcast.realtime.node;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.realtime.position.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks Redis for the tails of what is followed: what was never rung for is found this way. */
record Audit(ChannelLog log, Keys keys) {
  /** What a channel's tail is, and what had been heard last before it was asked for. */
  record Tail(String channel, Position found, Position heard) {}

  /** Asked at once at most, so that nobody waits long for Redis because of it. */
  private static final int AT_ONCE = 500;

  /** Some commands for each partition. */
  List<Future<List<Tail>>> tails(Map<String, Position> heard) {
    var byPartition = heard.keySet().stream().collect(Collectors.groupingBy(keys::partition));
    var all = new ArrayList<Future<List<Tail>>>(byPartition.size());
    byPartition.values().forEach(channels -> {
      for (int from = 0; from < channels.size(); from += AT_ONCE) {
        all.add(ask(channels.subList(from, Math.min(channels.size(), from + AT_ONCE)), heard));
      }
    });
    return all;
  }

  private Future<List<Tail>> ask(List<String> channels, Map<String, Position> heard) {
    return log.ends(channels).map(ends -> {
      var tails = new ArrayList<Tail>(channels.size());
      for (int i = 0; i < channels.size(); i++) {
        var channel = channels.get(i);
        tails.add(new Tail(channel, Position.of(ends.get(i)),
            heard.getOrDefault(channel, Position.ZERO)));
      }
      return tails;
    });
  }
}
