package dev.stepcast.api.redis;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelLog.NoSuchChannel;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.RawJson;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code @upstash/realtime}'s server half does to Redis, done to channels of ours: an emit is
 * one append, which stores and rings at once, so its second half, the PUBLISH, has nothing left to
 * do. The names of events are the program's affair, which has a schema of its own; their size is
 * ours.
 */
final class Channels {
  private static final Pattern EVENT = Pattern.compile("[^\\s\\p{Cntrl}]{1,200}");
  private static final int DATA_BYTES_MAX = 256 * 1024;
  private static final Pattern BOUND = Pattern.compile("\\(?\\d{1,15}(-\\d{1,15})?|[-+]");
  private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
  private static final Replies.Status HASH = new Replies.Status("hash");
  private static final Replies.Status STREAM = new Replies.Status("stream");
  private static final String PING_EVERY_MS = "15000";

  private final RedisLink redis;
  private final Keys keys;
  private final ChannelLog channels;
  private final ChannelPolicies policies;

  Channels(RedisLink redis, Keys keys, ChannelLog channels, ChannelPolicies policies) {
    this.redis = redis;
    this.keys = keys;
    this.channels = channels;
    this.policies = policies;
  }

  /** Appends; answers the event's id. */
  Future<Object> emit(Emission emission) {
    var channel = channel(emission.channel());
    if (!EVENT.matcher(emission.event()).matches()) {
      throw new Refused("ERR an event's name has 1 to 200 characters and no blanks");
    }
    RawJson data = emission.data().json();
    if (data.bytes() > DATA_BYTES_MAX) {
      throw new Refused("ERR the event's data is over " + DATA_BYTES_MAX + " bytes");
    }
    var history = policies.of(channel.value()).history();
    return channels.append(channel, new Emit(emission.event(), data.text(), null), history)
        .compose(emitted -> trim(channel, history, emission.keepMax()).<Object>map(emitted.id()))
        .recover(cause -> Future.failedFuture(cause instanceof NoSuchChannel
            ? new Refused("ERR no such run or room: its channel lives as long as it is kept")
            : cause));
  }

  /** A program may keep less than the channel's policy says, never more. */
  private Future<?> trim(ChannelName channel, History history, @Nullable String keepMax) {
    return keepMax == null || owned(history) ? Future.succeededFuture()
        : redis.send(keys.channel(channel.value()), Request.cmd(Command.XTRIM)
            .arg(keys.channel(channel.value())).arg("MAXLEN").arg("=").arg(keepMax));
  }

  /**
   * A message that somebody publishes. An event that was emitted has been told already; pings,
   * which every connection sends on behalf of all, are thinned out; anything else goes to whoever
   * listens right now.
   */
  Future<Object> publish(String channel, String message) {
    var name = channel(channel).value();
    var json = object(message);
    if (json != null && json.containsKey("event") && json.containsKey("id")) {
      return Future.succeededFuture(1L);
    }
    var rung = keys.slot(name).key("pub", name);
    if (json == null || !"ping".equals(json.getValue("type"))) {
      return tell(rung, message);
    }
    var last = keys.slot(name).key("pinged", name);
    return redis.send(last, Request.cmd(Command.SET).arg(last).arg("1").arg("NX").arg("PX")
        .arg(PING_EVERY_MS)).compose(
            first -> first == null ? Future.succeededFuture(0L)
                : tell(rung, message));
  }

  private Future<Object> tell(String rung, String message) {
    return redis.send(rung, Request.cmd(redis.cluster() ? Command.SPUBLISH : Command.PUBLISH)
        .arg(rung).arg(message)).map(Replies::plain);
  }

  /**
   * XRANGE and XREVRANGE.
   *
   * @return the entries as the program's reader wants them; null when there is no such history
   */
  Future<@Nullable Object> range(List<Word> command) {
    var name = channel(command.get(1).text()).value();
    boolean back = command.getFirst().is("XREVRANGE");
    var from = bound(command.get(2));
    var until = bound(command.get(3));
    return channels.range(new ChannelName(name), back, from, count(command))
        .map(entries -> {
          var within = entries.stream().filter(entry -> !Ids.beyond(entry.id(), until, back))
              .map(entry -> entry(name, entry)).toList();
          return within.isEmpty() ? null : within;
        });
  }

  private static String bound(Word word) {
    if (!BOUND.matcher(word.text()).matches()) {
      throw new Refused("ERR Invalid stream ID specified as stream command argument");
    }
    return word.text();
  }

  private static int count(List<Word> command) {
    if (command.size() == 4) {
      return Integer.MAX_VALUE;
    }
    var count = command.size() == 6 && command.get(4).is("COUNT") ? command.get(5).text() : "";
    if (!COUNT.matcher(count).matches()) {
      throw new Refused("ERR syntax error");
    }
    return Integer.parseInt(count);
  }

  /** The reader parses each field that looks like JSON: data always is, the others never are. */
  private static Object entry(String channel, ChannelLog.Entry entry) {
    return List.of(entry.id(), List.of("data", entry.data(), "event",
        Word.readable(entry.event()), "channel", Word.readable(channel)));
  }

  /** EXPIRE, DEL, TTL and their like, applied to the history of a channel of that name. */
  Future<@Nullable Object> keyed(List<Word> command, String name) {
    if (!ChannelName.valid(name) || (changes(command) && owned(policies.of(name).history()))) {
      return Future.succeededFuture();
    }
    if (command.getFirst().is("XLEN")) {
      return channels.length(new ChannelName(name)).map(length -> length);
    }
    var key = Keys.isRun(name) ? keys.keeper(name) : keys.channel(name);
    var request = Request.cmd(Command.create(command.getFirst().text().toUpperCase(Locale.ROOT)))
        .arg(key);
    var deletes = command.getFirst().is("DEL") || command.getFirst().is("UNLINK")
        || command.getFirst().is("EXISTS");
    if (!deletes) {
      command.subList(2, command.size()).forEach(word -> request.arg(word.text()));
    }
    return redis.send(key, request).map(Replies::plain).map(answer -> HASH.equals(answer)
        ? STREAM
        : answer);
  }

  /** A run's or room's history ends with it, whatever a program says. */
  private static boolean owned(History history) {
    return history.equals(History.OWNED);
  }

  private static boolean changes(List<Word> command) {
    return !List.of("TTL", "PTTL", "EXISTS", "TYPE", "XLEN")
        .contains(command.getFirst().text().toUpperCase(Locale.ROOT));
  }

  private static ChannelName channel(String name) {
    if (!ChannelName.valid(name)) {
      throw new Refused("ERR a channel's name has 1 to 200 printable characters");
    }
    return new ChannelName(name);
  }

  private static @Nullable JsonObject object(String message) {
    try {
      return message.startsWith("{") ? new JsonObject(message) : null;
    } catch (DecodeException e) {
      return null;
    }
  }
}
