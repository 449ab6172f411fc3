package dev.stepcast.schemas;

/**
 * Ties the name of an event to the record that is its data, so that emitting the wrong record does
 * not compile: {@code <T> append(ChannelName channel, EventType<T> type, T data)}.
 *
 * @param name words joined by dots; its schema is {@code events/} with slashes for the dots
 * @param type the record whose encoding is valid under that schema by construction
 */
public record EventType<T>(String name, Class<T> type) {
  public EventType {
    Check.event("name", name);
  }

  /** Its schema file, as {@link SchemaFiles} lists it: {@code events/workflow/stepFinish.json}. */
  public String file() {
    return "events/" + name.replace('.', '/') + ".json";
  }
}
