package dev.stepcast.platform.presence;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Who listens to a channel now. Each node keeps a lease for each subject that it has a connection
 * of, by Redis' clock: what a killed node held runs out, and a subject is there as long as one
 * lease of theirs stands, on whatever node.
 *
 * <p>Who comes and who has left is rung on the channel as a whisper, {@code realtime.join} and
 * {@code realtime.leave}, each with a version and the one before it: a reader that finds a hole
 * between them asks {@link #of} again. Nothing about presence outlives {@link Lease#kept}.
 */
public final class Presence {
  private static final Script LAPSE = Script.of(Presence.class, "lapse");
  private static final Script HERE = Script.of(Presence.class, "here").with(LAPSE);
  private static final Script GONE = Script.of(Presence.class, "gone").with(LAPSE);
  private static final Script WHO = Script.of(Presence.class, "who").with(LAPSE);
  private static final String VERSION = "";
  private static final int SUBJECTS_AT_ONCE = 500;

  private final RedisLink redis;
  private final Keys keys;

  /**
   * How long a node speaks for its connections.
   *
   * @param node  the node's id, without spaces, new with each start
   * @param lease how long they count if the node is not heard of again
   * @param grace how long a subject counts whose last connection ended
   */
  public record Lease(String node, Duration lease, Duration grace) {
    /** How long the keys outlive the last that was said about the channel. */
    private Duration kept() {
      return lease.plus(grace).multipliedBy(2);
    }
  }

  /** Somebody who is there. {@code since} is by Redis' clock. */
  public record Member(String subject, Instant since) {}

  /**
   * Who is there.
   *
   * @param version as joins and leaves tell it; 0 while nobody is there
   * @param count   how many, also where they are not listed
   * @param members the longest there first
   */
  public record Present(long version, long count, List<Member> members) {}

  /** Reads and writes through {@code redis}. */
  public Presence(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /**
   * Says that the node has connections of {@code subjects} to {@code channel}, and must be said
   * again before the lease ends. Safe to repeat.
   *
   * @param membersMax who comes to so many is not recorded, and not told of
   */
  public Future<Void> here(ChannelName channel, Lease lease, int membersMax,
      Collection<String> subjects) {
    return inParts(subjects, some -> {
      var args = new ArrayList<String>(List.of(lease.node, millis(lease.lease),
          millis(lease.kept()), String.valueOf(membersMax)));
      args.addAll(some);
      return redis.run(HERE, keys(channel), args);
    });
  }

  /** Says that the node's last connections of {@code subjects} to {@code channel} have ended. */
  public Future<Void> gone(ChannelName channel, Lease lease, Collection<String> subjects) {
    return inParts(subjects, some -> {
      var args = new ArrayList<String>(
          List.of(lease.node, millis(lease.grace), millis(lease.kept())));
      args.addAll(some);
      return redis.run(GONE, keys(channel), args);
    });
  }

  /** Who is on {@code channel} now; tells first of those whose grace or lease is over. */
  public Future<Present> of(ChannelName channel) {
    return redis.run(WHO, keys(channel), List.of("1")).map(Presence::present);
  }

  /** The same without the members, at a cost that does not grow with them. */
  public Future<Present> count(ChannelName channel) {
    return redis.run(WHO, keys(channel), List.of("0")).map(Presence::present);
  }

  private List<String> keys(ChannelName channel) {
    var slot = keys.slot(channel.value());
    return List.of(slot.key("ch", channel.value()), slot.key("leases", channel.value()),
        slot.key("members", channel.value()));
  }

  private static Present present(Response answer) {
    var members = new ArrayList<Member>();
    var flat = answer.get(2);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      var subject = flat.get(i).toString();
      if (!subject.equals(VERSION)) {
        var held = flat.get(i + 1).toString();
        members.add(new Member(subject,
            Instant.ofEpochMilli(Long.parseLong(held.substring(0, held.indexOf(' '))))));
      }
    }
    members.sort(Comparator.comparing(Member::since).thenComparing(Member::subject));
    return new Present(answer.get(0).toLong(), answer.get(1).toLong(), List.copyOf(members));
  }

  /** What is said about a part of the subjects. */
  private interface Saying {
    Future<Response> of(List<String> subjects);
  }

  private static Future<Void> inParts(Collection<String> subjects, Saying saying) {
    var all = List.copyOf(subjects);
    var said = new ArrayList<Future<Response>>();
    for (int i = 0; i < all.size(); i += SUBJECTS_AT_ONCE) {
      said.add(saying.of(all.subList(i, Math.min(all.size(), i + SUBJECTS_AT_ONCE))));
    }
    return Future.all(said).mapEmpty();
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
