package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/flow.
 *
 * <p>Wire form: {@code schemas/answers/flowKeys.json}.
 *
 * @param keys keys that a run holds or waits for, by name
 * @param cursor give it back to go on; absent at the end
 */
public record FlowKeyList(List<Standing> keys, @Nullable String cursor) {
  /**
   * How one key stands.
   *
   * @param key the flow control key
   * @param activeCount runs that have a slot
   * @param queuedCount runs that wait for one
   */
  public record Standing(String key, long activeCount, long queuedCount) {}

  public FlowKeyList {
    keys = List.copyOf(keys);
  }
}
