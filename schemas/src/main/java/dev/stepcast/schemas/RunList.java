package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/runs.
 *
 * <p>Wire form: {@code schemas/answers/runs.json}.
 *
 * @param runs newest first
 * @param cursor give it back to go on; absent at the end
 */
public record RunList(List<RunHead> runs, @Nullable String cursor) {
  public RunList {
    runs = List.copyOf(runs);
  }
}
