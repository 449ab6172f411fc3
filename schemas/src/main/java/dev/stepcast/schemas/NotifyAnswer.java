package dev.stepcast.schemas;

/**
 * 200 of POST /api/notify/{eventId}.
 *
 * <p>Wire form: {@code schemas/answers/notify.json}.
 *
 * @param notified runs that were waiting and got it
 * @param stored kept for a run that will wait for it
 */
public record NotifyAnswer(long notified, boolean stored) {}
