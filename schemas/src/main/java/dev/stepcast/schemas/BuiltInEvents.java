package dev.stepcast.schemas;

import java.util.List;
import java.util.stream.Stream;

/** Every event that has a record here. Operators add events without one through SCHEMAS_DIR. */
public final class BuiltInEvents {
  private static final List<EventType<?>> ALL = Stream
      .of(WorkflowEvents.ALL, ChatEvents.ALL, RealtimeEvents.ALL, DemoEvents.ALL)
      .<EventType<?>>flatMap(List::stream)
      .toList();

  private BuiltInEvents() {}

  /** One type for each schema file below {@code events/}, and one file for each type. */
  public static List<EventType<?>> all() {
    return ALL;
  }
}
