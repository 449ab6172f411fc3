package dev.stepcast.chat.room;

import dev.stepcast.chat.room.Rooms.Due;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends rooms when their time comes, and frees the seats of the silent. Every replica looks at every
 * partition once a second and wakes in between for the next deadline it saw; the scripts that do it
 * let one of them win. Redis away: looks again.
 */
final class Expiry {
  private static final long LOOK_EVERY_MS = 1_000;

  private final Vertx vertx;
  private final Rooms rooms;
  private final Set<Integer> looking = ConcurrentHashMap.newKeySet();
  private long timer = -1;

  /** Ends {@code rooms}, once started. */
  Expiry(Vertx vertx, Rooms rooms) {
    this.vertx = vertx;
    this.rooms = rooms;
  }

  /** Begins, on the caller's context. */
  void start() {
    timer = vertx.setPeriodic(1, LOOK_EVERY_MS, _ -> {
      for (int partition = 0; partition < rooms.partitions(); partition++) {
        look(partition);
      }
    });
  }

  /** Ends; rooms are left to other replicas. */
  void stop() {
    vertx.cancelTimer(timer);
  }

  private void look(int partition) {
    if (!looking.add(partition)) {
      return;
    }
    rooms.due(partition).onComplete(answer -> {
      looking.remove(partition);
      if (answer.succeeded()) {
        end(partition, answer.result());
      }
    });
  }

  private void end(int partition, Due due) {
    due.rooms().forEach(rooms::expire);
    due.seats().forEach(rooms::silence);
    if (due.waitMs() >= 0 && due.waitMs() < LOOK_EVERY_MS) {
      vertx.setTimer(Math.max(1, due.waitMs()), _ -> look(partition));
    }
  }
}
