package dev.stepcast.schemas;

import java.util.List;

/** The events {@code chat.*}: what a room tells on its channel. */
public final class ChatEvents {
  /** A room took a message. */
  public static final EventType<ChatEvent.Message> MESSAGE = new EventType<>("chat.message",
      ChatEvent.Message.class);

  /** A room is gone; last event on its channel. */
  public static final EventType<ChatEvent.Destroy> DESTROY = new EventType<>("chat.destroy",
      ChatEvent.Destroy.class);

  /** A member took a seat. */
  public static final EventType<ChatEvent.Join> JOIN = new EventType<>("chat.join",
      ChatEvent.Join.class);

  /** A seat is free again. */
  public static final EventType<ChatEvent.Leave> LEAVE = new EventType<>("chat.leave",
      ChatEvent.Leave.class);

  /** The author changed a text. */
  public static final EventType<ChatEvent.Edit> EDIT = new EventType<>("chat.edit",
      ChatEvent.Edit.class);

  /** The author took a message back. */
  public static final EventType<ChatEvent.Delete> DELETE = new EventType<>("chat.delete",
      ChatEvent.Delete.class);

  /** Nobody can join any more, or again. */
  public static final EventType<ChatEvent.Lock> LOCK = new EventType<>("chat.lock",
      ChatEvent.Lock.class);

  /** A member is typing; ephemeral. */
  public static final EventType<ChatEvent.Typing> TYPING = new EventType<>("chat.typing",
      ChatEvent.Typing.class);

  /** A member has read up to a message; ephemeral. */
  public static final EventType<ChatEvent.Read> READ = new EventType<>("chat.read",
      ChatEvent.Read.class);

  /** A member went away or came back; ephemeral. */
  public static final EventType<ChatEvent.Presence> PRESENCE = new EventType<>("chat.presence",
      ChatEvent.Presence.class);

  static final List<EventType<?>> ALL = List.of(MESSAGE, DESTROY, JOIN, LEAVE, EDIT, DELETE,
      LOCK, TYPING, READ, PRESENCE);

  private ChatEvents() {}
}
