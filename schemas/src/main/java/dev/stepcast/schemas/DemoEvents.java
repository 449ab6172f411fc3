package dev.stepcast.schemas;

import java.util.List;

/** Events for examples and first steps. */
public final class DemoEvents {
  /** How far an order has come. */
  public static final EventType<OrderProgress> ORDER_PROGRESS = new EventType<>("order.progress",
      OrderProgress.class);

  /** A line of text. */
  public static final EventType<Note> NOTE = new EventType<>("note", Note.class);

  static final List<EventType<?>> ALL = List.of(ORDER_PROGRESS, NOTE);

  private DemoEvents() {}

  /**
   * Demo: how far an order has come.
   *
   * <p>Wire form: {@code schemas/events/order/progress.json}.
   *
   * @param percent 0 to 100
   */
  public record OrderProgress(double percent) {
    public OrderProgress {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException("percent is 0 to 100");
      }
    }
  }

  /**
   * Demo: a line of text.
   *
   * <p>Wire form: {@code schemas/events/note.json}.
   *
   * @param text at most 4096 characters
   */
  public record Note(String text) {
    public Note {
      Check.text("text", text, 0, 4096);
    }
  }
}
