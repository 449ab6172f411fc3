package dev.stepcast.schemas;

import java.util.List;

/**
 * What a worker does with a run this moment.
 *
 * <p>Wire form: {@code schemas/parts/doing.json}.
 *
 * @param node the node that told
 * @param threads at work on the run
 */
public record Doing(String node, List<DoingThread> threads) {
  public Doing {
    threads = List.copyOf(threads);
  }
}
