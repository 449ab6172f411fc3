package dev.stepcast.realtime.feed;

import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.feed.Hub.World;
import dev.stepcast.realtime.frame.Ring;
import java.util.ArrayList;
import java.util.List;

/** The loops that listen to one feed. */
final class Targets {
  private final String channel;
  private final World world;
  private final List<Target> all = new ArrayList<>(2);

  /** A loop; {@code told} once it has its snapshot, from when on it is told everything. */
  private static final class Target {
    private final int loop;
    private final int join;
    private boolean told;

    Target(int loop, int join) {
      this.loop = loop;
      this.join = join;
    }
  }

  /** What a loop is told, by the number of its join. */
  interface Letter {
    Mail to(int join);
  }

  Targets(String channel, World world) {
    this.channel = channel;
    this.world = world;
  }

  void add(int loop, int join) {
    all.add(new Target(loop, join));
  }

  void remove(int loop, int join) {
    all.removeIf(target -> target.loop == loop && target.join == join);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Gives those their snapshot who have none yet. */
  void snapshot(Ring ring, long generation) {
    for (var target : all) {
      if (!target.told) {
        target.told = true;
        world.mail(target.loop,
            new Mail.Snapshot(channel, target.join, generation, ring.floor(), ring.all()));
      }
    }
  }

  void mail(Letter letter) {
    for (var target : all) {
      if (target.told) {
        world.mail(target.loop, letter.to(target.join));
      }
    }
  }
}
