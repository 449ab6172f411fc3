package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/flow/{key}.
 *
 * <p>Wire form: {@code schemas/answers/flow.json}.
 *
 * @param key the flow control key
 * @param active runs that have a slot, 1,000 at most
 * @param queued runs that wait for one, in order, 1,000 at most
 * @param activeCount all that have a slot
 * @param queuedCount all that wait for one
 */
public record FlowAnswer(String key, List<String> active, List<String> queued, long activeCount,
    long queuedCount) {
  public FlowAnswer {
    active = List.copyOf(active);
    queued = List.copyOf(queued);
  }
}
