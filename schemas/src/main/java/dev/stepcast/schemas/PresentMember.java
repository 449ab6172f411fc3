package dev.stepcast.schemas;

/**
 * Who is on a channel now.
 *
 * <p>Wire form: {@code schemas/parts/presentMember.json}.
 *
 * @param id subject of the grant; without one the connection's id
 * @param sinceAt since when, ms since the epoch
 */
public record PresentMember(String id, long sinceAt) {}
