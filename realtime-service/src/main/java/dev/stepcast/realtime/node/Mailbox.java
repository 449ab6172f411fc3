package dev.stepcast.realtime.node;

import dev.stepcast.realtime.feed.Hub.Mail;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries the hub's mail to one loop, in order. A loop that is busy finds all that came meanwhile
 * in one piece, so that it writes once for all of it.
 */
final class Mailbox {
  private final Context loop;
  private final Consumer<List<Mail>> reader;
  /** The hub's, until it delivers. */
  private final List<Mail> turn = new ArrayList<>();
  private List<Mail> delivered = new ArrayList<>();

  Mailbox(Context loop, Consumer<List<Mail>> reader) {
    this.loop = loop;
    this.reader = reader;
  }

  void put(Mail mail) {
    turn.add(mail);
  }

  /** Hands over what this turn of the hub brought. */
  void deliver() {
    if (turn.isEmpty()) {
      return;
    }
    boolean first;
    synchronized (this) {
      first = delivered.isEmpty();
      delivered.addAll(turn);
    }
    turn.clear();
    if (first) {
      loop.runOnContext(_ -> reader.accept(taken()));
    }
  }

  private synchronized List<Mail> taken() {
    var mails = delivered;
    delivered = new ArrayList<>();
    return mails;
  }
}
