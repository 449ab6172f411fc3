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
