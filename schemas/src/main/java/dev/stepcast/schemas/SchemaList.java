package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/schemas.
 *
 * <p>Wire form: {@code schemas/answers/schemas.json}.
 *
 * @param events every event that may be emitted, by name
 */
public record SchemaList(List<String> events) {
  public SchemaList {
    events = List.copyOf(events);
  }
}
