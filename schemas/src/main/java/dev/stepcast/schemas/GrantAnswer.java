package dev.stepcast.schemas;

/**
 * 201 of POST /api/grants.
 *
 * <p>Wire form: {@code schemas/answers/grant.json}.
 *
 * @param grant the signed grant
 * @param expiresAt when it ends, ms since the epoch
 */
public record GrantAnswer(String grant, long expiresAt) {}
