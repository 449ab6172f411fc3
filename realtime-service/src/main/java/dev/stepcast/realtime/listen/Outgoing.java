package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One write per connection for all that a turn of the event loop queued. */
final class Outgoing {
  private final List<Listener> dirty = new ArrayList<>();
  private Consumer<Seat> whenRoom = _ -> {};

  /** {@code action} is called for seats that are behind once their connection has room. */
  void whenRoom(Consumer<Seat> action) {
    whenRoom = action;
  }

  void queue(Listener listener, @Nullable Seat seat, Frame frame) {
    listener.queue(seat, frame);
    soil(listener);
  }

  void soil(Listener listener) {
    if (listener.soil()) {
      dirty.add(listener);
    }
  }

  void flush() {
    for (int i = 0; i < dirty.size(); i++) { // filling up may soil more
      var listener = dirty.get(i);
      listener.flush();
      if (listener.lags() && !listener.closing() && listener.belowHalf()) {
        listener.seats().forEach(whenRoom);
      }
    }
    dirty.clear();
  }
}
