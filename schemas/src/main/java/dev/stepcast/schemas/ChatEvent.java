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
   * @param sender alias of the author
   * @param text what was said; at most 4 KiB of UTF-8
   * @param roomId the room
   * @param clientId the author's own id for the message; the same one twice is one message
   * @param sequence from 1, no gaps within a room
   * @param timestamp when the room took it, ms since the epoch
   */
  record Message(String id, String sender, String text, String roomId, @Nullable String clientId,
      long sequence, long timestamp) implements ChatEvent {
    public Message {
      Check.shape("id", id, Check.WORD, 64);
      Check.name("sender", sender, 100);
      Check.text("text", text, 1, 4096);
      Check.name("roomId", roomId, 200);
      if (clientId != null) {
        Check.name("clientId", clientId, 100);
      }
      Check.least("sequence", sequence, 1);
      Check.least("timestamp", timestamp, 0);
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
   * A member gave a seat back.
   *
   * <p>Wire form: {@code schemas/events/chat/leave.json}.
   *
   * @param member id of the member
   * @param alias what the member is called
   * @param seats seats taken now
   */
  record Leave(String member, String alias, int seats) implements ChatEvent {
    public Leave {
      Check.name("member", member, 200);
      Check.name("alias", alias, 100);
      Check.range("seats", seats, 0, 50);
    }
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
