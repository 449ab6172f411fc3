package dev.stepcast.chat.talk;

import dev.stepcast.chat.desk.Answer;
import dev.stepcast.chat.desk.Answer.No;
import dev.stepcast.chat.desk.Answer.Why;
import dev.stepcast.chat.desk.Desk;
import dev.stepcast.chat.text.Alias;
import dev.stepcast.chat.text.Text;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.schemas.ChatEvent;
import dev.stepcast.schemas.ChatEvents;
import dev.stepcast.schemas.RoomMessagePosted;
import dev.stepcast.schemas.RoomMessages;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is said in rooms. A message is stored and told, or neither; the room's channel is the only
 * place where it is. Numbers have no gaps within a room.
 */
public final class Talk {
  private static final Script RENAME = Script.of(Talk.class, "rename");
  private static final Script POST = Script.of(Talk.class, "post").with(RENAME)
      .with(Desk.SPEND).with(Desk.ENTER).with(ChannelLog.APPEND);
  private static final Script AMEND = Script.of(Talk.class, "amend").with(Desk.SPEND)
      .with(Desk.ENTER).with(ChannelLog.APPEND);
  private static final Script HISTORY = Script.of(Talk.class, "history").with(Desk.SPEND)
      .with(Desk.ENTER);
  private static final Script TYPING = Script.of(Talk.class, "typing").with(Desk.SPEND)
      .with(Desk.ENTER).with(ChannelLog.WHISPER);
  private static final Script READ = Script.of(Talk.class, "read").with(Desk.SPEND)
      .with(Desk.ENTER).with(ChannelLog.WHISPER);
  private static final Pattern MESSAGE = Pattern.compile("msg_[0-9a-z]{26}");
  private static final int KEEP_MAX = 10_000;
  private static final String SENDER = "sender";

  private final Desk desk;

  /**
   * A message to post.
   *
   * @param sender   to be called so from now on; null for as before
   * @param clientId the author's own id; the same one twice is one message
   */
  public record Draft(Text text, @Nullable Alias sender, @Nullable String clientId) {}

  /**
   * A part of the history.
   *
   * @param back  whether it is the newest before {@code from}, else the oldest after it
   * @param from  an event's id, exclusive; empty for the end or the beginning
   * @param limit messages at most
   */
  public record Span(boolean back, String from, int limit) {}

  /** What is said at {@code desk}. */
  public Talk(Desk desk) {
    this.desk = desk;
  }

  /** Stores a message and tells it; the same client id again changes nothing. */
  public Future<Answer<RoomMessagePosted>> post(String room, String member, Draft draft) {
    if (!Desk.isRoom(room)) {
      return unknown();
    }
    var id = desk.id("msg_");
    var message = Wire.encodeUpTo(new ChatEvent.Message(id, draft.text().value(), room,
        draft.clientId(), author(member), null, SENDER, 1, 0), SENDER);
    var clientId = draft.clientId() == null ? "" : draft.clientId();
    var sender = draft.sender() == null ? new Alias("", "") : draft.sender();
    return desk.ask(POST, room, List.of("room", "ch", "tail", "sent", "spent"),
        List.of(member, id, clientId, sender.shown(), sender.fold(), message,
            draft.text().sealed() ? 1 : 0, desk.pace().atOnce(), desk.pace().everyMs(), KEEP_MAX,
            desk.tombstoneMs()),
        Talk::receipt);
  }

  /** Changes what a message of {@code member}'s own says; the old text leaves the history. */
  public Future<Answer<RoomMessagePosted>> edit(String room, String member, String id, Text text) {
    if (!Desk.isRoom(room)) {
      return unknown();
    }
    var change = new ChatEvent.Edit(known(id), text.value(), room, author(member), SENDER, 1, 0, 0,
        null);
    return amend(room, List.of(member, known(id), Wire.encodeUpTo(change, SENDER),
        ChatEvents.EDIT.name(), text.sealed() ? 1 : 0));
  }

  /** Takes a message of {@code member}'s own back; it leaves the history. */
  public Future<Answer<RoomMessagePosted>> delete(String room, String member, String id) {
    if (!Desk.isRoom(room)) {
      return unknown();
    }
    var change = new ChatEvent.Delete(known(id), room, author(member), 1);
    return amend(room, List.of(member, known(id), Wire.encodeUpTo(change, "sequence"),
        ChatEvents.DELETE.name(), 1));
  }

  /** Messages, for members only. */
  public Future<Answer<RoomMessages>> history(String room, String member, Span span) {
    var from = span.from().isEmpty() ? span.back() ? "+" : "-" : "(" + span.from();
    return desk.ask(HISTORY, room, List.of("room", "ch", "spent"),
        List.of(member, span.back() ? "XREVRANGE" : "XRANGE", from, span.limit(),
            desk.pace().atOnce(), desk.pace().everyMs()),
        answer -> page(answer.get(2), span.back(), answer.get(1).toString().equals("1")));
  }

  /** Tells who listens now that {@code member} types, or stopped. */
  public Future<Answer<String>> typing(String room, String member, boolean typing) {
    return desk.ask(TYPING, room, List.of("room", "ch", "spent"),
        List.of(member, Wire.encode(new ChatEvent.Typing(author(member), typing)),
            desk.pace().atOnce(), desk.pace().everyMs()),
        _ -> room);
  }

  /** Notes and tells that {@code member} has read up to {@code sequence}; it never goes back. */
  public Future<Answer<String>> read(String room, String member, long sequence) {
    return desk.ask(READ, room, List.of("room", "ch", "spent"),
        List.of(member, sequence, desk.pace().atOnce(), desk.pace().everyMs()), _ -> room);
  }

  private Future<Answer<RoomMessagePosted>> amend(String room, List<Object> change) {
    var args = new ArrayList<>(change);
    args.addAll(List.of(desk.pace().atOnce(), desk.pace().everyMs(), KEEP_MAX,
        desk.tombstoneMs()));
    return desk.ask(AMEND, room, List.of("room", "ch", "tail", "sent", "spent"), args,
        Talk::receipt);
  }

  private static <T> Future<Answer<T>> unknown() {
    return Future.succeededFuture(new No<>(Why.UNKNOWN));
  }

  /** The script refuses everything of somebody without a seat; it must only be well formed. */
  private static String author(String member) {
    return member.isEmpty() ? "nobody" : member;
  }

  /** An id that no message can have becomes one that none has. */
  private static String known(String id) {
    return MESSAGE.matcher(id).matches() ? id : "msg_none";
  }

  private static RoomMessagePosted receipt(Response answer) {
    return new RoomMessagePosted(answer.get(1).toString(), answer.get(2).toLong(),
        answer.get(3).toLong());
  }

  private static RoomMessages page(Response flat, boolean back, boolean more) {
    var messages = new ArrayList<ChatEvent.Message>();
    for (int i = 0; i + 2 < flat.size(); i += 3) {
      messages.add(Wire.decode(flat.get(i + 2).toString(), ChatEvent.Message.class));
    }
    var cursor = more ? flat.get(flat.size() - 3).toString() : null;
    return new RoomMessages(back ? messages.reversed() : messages, cursor);
  }
}
