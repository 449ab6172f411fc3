package dev.stepcast.schemas;

/**
 * Ties a schema file to the record that it describes: a request or an answer.
 *
 * @param file as {@link SchemaFiles} lists it: {@code requests/trigger.json}
 * @param type what to decode a valid text to
 */
public record Body<T>(String file, Class<T> type) {}
