package dev.stepcast.runs.schedule;

class MemoryScheduleBookTest extends ScheduleBookContract {
  private final ScheduleBook book = new MemoryScheduleBook(System::currentTimeMillis);

  @Override
  ScheduleBook book() {
    return book;
  }
}
