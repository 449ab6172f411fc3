package dev.stepcast.realtime.simulation;

import dev.stepcast.realtime.feed.Hub;
import dev.stepcast.realtime.feed.Hub.Cause;
import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.feed.Hub.Message;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.listen.Audience;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node: the real hub and audiences, between queues that stand still until the world turns. */
final class SimNode implements Hub.World {
  private final SimRedis redis;
  private final Random random;
  private final Hub hub = new Hub(this);
  private final List<SimLoop> loops = new ArrayList<>();
  /** Orders of the loops to the hub. */
  private final Deque<Runnable> orders = new ArrayDeque<>();
  private final List<Runnable> timers = new ArrayList<>();
  /** Pages on their way from the session's context to a loop's: they outlive the session. */
  private final Deque<Runnable> handedOver = new ArrayDeque<>();
  private final Set<String> wanted = new HashSet<>();
  // the session
  private final Deque<Runnable> commands = new ArrayDeque<>();
  private final Deque<Runnable> pushes = new ArrayDeque<>();
  private final Deque<Runnable> reads = new ArrayDeque<>();
  private final Deque<Runnable> answers = new ArrayDeque<>();
  private final List<Runnable> readsThatFail = new ArrayList<>();
  private final Set<String> subscribed = new HashSet<>();
  private boolean up;
  private boolean deaf;

  /** One loop with its audience and mailbox. */
  final class SimLoop implements Audience.World {
    private final int number;
    private final Deque<Mail> mailbox = new ArrayDeque<>();
    private final Audience audience = new Audience(this, 2);

    SimLoop(int number) {
      this.number = number;
    }

    Audience audience() {
      return audience;
    }

    @Override
    public void join(String channel, int join) {
      orders.add(() -> hub.join(channel, number, join));
    }

    @Override
    public void leave(String channel, int join) {
      orders.add(() -> hub.leave(channel, number, join));
    }

    @Override
    public void read(String channel, Position after, Audience.Reading then) {
      Runnable fail = () -> then.failed(new IllegalStateException("session ended"));
      if (!up) {
        timers.add(fail);
        return;
      }
      readsThatFail.add(fail);
      reads.add(() -> {
        var page = redis.read(channel, after);
        answers.add(() -> {
          readsThatFail.remove(fail);
          handedOver.add(() -> then.page(new Frame.Encoder(channel).page(page)));
        });
      });
    }

    @Override
    public void gapTold(GapReason reason) {
      // the client counts
    }

    private void mail(int most) {
      var some = new ArrayList<Mail>();
      while (!mailbox.isEmpty() && some.size() < most) {
        some.add(mailbox.remove());
      }
      audience.mail(some);
    }
  }

  SimNode(SimRedis redis, Random random) {
    this.redis = redis;
    this.random = random;
    loops.add(new SimLoop(0));
    loops.add(new SimLoop(1));
  }

  SimLoop loop(int number) {
    return loops.get(number);
  }

  /** A message is published; {@code heard} unless the network loses it. */
  void published(String channel, Message message) {
    if (subscribed.contains(channel) && !deaf) {
      pushes.add(() -> hub.message(channel, message));
    }
  }

  /** The subscription still stands, but nothing comes through it any more. */
  void goDeaf() {
    deaf = true;
  }

  void killSession() {
    if (up) {
      up = false;
      deaf = false;
      commands.clear();
      pushes.clear();
      reads.clear();
      answers.clear();
      subscribed.clear();
      timers.addAll(readsThatFail);
      readsThatFail.clear();
      hub.sessionEnded();
    }
  }

  /** One small thing happens, if it can; whether something did. */
  boolean turn() {
    int from = random.nextInt(9);
    for (int i = 0; i < 9; i++) {
      if (turn((from + i) % 9)) {
        return true;
      }
    }
    return false;
  }

  /** Asks for the tails now; they are compared later. */
  void audit() {
    if (up) {
      hub.auditable().forEach((channel, heard) -> reads.add(() -> {
        var tail = redis.tail(channel);
        answers.add(() -> pushes.add(() -> hub.audited(channel, tail, heard)));
      }));
    }
  }

  private boolean turn(int what) {
    return switch (what) {
      case 0 -> ran(orders);
      case 1 -> ran(commands);
      case 2 -> ran(pushes);
      case 3 -> ran(reads);
      case 4 -> ran(answers);
      case 5 -> mailed();
      case 6 -> connected();
      case 7 -> ran(handedOver);
      default -> timed();
    };
  }

  private static boolean ran(Deque<Runnable> queue) {
    if (queue.isEmpty()) {
      return false;
    }
    queue.remove().run();
    return true;
  }

  private boolean mailed() {
    for (var loop : loops) {
      if (!loop.mailbox.isEmpty()) {
        loop.mail(1 + random.nextInt(4));
        return true;
      }
    }
    return false;
  }

  private boolean connected() {
    if (up) {
      return false;
    }
    up = true;
    wanted.forEach(this::command);
    return true;
  }

  private boolean timed() {
    if (timers.isEmpty()) {
      return false;
    }
    timers.remove(random.nextInt(timers.size())).run();
    return true;
  }

  private void command(String channel) {
    commands.add(() -> {
      subscribed.add(channel);
      pushes.add(() -> hub.subscribed(channel));
    });
  }

  @Override
  public void subscribe(String channel) {
    if (wanted.add(channel) && up) {
      command(channel);
    }
  }

  @Override
  public void unsubscribe(String channel) {
    if (wanted.remove(channel) && up) {
      commands.add(() -> {
        subscribed.remove(channel);
        pushes.add(() -> hub.unsubscribed(channel));
      });
    }
  }

  @Override
  public void read(String channel, @Nullable Position after, long token) {
    if (!up) {
      timers.add(() -> hub.readAgain(channel, token));
      return;
    }
    reads.add(() -> {
      var page = after == null
          ? new dev.stepcast.platform.channel.ChannelLog.Page(redis.tail(channel).toString(),
              List.of())
          : redis.read(channel, after);
      answers.add(() -> hub.read(channel, token, page));
    });
  }

  @Override
  public void linger(String channel, long token) {
    timers.add(() -> hub.lingered(channel, token));
  }

  @Override
  public void mail(int loop, Mail mail) {
    loops.get(loop).mailbox.add(mail);
  }

  @Override
  public void filled(Cause cause) {
    // not looked at
  }

  @Override
  public void endSession() {
    timers.add(this::killSession);
  }
}
