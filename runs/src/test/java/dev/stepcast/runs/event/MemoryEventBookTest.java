package dev.stepcast.runs.event;

class MemoryEventBookTest extends EventBookContract {
  private final EventBook book = EventBook.memory(() -> 1_000_000);

  @Override
  EventBook book() {
    return book;
  }
}
