package dev.stepcast.schemas;

import java.util.List;

/**
 * What one thread at work on a run does.
 *
 * <p>Wire form: {@code schemas/parts/doingThread.json}.
 *
 * @param state as the JVM names it
 * @param stack topmost frames, innermost first
 */
public record DoingThread(String state, List<String> stack) {
  public DoingThread {
    stack = List.copyOf(stack);
  }
}
