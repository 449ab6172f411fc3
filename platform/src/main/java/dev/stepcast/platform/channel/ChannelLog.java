package dev.stepcast.platform.channel;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.schemas.EventType;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened on each channel. Appending stores an event and rings its listeners in one step;
 * every entry carries the id of the one before it, so a reader sees a hole at once.
 */
public final class ChannelLog {
  /** Defines the Lua function {@code append}; put in front of every script that tells. */
  public static final Script APPEND = Script.of(ChannelLog.class, "append");

  /** Defines the same, and what it is made of, for the channels of runs. */
  public static final Script LOG = Script.of(ChannelLog.class, "log");

  /** Defines the Lua function {@code whisper}; put in front of scripts that tell but store not. */
  public static final Script WHISPER = Script.of(ChannelLog.class, "whisper");

  private static final Script HINT = Script.of(ChannelLog.class, "hint").with(WHISPER);
  private static final Script EMIT = Script.of(ChannelLog.class, "emit").with(APPEND);
  private static final Script EMIT_OF_RUN = Script.of(ChannelLog.class, "emit").with(LOG);
  private static final Script READ = Script.of(ChannelLog.class, "read");
  private static final Script RECALL = Script.of(ChannelLog.class, "recall")
      .with(Script.of(ChannelLog.class, "entries")).with(LOG);
  private static final Script EXTENT = Script.of(ChannelLog.class, "extent");
  private static final Script ENDS = Script.of(ChannelLog.class, "ends").with(LOG);
  private static final Duration ONCE = Duration.ofHours(24);

  private final RedisLink redis;
  private final Keys keys;

  /**
   * How much of a channel is kept.
   *
   * @param maxLength entries, 0 for all
   * @param age       time since the last event after which the history goes, zero for never
   */
  public record History(int maxLength, Duration age) {
    /** What a channel without a policy keeps: 1,000 events or 24 hours. */
    public static final History DEFAULT = new History(1_000, Duration.ofHours(24));

    /**
     * For the channel of a run or a room: its owner says how long it lives, an event from outside
     * changes nothing about that, and there is no such channel without its owner.
     */
    public static final History OWNED = new History(0, Duration.ZERO);

    private static final Duration TAIL_OUTLIVES = Duration.ofDays(7);

    /** The three last arguments of the Lua function {@code append}. */
    public List<String> arguments() {
      var tail = age.isZero() ? Duration.ZERO : age.plus(TAIL_OUTLIVES);
      return List.of(String.valueOf(maxLength), String.valueOf(age.toMillis()),
          String.valueOf(tail.toMillis()));
    }
  }

  /**
   * An event to store.
   *
   * @param event its name, such as {@code chat.message}
   * @param data  its data as JSON text, already checked
   * @param key   what makes a second emit of it a duplicate, for 24 hours; null for none
   */
  public record Emit(String event, String data, @Nullable String key) {
    /** An event of ours, valid by construction. */
    public static <T> Emit of(EventType<T> type, T data) {
      return new Emit(type.name(), Wire.encode(data), null);
    }
  }

  /**
   * How often events may be emitted, a quarter of a minute's at once.
   *
   * @param channelPerMinute on the channel, by whomever; 0 for no limit
   * @param subjectPerMinute on the channel by {@code subject}; 0 for no limit
   * @param subject          who emits; of no account without a limit
   */
  public record Quota(int channelPerMinute, int subjectPerMinute, String subject) {
    /** As often as one likes. */
    public static final Quota NONE = new Quota(0, 0, "");
  }

  /** The channel's quota, or that of the subject on it, is used up. Nothing was stored. */
  public static final class TooOften extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Duration retryAfter;

    private TooOften(Duration retryAfter) {
      super("too often", null, false, false);
      this.retryAfter = retryAfter;
    }

    /** When the next event will be taken, if nobody else's comes before. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** A run's or room's channel was meant, and there is none of that name. */
  public static final class NoSuchChannel extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NoSuchChannel() {
      super("no such channel", null, false, false);
    }
  }

  /**
   * Where an event went.
   *
   * @param id        its place on the channel
   * @param duplicate whether it was there before, under the same key
   */
  public record Emitted(String id, boolean duplicate) {}

  /**
   * One stored event.
   *
   * @param id   {@code <ms>-<seq>}, growing within a channel
   * @param prev the id of the event before it, {@code 0-0} for the first
   * @param data JSON text
   */
  public record Entry(String id, String prev, String event, String data) {}

  /**
   * A part of a channel's history, with its end, read in one step.
   *
   * @param tail    the last id ever given out that is still remembered, {@code 0-0} if none
   * @param entries in order, oldest first
   */
  public record Page(String tail, List<Entry> entries) {}

  /**
   * How much one read answers.
   *
   * @param count entries at most
   * @param bytes ends the page once its data passed this; one entry always fits
   */
  public record Limit(int count, int bytes) {}

  /** Reads and writes through {@code redis}. */
  public ChannelLog(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /**
   * Stores {@code emit} and rings, as one step; with a key, once.
   *
   * @return fails with {@link RedisLink.Unavailable} when Redis is away, and then the event may or
   *     may not have been stored: only with a key is it safe to send again; with
   *     {@link NoSuchChannel} when the history is {@link History#OWNED} and there is no owner
   */
  public Future<Emitted> append(ChannelName channel, Emit emit, History history) {
    return append(channel, emit, history, Quota.NONE);
  }

  /**
   * The same within {@code quota}; fails with {@link TooOften} beyond it. What is a duplicate uses
   * none of it up.
   */
  public Future<Emitted> append(ChannelName channel, Emit emit, History history, Quota quota) {
    var slot = keys.slot(channel.value());
    var once = slot.key("once", pair(channel, emit.key() == null ? "" : emit.key()));
    var args = new ArrayList<String>(List.of(emit.event(), emit.data()));
    args.addAll(history.arguments());
    args.add(emit.key() == null ? "0" : String.valueOf(ONCE.toMillis()));
    args.add(String.valueOf(quota.channelPerMinute));
    args.add(String.valueOf(quota.subjectPerMinute));
    var used = List.of(slot.key("ch", channel.value()), keys.keeper(channel.value()), once,
        slot.key("rate", channel.value()),
        slot.key("share", pair(channel, quota.subject)));
    return redis.run(Keys.isRun(channel.value()) ? EMIT_OF_RUN : EMIT, used, args)
        .map(answer -> switch (answer.get(0).toString()) {
          case "APPENDED" -> new Emitted(answer.get(1).toString(), false);
          case "DUPLICATE" -> new Emitted(answer.get(1).toString(), true);
          case "TOO_OFTEN" -> throw new TooOften(Duration.ofMillis(answer.get(1).toLong()));
          default -> throw new NoSuchChannel();
        });
  }

  /**
   * Tells those who listen right now, and nobody later. It has no id and no place in the history;
   * on the wire it is an {@code ephemeral} frame.
   */
  public <T> Future<Void> whisper(ChannelName channel, EventType<T> type, T data) {
    return redis.run(HINT, List.of(keys.channel(channel.value())),
        List.of(type.name(), Wire.encode(data))).mapEmpty();
  }

  /** The entries after {@code id}, exclusive. */
  public Future<Page> readAfter(ChannelName channel, String id, Limit limit) {
    return read(channel, "(" + id, limit);
  }

  /** The entries from the instant {@code ms} on, inclusive. */
  public Future<Page> readSince(ChannelName channel, long ms, Limit limit) {
    return read(channel, ms + "-0", limit);
  }

  /**
   * The newest entries before {@code id}, exclusive; in order, oldest first.
   *
   * @param id null: before the end
   */
  public Future<List<Entry>> readBefore(ChannelName channel, @Nullable String id, int count) {
    return range(channel, true, id == null ? "+" : "(" + id, count).map(List::reversed);
  }

  /**
   * At most {@code count} entries from {@code from} on, as XRANGE and XREVRANGE take it.
   *
   * @param back the newest first, and older ones after it
   */
  public Future<List<Entry>> range(ChannelName channel, boolean back, String from, int count) {
    var stream = keys.channel(channel.value());
    if (Keys.isRun(channel.value())) {
      return recall(channel, back ? "back" : "on", from, new Limit(count, Integer.MAX_VALUE))
          .map(Page::entries);
    }
    return redis.send(stream, Request.cmd(back ? Command.XREVRANGE : Command.XRANGE).arg(stream)
        .arg(from).arg(back ? "-" : "+").arg("COUNT").arg(count))
        .map(answer -> answer == null ? List.of()
            : answer.stream().map(ChannelLog::entry).toList());
  }

  /** How many events are kept. */
  public Future<Long> length(ChannelName channel) {
    var stream = keys.channel(channel.value());
    var answer = Keys.isRun(channel.value())
        ? redis.run(EXTENT, List.of(keys.keeper(channel.value()), stream), List.of())
        : redis.send(stream, Request.cmd(Command.XLEN).arg(stream));
    return answer.map(length -> length == null ? 0 : length.toLong());
  }

  /**
   * The last ids of channels of one partition, in their order; {@code 0-0} where none is known.
   */
  public Future<List<String>> ends(List<String> channels) {
    return redis.run(ENDS, channels.stream().map(keys::keeper).toList(), List.of())
        .map(answer -> answer.stream().map(Response::toString).toList());
  }

  /** The length keeps {@code a} and {@code b:c} apart from {@code a:b} and {@code c}. */
  private static String pair(ChannelName channel, String other) {
    return channel.value().length() + ":" + channel.value() + ":" + other;
  }

  private Future<Page> read(ChannelName channel, String from, Limit limit) {
    if (Keys.isRun(channel.value())) {
      return recall(channel, "on", from, limit);
    }
    return redis.run(READ, List.of(keys.channel(channel.value()), keys.keeper(channel.value())),
        List.of(from, limit.count(), limit.bytes())).map(ChannelLog::page);
  }

  private Future<Page> recall(ChannelName channel, String order, String from, Limit limit) {
    return redis.run(RECALL, List.of(keys.keeper(channel.value()), keys.channel(channel.value())),
        List.of(order, from, limit.count(), limit.bytes())).map(ChannelLog::page);
  }

  private static Entry entry(Response one) {
    var fields = one.get(1); // event, data, prev: append writes them in this order
    return new Entry(one.get(0).toString(), fields.get(5).toString(), fields.get(1).toString(),
        fields.get(3).toString());
  }

  private static Page page(Response answer) {
    var flat = answer.get(1);
    var entries = new ArrayList<Entry>(flat.size() / 4);
    for (int i = 0; i + 3 < flat.size(); i += 4) {
      entries.add(new Entry(flat.get(i).toString(), flat.get(i + 1).toString(),
          flat.get(i + 2).toString(), flat.get(i + 3).toString()));
    }
    return new Page(answer.get(0).toString(), List.copyOf(entries));
  }
}
