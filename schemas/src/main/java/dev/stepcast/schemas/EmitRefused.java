package dev.stepcast.schemas;

/**
 * An event of a batch that was not stored.
 *
 * <p>Wire form: {@code schemas/answers/emitRefused.json}.
 *
 * @param problem why
 */
public record EmitRefused(ProblemBody problem) implements EmitOutcome {}
