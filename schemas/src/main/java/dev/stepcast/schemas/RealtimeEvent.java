package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the fan-out itself has to tell on a channel. */
public sealed interface RealtimeEvent {
  /**
   * Events of this channel that can no longer be told: after (exclusive) to until (inclusive).
   *
   * <p>Wire form: {@code schemas/events/realtime/gap.json}.
   *
   * @param after last id before the gap
   * @param until last id of the gap
   * @param reason trimmed history, or a Redis that lost writes
   */
  record Gap(String after, String until, GapReason reason) implements RealtimeEvent {
    public Gap {
      Check.id("after", after);
      Check.id("until", until);
    }
  }

  /**
   * Somebody has come who was not on the channel.
   *
   * <p>Wire form: {@code schemas/events/realtime/join.json}.
   *
   * @param id subject of the grant; without one the connection's id
   * @param sinceAt since when, ms since the epoch
   * @param version grows with each join and leave of the channel
   * @param prev the version before it: where that is not yours, ask again who is there
   */
  record Join(String id, long sinceAt, long version, long prev) implements RealtimeEvent {
    public Join {
      Check.name("id", id, 200);
      Check.least("sinceAt", sinceAt, 0);
      Check.least("version", version, 1);
      Check.least("prev", prev, 0);
    }
  }

  /**
   * The last connection of somebody ended longer than the grace ago.
   *
   * <p>Wire form: {@code schemas/events/realtime/leave.json}.
   *
   * @param id as it was told with the join
   * @param sinceAt since when they were there, ms since the epoch
   * @param version grows with each join and leave of the channel
   * @param prev the version before it: where that is not yours, ask again who is there
   */
  record Leave(String id, long sinceAt, long version, long prev) implements RealtimeEvent {
    public Leave {
      Check.name("id", id, 200);
      Check.least("sinceAt", sinceAt, 0);
      Check.least("version", version, 1);
      Check.least("prev", prev, 0);
    }
  }

  /** Why events can no longer be told. */
  enum GapReason {
    /** The history no longer reaches back that far. */
    @JsonProperty("trimmed")
    TRIMMED,
    /** Redis came back without its last writes. */
    @JsonProperty("restarted")
    RESTARTED
  }
}
