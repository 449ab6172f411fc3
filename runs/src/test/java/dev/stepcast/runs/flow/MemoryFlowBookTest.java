package dev.stepcast.runs.flow;

class MemoryFlowBookTest extends FlowBookContract {
  private final FlowBook book = FlowBook.memory(() -> 1_000_000);

  @Override
  FlowBook book() {
    return book;
  }
}
