package dev.stepcast.schemas;

/**
 * 200 of POST /api/emit.
 *
 * <p>Wire form: {@code schemas/answers/emit.json}.
 *
 * @param id the event's place in the channel's history
 * @param duplicate the key was seen before; id is the first one
 */
public record EmitAnswer(String id, boolean duplicate) implements EmitOutcome {}
