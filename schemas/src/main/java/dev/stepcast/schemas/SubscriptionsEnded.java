package dev.stepcast.schemas;

/**
 * 200 of DELETE /api/realtime/subscriptions.
 *
 * <p>Wire form: {@code schemas/answers/subscriptionsEnded.json}.
 *
 * @param ended how many were ended
 */
public record SubscriptionsEnded(long ended) {}
