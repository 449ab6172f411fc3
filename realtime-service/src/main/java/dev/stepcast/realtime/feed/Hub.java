package dev.stepcast.realtime.feed;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All feeds of this node, fed by one session with Redis (a subscription and the connection it is
 * read through). Owned by one context; whatever happens is told to it in the order it happened.
 *
 * <p>To each loop that joined a channel it tells, in order and without a hole: a snapshot, then
 * events, gaps and resets.
 */
public final class Hub {
  private final World world;
  private final Map<String, Feed> feeds = new HashMap<>();

  /** What the hub asks for. */
  public interface World {
    /** Subscribe; {@link Hub#subscribed} follows, also after every lost session. */
    void subscribe(String channel);

    /** Unsubscribe; {@link Hub#unsubscribed} follows, unless the session ends first. */
    void unsubscribe(String channel);

    /**
     * Read what follows {@code after}, through the session; {@link Hub#read} follows.
     *
     * @param after null: only the tail is wanted
     */
    void read(String channel, @Nullable Position after, long token);

    /** Call {@link Hub#lingered} in 10 s. */
    void linger(String channel, long token);

    /** Tell {@code loop}, behind everything it was told before. */
    void mail(int loop, Mail mail);

    /** Events had been missed and were read; for the metrics. */
    void filled(Cause cause);

    /** The session is up but deaf: end it. */
    void endSession();
  }

  /** Why a feed was read again. */
  public enum Cause {
    /** A message did not follow the one before it. */
    MESSAGE,
    /** The channel's tail was not what had been heard last. */
    AUDIT,
    /** The subscription was new. */
    SESSION
  }

  /** What a loop is told about a channel that it joined with the number {@link #join}. */
  public sealed interface Mail {
    /** Which channel. */
    String channel();

    /** Which of the loop's joins; of an older one it is void. */
    int join();

    /** The first mail: from now on all of this is followed. */
    record Snapshot(String channel, int join, long generation, Position floor, List<Frame> ring)
        implements
          Mail {}

    /** The next event. */
    record Event(String channel, int join, Frame frame) implements Mail {}

    /** Events from {@code after} (exclusive) to {@code until} (inclusive) can no longer be had. */
    record Gap(String channel, int join, Position after, Position until) implements Mail {}

    /** Redis lost everything after {@code to}; what had been last was {@code from}. */
    record Reset(String channel, int join, long generation, Position from, Position to)
        implements
          Mail {}

    /**
     * Told to who listens right now; it has no place in the history.
     *
     * @param presence whether only those want it who watch who comes and goes
     */
    record Whisper(String channel, int join, Frame frame, boolean presence) implements Mail {}

    /** A subject's right to the channel has ended; {@code *}: everybody's. */
    record Revoked(String channel, int join, String subject) implements Mail {}

    /** There is a new session: nothing read before is proof of anything. */
    record Resync(String channel, int join, long generation) implements Mail {}
  }

  /** A hub without feeds. */
  public Hub(World world) {
    this.world = world;
  }

  /** A loop wants a channel; {@code number} grows with each of its joins of it. */
  public void join(String channel, int loop, int number) {
    feeds.computeIfAbsent(channel, name -> new Feed(name, world)).join(loop, number);
  }

  /** A loop no longer wants a channel. */
  public void leave(String channel, int loop, int number) {
    with(channel, feed -> feed.leave(loop, number));
  }

  /** The linger time of {@link World#linger} is over. */
  public void lingered(String channel, long token) {
    with(channel, feed -> feed.lingered(token));
  }

  /** Redis acknowledged a subscribe. */
  public void subscribed(String channel) {
    with(channel, Feed::subscribed);
  }

  /** Redis acknowledged an unsubscribe. */
  public void unsubscribed(String channel) {
    with(channel, Feed::unsubscribed);
  }

  /** The session ended; the next one subscribes again to what is wanted. */
  public void sessionEnded() {
    for (var feed : List.copyOf(feeds.values())) {
      feed.sessionEnded();
      forget(feed);
    }
  }

  /** A message came. */
  public void message(String channel, Message message) {
    with(channel, feed -> feed.message(message));
  }

  /** A whisper came: its encoded frame; of {@code presence} for those only who watch it. */
  public void whisper(String channel, Frame frame, boolean presence) {
    with(channel, feed -> feed.whisper(frame, presence));
  }

  /** A subject's right to a channel was taken away. */
  public void revoked(String channel, String subject) {
    with(channel, feed -> feed.revoked(subject));
  }

  /** What {@link World#read} asked for. */
  public void read(String channel, long token, ChannelLog.Page page) {
    with(channel, feed -> feed.read(token, page));
  }

  /** Reading failed; asks again for what is still missing, if it is. */
  public void readAgain(String channel, long token) {
    with(channel, feed -> feed.readAgain(token));
  }

  /** The channels whose tails the audit compares, with what was heard last. */
  public Map<String, Position> auditable() {
    var all = new HashMap<String, Position>();
    feeds.forEach((channel, feed) -> {
      var last = feed.auditable();
      if (last != null) {
        all.put(channel, last);
      }
    });
    return all;
  }

  /**
   * The tail that the audit found.
   *
   * @param tail  the channel's last id in Redis
   * @param heard what {@link #auditable} had said before the tail was asked for
   */
  public void audited(String channel, Position tail, Position heard) {
    with(channel, feed -> feed.audited(tail, heard));
  }

  /** Forgets events that are too old to be kept at hand. */
  public void age(long nowMs) {
    feeds.values().forEach(feed -> feed.age(nowMs));
  }

  /** How many channels are followed or about to be. */
  public int size() {
    return feeds.size();
  }

  /** The channels, for statistics. */
  public List<String> channels() {
    return new ArrayList<>(feeds.keySet());
  }

  /**
   * A message as it was published.
   *
   * @param prev the id of the event before it
   * @param data JSON text
   */
  public record Message(Position id, Position prev, String event, String data) {}

  private interface Doing {
    void with(Feed feed);
  }

  private void with(String channel, Doing doing) {
    var feed = feeds.get(channel);
    if (feed != null) {
      doing.with(feed);
      forget(feed);
    }
  }

  private void forget(Feed feed) {
    if (feed.isForgotten()) {
      feeds.remove(feed.channel());
    }
  }
}
