package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What has happened in a room. What the room's script completes comes last. */
public sealed interface ChatEvent {
  /**
   * A room took a message.
   *
   * <p>Wire form: {@code schemas/events/chat/message.json}.
   *
   * @param id id of the message, msg_…
   * @param text what was said; at most 4 KiB of UTF-8
   * @param roomId the room
   * @param clientId the author's own id for the message; the same one twice is one message
   * @param member id of the author; unlike the alias nobody else can have it
   * @param editedAt only in lists: when the author last changed the text, ms since the epoch
   * @param sender alias of the author
   * @param sequence from 1, no gaps within a room
   * @param timestamp when the room took it, ms since the epoch
   */
  record Message(String id, String text, String roomId, @Nullable String clientId, String member,
      @Nullable Long editedAt, String sender, long sequence, long timestamp) implements ChatEvent {
    public Message {
      Check.shape("id", id, Check.WORD, 64);
      Check.text("text", text, 1, 4096);
      Check.name("roomId", roomId, 200);
      if (clientId != null) {
        Check.name("clientId", clientId, 100);
      }
      Check.name("member", member, 200);
      if (editedAt != null) {
        Check.least("editedAt", editedAt, 0);
      }
      Check.name("sender", sender, 100);
      Check.least("sequence", sequence, 1);
      Check.least("timestamp", timestamp, 0);
    }
  }

  /**
   * The author changed a text; the old one is gone from the history.
   *
   * <p>Wire form: {@code schemas/events/chat/edit.json}.
   *
   * @param id id of the message
   * @param text what it says now; at most 4 KiB of UTF-8
   * @param roomId the room
   * @param member id of the author
   * @param sender alias of the author
   * @param sequence the message's own; its place among the others
   * @param timestamp when the room took the message, ms since the epoch
   * @param editedAt when the text was changed, ms since the epoch
   * @param clientId the author's own id for the message, as it was posted
   */
  record Edit(String id, String text, String roomId, String member, String sender, long sequence,
      long timestamp, long editedAt, @Nullable String clientId) implements ChatEvent {
    public Edit {
      Check.shape("id", id, Check.WORD, 64);
      Check.text("text", text, 1, 4096);
      Check.name("roomId", roomId, 200);
      Check.name("member", member, 200);
      Check.name("sender", sender, 100);
      Check.least("sequence", sequence, 1);
      Check.least("timestamp", timestamp, 0);
      Check.least("editedAt", editedAt, 0);
      if (clientId != null) {
        Check.name("clientId", clientId, 100);
      }
    }
  }

  /**
   * The author took a message back; it is gone from the history.
   *
   * <p>Wire form: {@code schemas/events/chat/delete.json}.
   *
   * @param id id of the message
   * @param roomId the room
   * @param member id of the author
   * @param sequence the message's own
   */
  record Delete(String id, String roomId, String member, long sequence) implements ChatEvent {
    public Delete {
      Check.shape("id", id, Check.WORD, 64);
      Check.name("roomId", roomId, 200);
      Check.name("member", member, 200);
      Check.least("sequence", sequence, 1);
    }
  }

  /**
   * Nobody can join any more, or again.
   *
   * <p>Wire form: {@code schemas/events/chat/lock.json}.
   *
   * @param member id of who did it
   * @param locked whether joining is closed now
   */
  record Lock(String member, boolean locked) implements ChatEvent {
    public Lock {
      Check.name("member", member, 200);
    }
  }

  /**
   * A member is typing; an ephemeral frame. Forget it after 5 s.
   *
   * <p>Wire form: {@code schemas/events/chat/typing.json}.
   *
   * @param member id of the member
   * @param typing false: stopped
   */
  record Typing(String member, boolean typing) implements ChatEvent {
    public Typing {
      Check.name("member", member, 200);
    }
  }

  /**
   * A member has read up to a message; an ephemeral frame.
   *
   * <p>Wire form: {@code schemas/events/chat/read.json}.
   *
   * @param member id of the member
   * @param sequence the last message read; never goes back
   */
  record Read(String member, long sequence) implements ChatEvent {
    public Read {
      Check.name("member", member, 200);
      Check.least("sequence", sequence, 1);
    }
  }

  /**
   * A member went away or came back; an ephemeral frame.
   *
   * <p>Wire form: {@code schemas/events/chat/presence.json}.
   *
   * @param member id of the member
   * @param here false: away, the seat is still theirs
   */
  record Presence(String member, boolean here) implements ChatEvent {
    public Presence {
      Check.name("member", member, 200);
    }
  }

  /**
   * A room is gone; last event on its channel.
   *
   * <p>Wire form: {@code schemas/events/chat/destroy.json}.
   *
   * @param isDestroyed always true
   * @param reason by a member, or by its deadline
   */
  record Destroy(boolean isDestroyed, EndReason reason) implements ChatEvent {
    public Destroy {
      if (!isDestroyed) {
        throw new IllegalArgumentException("isDestroyed is always true");
      }
    }

    /** The end of a room, for {@code reason}. */
    public Destroy(EndReason reason) {
      this(true, reason);
    }
  }

  /**
   * A member took a seat.
   *
   * <p>Wire form: {@code schemas/events/chat/join.json}.
   *
   * @param member id of the member
   * @param alias what the member is called
   * @param seats seats taken now
   */
  record Join(String member, String alias, int seats) implements ChatEvent {
    public Join {
      Check.name("member", member, 200);
      Check.name("alias", alias, 100);
      Check.range("seats", seats, 0, 50);
    }
  }

  /**
   * A seat is free again.
   *
   * <p>Wire form: {@code schemas/events/chat/leave.json}.
   *
   * @param member id of the member
   * @param alias what the member was called
   * @param reason by their own will, by the owner's, or not heard of for too long
   * @param seats seats taken now
   */
  record Leave(String member, String alias, LeaveReason reason, int seats) implements ChatEvent {
    public Leave {
      Check.name("member", member, 200);
      Check.name("alias", alias, 100);
      Check.range("seats", seats, 0, 50);
    }
  }

  /** Why a seat is free again. */
  enum LeaveReason {
    /** The member left. */
    @JsonProperty("left")
    LEFT,
    /** The owner took the seat away. */
    @JsonProperty("kicked")
    KICKED,
    /** The member was not heard of for too long. */
    @JsonProperty("silent")
    SILENT
  }

  /** Why a room ended. */
  enum EndReason {
    /** A member destroyed it. */
    @JsonProperty("destroyed")
    DESTROYED,
    /** Its deadline came. */
    @JsonProperty("expired")
    EXPIRED
  }
}
