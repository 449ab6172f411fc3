package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Reads of pages: the same page is read once for all who want it at the same time, and only so many
 * are read at once; the rest wait in line.
 */
final class Reads {
  private final Audience.World world;
  private final int atOnceMax;
  private final Map<Wanted, List<Audience.Reading>> wanted = new HashMap<>();
  private final Queue<Wanted> line = new ArrayDeque<>();
  private int reading;

  /** Which page, of which session's history. */
  private record Wanted(String channel, Position after, long generation) {}

  Reads(Audience.World world, int atOnceMax) {
    this.world = world;
    this.atOnceMax = atOnceMax;
  }

  void read(Mirror mirror, Position after, Audience.Reading then) {
    var key = new Wanted(mirror.channel, after, mirror.generation);
    var waiting = wanted.get(key);
    if (waiting != null) {
      waiting.add(then);
      return;
    }
    wanted.put(key, new ArrayList<>(List.of(then)));
    line.add(key);
    next();
  }

  private void next() {
    while (reading < atOnceMax && !line.isEmpty()) {
      var key = line.remove();
      reading++;
      world.read(key.channel, key.after, new Audience.Reading() {
        @Override
        public void page(Frame.Page page) {
          answer(key).forEach(then -> then.page(page));
          next();
        }

        @Override
        public void failed(Throwable cause) {
          answer(key).forEach(then -> then.failed(cause));
          next();
        }
      });
    }
  }

  private List<Audience.Reading> answer(Wanted key) {
    reading--;
    var waiting = wanted.remove(key);
    return waiting == null ? List.of() : waiting;
  }
}
