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

  /** A member gave a seat back. */
  public static final EventType<ChatEvent.Leave> LEAVE = new EventType<>("chat.leave",
      ChatEvent.Leave.class);

  static final List<EventType<?>> ALL = List.of(MESSAGE, DESTROY, JOIN, LEAVE);

  private ChatEvents() {}
}
