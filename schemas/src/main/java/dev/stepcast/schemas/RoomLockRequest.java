package dev.stepcast.schemas;

/**
 * POST /api/rooms/{id}/lock.
 *
 * <p>Wire form: {@code schemas/requests/roomLock.json}.
 *
 * @param locked true: nobody joins; false: they can again
 */
public record RoomLockRequest(boolean locked) {}
