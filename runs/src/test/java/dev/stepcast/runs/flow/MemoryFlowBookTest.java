package dev.stepcast.runs.flow;

import java.time.Duration;

class MemoryFlowBookTest extends FlowBookContract {
  private long now = 1_000_000;
  private final FlowBook book = FlowBook.memory(() -> now);

  @Override
  FlowBook book() {
    return book;
  }

  @Override
  void pass(String key, Duration time) {
    now += time.toMillis();
  }
}
