package dev.stepcast.schemas;

import java.util.List;

/** The events {@code realtime.*}. */
public final class RealtimeEvents {
  /** Events of this channel that can no longer be told: after (exclusive) to until (inclusive). */
  public static final EventType<RealtimeEvent.Gap> GAP = new EventType<>("realtime.gap",
      RealtimeEvent.Gap.class);

  /** Somebody has come who was not on the channel; an ephemeral frame. */
  public static final EventType<RealtimeEvent.Join> JOIN = new EventType<>("realtime.join",
      RealtimeEvent.Join.class);

  /** The last connection of somebody ended longer than the grace ago; an ephemeral frame. */
  public static final EventType<RealtimeEvent.Leave> LEAVE = new EventType<>("realtime.leave",
      RealtimeEvent.Leave.class);

  static final List<EventType<?>> ALL = List.of(GAP, JOIN, LEAVE);

  private RealtimeEvents() {}
}
