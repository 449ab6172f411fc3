package dev.stepcast.chat.room;

import dev.stepcast.chat.desk.Answer;
import dev.stepcast.chat.desk.Desk;
import dev.stepcast.chat.text.Alias;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.schemas.RoomView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The life of rooms and who sits in them. A join never makes a room, no seat is given twice, and
 * after its end nothing happens in a room. All time is the clock of Redis.
 */
public final class Rooms {
  private static final Script CREATE = Script.of(Rooms.class, "create");
  private static final Script LOOK = Script.of(Rooms.class, "look").with(Desk.ENTER);
  private static final Script ASKED = Script.of(Rooms.class, "asked").with(Desk.SPEND)
      .with(Desk.ENTER);
  private static final Script JOIN = telling("join").with(Desk.SPEND);
  private static final Script LOCK = telling("lock").with(Desk.SPEND);
  private static final Script FINISH = telling("finish");
  private static final Script VACATE = Script.of(Rooms.class, "vacate");
  private static final Script LEAVE = Script.of(Rooms.class, "leave").with(VACATE)
      .with(Desk.SPEND).with(Desk.ENTER).with(Revocations.REVOKE).with(ChannelLog.APPEND);
  private static final Script HERE = Script.of(Rooms.class, "here").with(Desk.SPEND)
      .with(Desk.ENTER).with(ChannelLog.WHISPER);
  private static final Script SILENCE = Script.of(Rooms.class, "silence").with(VACATE)
      .with(Desk.ENTER).with(Revocations.REVOKE).with(ChannelLog.WHISPER)
      .with(ChannelLog.APPEND);
  private static final Script DUE = Script.of(Rooms.class, "due");
  private static final int PASSCODES_AT_ONCE = 30;
  private static final int PASSCODE_EVERY_MS = 2_000;
  private static final int DUE_MAX = 100;
  private static final int SEATS_AT_ONCE = 10;
  private static final String CLOCK = "*";

  private final Desk desk;
  private final Patience patience;

  /**
   * How silence is taken, of members who have no live connection to the room's channel.
   *
   * @param away  after which a member counts as away
   * @param grace after which their seat is free; longer than {@code away}
   */
  public record Patience(Duration away, Duration grace) {}

  /**
   * A room as it begins.
   *
   * @param ttl      until its end
   * @param seats    how many may be in it
   * @param passcode hash of what joining needs
   */
  public record Opening(Duration ttl, int seats, @Nullable String name, @Nullable String passcode,
      boolean encrypted) {
    private List<Object> facts() {
      var facts = new ArrayList<Object>(List.of("seats", seats, "encrypted", encrypted ? 1 : 0));
      if (name != null) {
        facts.addAll(List.of("name", name));
      }
      if (passcode != null) {
        facts.addAll(List.of("passcode", passcode));
      }
      return facts;
    }
  }

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
   * Who wants a seat.
   *
   * @param member   who comes back to theirs, empty for nobody known
   * @param passcode hash that their passcode fits, empty for none
   */
  public record Guest(String member, Alias alias, String passcode) {}

  /**
   * What a partition has to be looked at for now.
   *
   * @param waitMs until there is more, -1 for nothing known
   * @param rooms  whose time came
   * @param seats  whose members are silent: room and member, with a blank between
   */
  record Due(long waitMs, List<String> rooms, List<String> seats) {}

  /** Rooms that are asked at {@code desk}. */
  public Rooms(Desk desk, Patience patience) {
    this.desk = desk;
    this.patience = patience;
  }

  /**
   * Ends rooms when their time comes, and frees the seats of the silent, from now on, on the
   * caller's context; every replica does, and for each room one of them wins.
   *
   * @return stops it
   */
  public Runnable keepTime(Vertx vertx) {
    var expiry = new Expiry(vertx, this);
    expiry.start();
    return expiry::stop;
  }

  /** Opens a room that nobody sits in yet. */
  public Future<Answer<Opened>> create(Opening opening) {
    var id = desk.id("room_");
    var args = new ArrayList<Object>(List.of(id, opening.ttl().toMillis(), desk.tombstoneMs()));
    args.addAll(opening.facts());
    return desk.ask(CREATE, id, List.of("room", "rooms"), args,
        answer -> new Opened(id, answer.get(1).toLong(), answer.get(2).toLong()));
  }

  /** What the room is like now; more of it for {@code member}, if they have a seat. */
  public Future<Answer<RoomView>> look(String room, String member) {
    return desk.ask(LOOK, room, List.of("room", "members"), List.of(member),
        answer -> view(room, member, answer));
  }

  /**
   * The hash of the passcode that the room asks of {@code member}, empty for none. Asking counts as
   * an attempt, of which a room allows only so many.
   */
  public Future<Answer<String>> passcode(String room, String member) {
    return desk.ask(ASKED, room, List.of("room", "spent"),
        List.of(member, PASSCODES_AT_ONCE, PASSCODE_EVERY_MS), answer -> answer.get(1).toString());
  }

  /** Takes a seat, or comes back to one's own. */
  public Future<Answer<Seat>> join(String room, Guest guest) {
    var newcomer = desk.id("mem_");
    return desk.ask(JOIN, room, List.of("room", "ch", "tail", "seats", "spent"),
        List.of(guest.member(), newcomer, guest.alias().shown(), guest.alias().fold(),
            guest.passcode(), desk.tombstoneMs(), room + " " + newcomer,
            patience.away().toMillis(), desk.pace().atOnce() * SEATS_AT_ONCE,
            Math.max(1, desk.pace().everyMs() / SEATS_AT_ONCE)),
        answer -> new Seat(answer.get(1).toString(), answer.get(2).toString(),
            answer.get(3).toLong(), answer.get(4).toLong(),
            answer.get(5).toString().equals(answer.get(1).toString()),
            answer.get(6).toString().equals("1")));
  }

  /** Frees a seat: one's own, or as the owner that of {@code member}. */
  public Future<Answer<String>> leave(String room, String asking, String member) {
    return desk.ask(LEAVE, room, List.of("room", "ch", "tail", "revoked", "seats", "spent"),
        List.of(asking, member, desk.tombstoneMs(), room + " " + member, desk.pace().atOnce(),
            desk.pace().everyMs()),
        _ -> room);
  }

  /** Lets nobody in any more, or again; for the owner. */
  public Future<Answer<String>> lock(String room, String member, boolean locked) {
    return desk.ask(LOCK, room, List.of("room", "ch", "tail", "spent"),
        List.of(member, locked ? 1 : 0, desk.tombstoneMs(), desk.pace().atOnce(),
            desk.pace().everyMs()),
        _ -> room);
  }

  /** Hears of {@code member}, or that they go away for now. */
  public Future<Answer<RoomView>> here(String room, String member, boolean here) {
    return desk.ask(HERE, room, List.of("room", "ch", "seats", "members", "spent"),
        List.of(member, room + " " + member, here ? 1 : 0, patience.away().toMillis(),
            patience.grace().toMillis(), desk.pace().atOnce(), desk.pace().everyMs()),
        answer -> view(room, member, answer));
  }

  /** Ends the room, at the wish of {@code member}. */
  public Future<Answer<String>> destroy(String room, String member) {
    return finish(room, member, "destroyed");
  }

  /** Ends the room if its time has come and nobody has ended it yet. */
  Future<Answer<String>> expire(String room) {
    return finish(room, CLOCK, "expired");
  }

  /** Looks at a seat of {@link Due#seats}. */
  Future<Answer<String>> silence(String seat) {
    int blank = seat.indexOf(' ');
    var room = seat.substring(0, blank);
    return desk.ask(SILENCE, room, List.of("room", "ch", "tail", "revoked", "seats", "members"),
        List.of(seat, seat.substring(blank + 1), patience.away().toMillis(),
            patience.grace().toMillis(), desk.tombstoneMs()),
        _ -> room);
  }

  /** What the partition has to be looked at for. */
  Future<Due> due(int partition) {
    return desk.ask(DUE, partition, List.of("rooms", "seats"), List.of(DUE_MAX))
        .map(answer -> new Due(answer.get(0).toLong(), texts(answer.get(1)),
            texts(answer.get(2))));
  }

  /** How many partitions {@link #due} can be asked about. */
  int partitions() {
    return desk.partitions();
  }

  private Future<Answer<String>> finish(String room, String member, String reason) {
    return desk.ask(FINISH, room,
        List.of("room", "ch", "tail", "rooms", "sent", "spent", "seats"),
        List.of(room, member, reason, desk.tombstoneMs()), _ -> room);
  }

  private RoomView view(String room, String member, Response answer) {
    return new Facts(room, answer.get(3)).view(new Facts.Look(answer.get(1).toLong(),
        Set.copyOf(texts(answer.get(4))), patience.away().toMillis()), member);
  }

  private static List<String> texts(Response list) {
    return StreamSupport.stream(list.spliterator(), false).map(Response::toString).toList();
  }

  private static Script telling(String name) {
    return Script.of(Rooms.class, name).with(Desk.ENTER).with(ChannelLog.APPEND);
  }
}
