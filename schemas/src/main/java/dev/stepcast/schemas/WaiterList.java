package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/waiters/{eventId}.
 *
 * <p>Wire form: {@code schemas/answers/waiters.json}.
 *
 * @param waiters those that have waited longest or give up first, 200 at most
 * @param count all of them
 */
public record WaiterList(List<WaiterView> waiters, long count) {
  public WaiterList {
    waiters = List.copyOf(waiters);
  }
}
