package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/emit.
 *
 * <p>Wire form: {@code schemas/requests/emit.json}.
 *
 * @param channel default: default
 * @param event name of an event that has a schema
 * @param data any JSON
 * @param key the same key twice is one event
 */
public record EmitRequest(@Nullable String channel, String event, @Nullable RawJson data,
    @Nullable String key) {
  /** Where to emit: {@code default} unless the caller said otherwise. */
  public String channelOrDefault() {
    return channel == null ? "default" : channel;
  }

  /** What to emit: {@code null} unless the caller said otherwise. */
  public RawJson dataOrNull() {
    return data == null ? RawJson.NULL : data;
  }
}
