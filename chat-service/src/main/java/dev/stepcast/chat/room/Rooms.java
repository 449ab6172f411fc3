package dev.stepcast.chat.room;

import dev.stepcast.chat.room.Answer.No;
import dev.stepcast.chat.room.Answer.Why;
import dev.stepcast.chat.room.Answer.Yes;
import dev.stepcast.chat.text.Alias;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.schemas.ChatEvent;
import dev.stepcast.schemas.RoomMessagePosted;
import dev.stepcast.schemas.RoomMessages;
import dev.stepcast.schemas.RoomView;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rooms. Each command is one script that looks, changes, stores the event and tells it, so that
 * racing commands see each other whole: a join never makes a room, and no seat is given twice. All
 * time is the clock of Redis. Every method fails with {@link RedisLink.Unavailable} when Redis is
 * away; then the command may or may not have been done.
 */
public final class Rooms {
  private static final Script ENTER = Script.of(Rooms.class, "enter");
  private static final Script RENAME = Script.of(Rooms.class, "rename");
  private static final Script CREATE = Script.of(Rooms.class, "create");
  private static final Script LOOK = Script.of(Rooms.class, "look").with(ENTER);
  private static final Script JOIN = telling("join");
  private static final Script POST = Script.of(Rooms.class, "post").with(RENAME).with(ENTER)
      .with(ChannelLog.APPEND);
  private static final Script HISTORY = Script.of(Rooms.class, "history").with(ENTER);
  private static final Script LEAVE = telling("leave");
  private static final Script FINISH = telling("finish");
  private static final Script DUE = Script.of(Rooms.class, "due");
  private static final Pattern ID = Pattern.compile("room_[0-9a-z]{26}");
  private static final int KEEP_MAX = 10_000;
  private static final int DUE_MAX = 100;

  private final RedisLink redis;
  private final Keys keys;
  private final long tombstoneMs;
  private final Ids ids = new Ids();

  /**
   * A room as it begins.
   *
   * @param ttl   until its end
   * @param seats how many may be in it
   */
  public record Opening(Duration ttl, int seats) {}

  /** A room that was opened; instants in ms since the epoch by the clock of Redis. */
  public record Opened(String room, long expiresAt, long now) {}

  /**
   * A seat taken or taken again.
   *
   * @param rejoined whether it was theirs before
   */
  public record Seat(String member, String alias, long expiresAt, long now, boolean owner,
      boolean rejoined) {}

  /**
   * A message to post.
   *
   * @param text     already in its normal form
   * @param sender   to be called so from now on; null for as before
   * @param clientId the author's own id; the same one twice is one message
   */
  public record Draft(String text, @Nullable Alias sender, @Nullable String clientId) {}

  /**
   * A part of the history.
   *
   * @param back  whether it is the newest before {@code from}, else the oldest after it
   * @param from  an event's id, exclusive; empty for the end or the beginning
   * @param limit messages at most
   */
  public record Span(boolean back, String from, int limit) {}

  /**
   * What a partition has to end.
   *
   * @param now    the clock of Redis
   * @param nextAt the next deadline of those not due, 0 for none
   * @param rooms  those that are due, not necessarily all
   */
  record Due(long now, long nextAt, List<String> rooms) {}

  /**
   * Keeps rooms in {@code redis}.
   *
   * @param tombstone how long their end is told to those who were away
   */
  public Rooms(RedisLink redis, Keys keys, Duration tombstone) {
    this.redis = redis;
    this.keys = keys;
    this.tombstoneMs = tombstone.toMillis();
  }

  /**
   * Ends rooms when their time comes, from now on, on the caller's context; every replica does, and
   * one of them wins.
   *
   * @return stops it
   */
  public Runnable keepTime(Vertx vertx) {
    var expiry = new Expiry(vertx, this);
    expiry.start();
    return expiry::stop;
  }

  /** Opens a room that nobody sits in yet. */
  public Future<Opened> create(Opening opening) {
    var id = ids.next("room_");
    var slot = keys.slot(id);
    return redis
        .run(CREATE, List.of(slot.key("room", id), slot.key("rooms")),
            List.of(id, opening.ttl().toMillis(), tombstoneMs, "seats", opening.seats()))
        .map(answer -> new Opened(id, answer.get(1).toLong(), answer.get(2).toLong()));
  }

  /** What the room is like now; more of it for {@code member}, if they have a seat. */
  public Future<Answer<RoomView>> look(String room, String member) {
    return ask(LOOK, room, List.of("room"), List.of(member),
        answer -> new Facts(room, answer.get(3)).view(answer.get(1).toLong(), member));
  }

  /**
   * Takes a seat.
   *
   * @param member who comes back to theirs, empty for nobody known
   */
  public Future<Answer<Seat>> join(String room, String member, Alias alias) {
    return ask(JOIN, room, List.of("room", "ch", "tail"),
        List.of(member, ids.next("mem_"), alias.shown(), alias.fold(), "", tombstoneMs),
        answer -> new Seat(answer.get(1).toString(), answer.get(2).toString(),
            answer.get(3).toLong(), answer.get(4).toLong(),
            answer.get(5).toString().equals(answer.get(1).toString()),
            answer.get(6).toString().equals("1")));
  }

  /** Stores a message and tells it; the same client id again changes nothing. */
  public Future<Answer<RoomMessagePosted>> post(String room, String member, Draft draft) {
    if (!ID.matcher(room).matches()) {
      return Future.succeededFuture(new No<>(Why.UNKNOWN));
    }
    var id = ids.next("msg_");
    var message = Wire.encodeUpTo(new ChatEvent.Message(id, draft.text(), room, draft.clientId(),
        member.isEmpty() ? "nobody" : member, null, "sender", 1, 0), "sender");
    var clientId = draft.clientId() == null ? "" : draft.clientId();
    var sender = draft.sender() == null ? new Alias("", "") : draft.sender();
    return ask(POST, room, List.of("room", "ch", "tail", "sent"),
        List.of(member, id, clientId, sender.shown(), sender.fold(), message, KEEP_MAX,
            tombstoneMs),
        answer -> new RoomMessagePosted(answer.get(1).toString(), answer.get(2).toLong(),
            answer.get(3).toLong()));
  }

  /** Messages, for members only. */
  public Future<Answer<RoomMessages>> history(String room, String member, Span span) {
    var from = span.from().isEmpty() ? span.back() ? "+" : "-" : "(" + span.from();
    return ask(HISTORY, room, List.of("room", "ch"),
        List.of(member, span.back() ? "XREVRANGE" : "XRANGE", from, span.limit()),
        answer -> page(answer.get(2), span.back(), answer.get(1).toString().equals("1")));
  }

  /** Frees the seat of {@code member}. */
  public Future<Answer<Void>> leave(String room, String member) {
    return ask(LEAVE, room, List.of("room", "ch", "tail"), List.of(member, "left", tombstoneMs),
        Rooms::nothing);
  }

  /** Ends the room, at the wish of {@code member}, who must not be empty. */
  public Future<Answer<Void>> destroy(String room, String member) {
    return member.isEmpty()
        ? look(room, member).map(answer -> answer instanceof No<RoomView>(var why)
            ? new No<Void>(why)
            : new No<Void>(Why.NO_SEAT))
        : finish(room, member, "destroyed");
  }

  /** Ends the room if its time has come and nobody has ended it yet. */
  Future<Answer<Void>> expire(String room) {
    return finish(room, "", "expired");
  }

  /** What the partition has to end. */
  Future<Due> due(int partition) {
    return redis.run(DUE, List.of(keys.slot(partition).key("rooms")), List.of(DUE_MAX))
        .map(answer -> new Due(answer.get(0).toLong(), answer.get(1).toLong(),
            StreamSupport.stream(answer.get(2).spliterator(), false).map(Response::toString)
                .toList()));
  }

  /** How many partitions {@link #due} can be asked about. */
  int partitions() {
    return keys.partitions();
  }

  private Future<Answer<Void>> finish(String room, String member, String reason) {
    return ask(FINISH, room, List.of("room", "ch", "tail", "rooms", "sent"),
        List.of(room, member, reason, tombstoneMs), Rooms::nothing);
  }

  /** A name that no room can have is not worth asking about, and must not become part of a key. */
  private <T> Future<Answer<T>> ask(Script script, String room, List<String> used, List<?> args,
      Function<Response, T> read) {
    if (!ID.matcher(room).matches()) {
      return Future.succeededFuture(new No<>(Why.UNKNOWN));
    }
    return redis.run(script, used.stream().map(kind -> key(kind, room)).toList(), args)
        .map(answer -> switch (answer.get(0).toString()) {
          case "OK" -> new Yes<>(read.apply(answer));
          case "GONE" -> new No<>(
              answer.get(1).toString().equals("expired") ? Why.EXPIRED : Why.DESTROYED);
          case String why -> new No<>(Why.valueOf(why));
        });
  }

  private String key(String kind, String room) {
    var slot = keys.slot(room);
    return switch (kind) {
      case "rooms" -> slot.key(kind);
      case "sent" -> slot.key("room", room) + ":sent";
      default -> slot.key(kind, room);
    };
  }

  private static RoomMessages page(Response flat, boolean back, boolean more) {
    var messages = new ArrayList<ChatEvent.Message>();
    for (int i = 0; i + 2 < flat.size(); i += 3) {
      messages.add(Wire.decode(flat.get(i + 2).toString(), ChatEvent.Message.class));
    }
    var cursor = more ? flat.get(flat.size() - 3).toString() : null;
    return new RoomMessages(back ? messages.reversed() : messages, cursor);
  }

  @SuppressWarnings("NullAway") // Void has no value but null
  private static Void nothing(Response answer) {
    return null;
  }

  private static Script telling(String name) {
    return Script.of(Rooms.class, name).with(ENTER).with(ChannelLog.APPEND);
  }
}
