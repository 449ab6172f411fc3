package dev.stepcast.chat.desk;

import dev.stepcast.chat.desk.Answer.No;
import dev.stepcast.chat.desk.Answer.Why;
import dev.stepcast.chat.desk.Answer.Yes;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Where rooms are asked. A command is one script that looks, changes, stores the event and tells
 * it, so racing commands see each other whole. Fails with {@link RedisLink.Unavailable} when Redis
 * is away; then the command may or may not have been done.
 *
 * <p>Metrics: {@code chat_commands_total{command,outcome}}.
 */
public final class Desk {
  /** Defines the Lua function {@code enter}, which every command begins with. */
  public static final Script ENTER = Script.of(Desk.class, "enter");

  /** Defines the Lua function {@code spend}, for commands that may not be asked too often. */
  public static final Script SPEND = Script.of(Desk.class, "spend");

  private static final Pattern ROOM = Pattern.compile("room_[0-9a-z]{26}");
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int ID_LENGTH = 26;

  private final RedisLink redis;
  private final Keys keys;
  private final Terms terms;
  private final MeterRegistry meters;
  private final SecureRandom random = new SecureRandom();

  /**
   * What holds for all rooms.
   *
   * @param tombstone how long the end of a room is told to those who were away
   */
  public record Terms(Duration tombstone, Pace pace) {}

  /**
   * How often a seat may ask for one kind of thing; all seats of a room together some times that.
   *
   * @param atOnce  so many at once; 0 for no limit
   * @param everyMs then one every so many ms
   */
  public record Pace(int atOnce, int everyMs) {
    /** {@code perMinute}, a quarter of them at once; 0 for no limit. */
    public static Pace of(int perMinute) {
      return perMinute == 0 ? new Pace(0, 1)
          : new Pace(Math.max(1, perMinute / 4), Math.max(1, 60_000 / perMinute));
    }
  }

  /** Asks through {@code redis}. */
  public Desk(RedisLink redis, Keys keys, Terms terms, MeterRegistry meters) {
    this.redis = redis;
    this.keys = keys;
    this.terms = terms;
    this.meters = meters;
  }

  /** How long the end of a room is told to those who were away, ms: an argument of scripts. */
  public long tombstoneMs() {
    return terms.tombstone.toMillis();
  }

  /** How often a seat may ask for one kind of thing: two arguments of scripts. */
  public Pace pace() {
    return terms.pace;
  }

  /** How many partitions rooms are spread over. */
  public int partitions() {
    return keys.partitions();
  }

  /** An id that cannot be guessed: {@code prefix} and 26 base32 characters, 130 bits. */
  public String id(String prefix) {
    var bytes = new byte[ID_LENGTH];
    random.nextBytes(bytes);
    var id = new StringBuilder(prefix.length() + ID_LENGTH).append(prefix);
    for (byte b : bytes) {
      id.append(ALPHABET[b & 31]);
    }
    return id.toString();
  }

  /** Whether {@code room} can be a room's id; what cannot must not become part of a key. */
  public static boolean isRoom(String room) {
    return ROOM.matcher(room).matches();
  }

  /**
   * Asks {@code room}.
   *
   * @param used kinds of the keys that the script takes, see {@link #key}
   * @param read makes the value of what the script answers after {@code OK}
   */
  public <T> Future<Answer<T>> ask(Script script, String room, List<String> used, List<?> args,
      Function<Response, T> read) {
    if (!isRoom(room)) {
      return Future.succeededFuture(new No<>(Why.UNKNOWN));
    }
    return redis.run(script, used.stream().map(kind -> key(kind, room)).toList(), args)
        .map(answer -> {
          Answer<T> judged = switch (answer.get(0).toString()) {
            case "OK" -> new Yes<>(read.apply(answer));
            case "GONE" -> new No<>(
                answer.get(1).toString().equals("expired") ? Why.EXPIRED : Why.DESTROYED);
            case "TOO_OFTEN" -> new No<>(Why.TOO_OFTEN, answer.get(1).toLong());
            case String why -> new No<>(Why.valueOf(why));
          };
          count(script, judged);
          return judged;
        });
  }

  /** Asks a partition. */
  public Future<Response> ask(Script script, int partition, List<String> used, List<?> args) {
    var slot = keys.slot(partition);
    return redis.run(script, used.stream().map(slot::key).toList(), args);
  }

  /** Where something of a room is; deadlines are together, for all rooms of its partition. */
  private String key(String kind, String room) {
    var slot = keys.slot(room);
    return switch (kind) {
      case "rooms", "seats" -> slot.key(kind);
      case "sent", "spent" -> slot.key("room", room) + ":" + kind;
      default -> slot.key(kind, room);
    };
  }

  private void count(Script script, Answer<?> answer) {
    var outcome = answer instanceof No<?>(var why, _)
        ? why.name().toLowerCase(Locale.ROOT)
        : "ok";
    meters.counter("chat.commands", "command", script.toString().replace(".lua", ""), "outcome",
        outcome).increment();
  }
}
