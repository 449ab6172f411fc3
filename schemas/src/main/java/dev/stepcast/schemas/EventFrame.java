package dev.stepcast.schemas;

/**
 * An event.
 *
 * <p>Wire form: {@code schemas/frames/server/event.json}.
 *
 * @param id its place in the channel's history
 * @param event its name
 * @param channel channel name
 * @param data any JSON
 */
public record EventFrame(String id, String event, String channel, RawJson data) {}
