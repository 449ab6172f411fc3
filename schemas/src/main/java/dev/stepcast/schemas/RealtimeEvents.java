package dev.stepcast.schemas;

import java.util.List;

/** The events {@code realtime.*}. */
public final class RealtimeEvents {
  /** Events of this channel that can no longer be told: after (exclusive) to until (inclusive). */
  public static final EventType<RealtimeEvent.Gap> GAP = new EventType<>("realtime.gap",
      RealtimeEvent.Gap.class);

  static final List<EventType<?>> ALL = List.of(GAP);

  private RealtimeEvents() {}
}
