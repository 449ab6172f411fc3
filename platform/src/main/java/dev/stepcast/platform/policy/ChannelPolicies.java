package dev.stepcast.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelLog.Quota;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.schemas.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may listen to a channel, how much of it is kept, whether it is known who listens and how
 * often events may be emitted, by pattern; the first match wins, those of the operator's file
 * before our own. Runs and rooms keep their history by their own life.
 */
public final class ChannelPolicies {
  private final List<Policy> policies;

  /** Who may listen. */
  public enum Access {
    /** Everybody who reaches us. */
    PUBLIC,
    /** Holders of a grant for the channel. */
    GRANT
  }

  /**
   * What holds for the channels that {@code pattern} matches.
   *
   * @param pattern  a name, or a prefix and {@code *}
   * @param presence whether it is known who listens
   * @param rates    how often events may be emitted
   */
  public record Policy(String pattern, Access access, History history, Attendance presence,
      Rates rates) {
    boolean matches(String channel) {
      return pattern.endsWith("*")
          ? channel.startsWith(pattern.substring(0, pattern.length() - 1))
          : channel.equals(pattern);
    }
  }

  /**
   * What is known of who listens.
   *
   * @param kept       whether anything is
   * @param grace      how long somebody counts as there whose last connection ended
   * @param membersMax who comes to so many is not recorded
   */
  public record Attendance(boolean kept, Duration grace, int membersMax) {
    private static final Attendance ROOMS = new Attendance(true, Duration.ofSeconds(10), 1_000);
    private static final Attendance NONE = new Attendance(false, Duration.ZERO, 0);

    private static Attendance of(JsonNode presence, String pattern) {
      if (presence.isMissingNode()) {
        return pattern.startsWith("room_") ? ROOMS : NONE;
      }
      return presence.path("kept").asBoolean()
          ? new Attendance(true,
              Duration.ofMillis(presence.path("graceMs").asLong(ROOMS.grace.toMillis())),
              presence.path("membersMax").asInt(ROOMS.membersMax))
          : NONE;
    }
  }

  /**
   * How often events may be emitted on one channel, a quarter of a minute's at once; 0: no limit.
   *
   * @param channelPerMinute by everybody together
   * @param subjectPerMinute by one subject, the holder of a grant
   */
  public record Rates(int channelPerMinute, int subjectPerMinute) {
    private static final Rates NONE = new Rates(0, 0);

    private static Rates of(JsonNode rates) {
      return new Rates(rates.path("channelPerMinute").asInt(0),
          rates.path("subjectPerMinute").asInt(0));
    }

    /** What {@code subject} may emit; the API's token is nobody's, and held to the first only. */
    public Quota quota(@Nullable String subject) {
      return new Quota(channelPerMinute, subject == null ? 0 : subjectPerMinute,
          subject == null ? "" : subject);
    }
  }

  private ChannelPolicies(List<Policy> policies) {
    this.policies = List.copyOf(policies);
  }

  /** Our own: rooms need a grant; everything else is public on loopback and needs one beyond it. */
  public static ChannelPolicies defaults(boolean loopback) {
    var open = loopback ? Access.PUBLIC : Access.GRANT;
    return new ChannelPolicies(
        List.of(new Policy("room_*", Access.GRANT, History.OWNED, Attendance.ROOMS, Rates.NONE),
            new Policy("wfr_*", open, History.OWNED, Attendance.NONE, Rates.NONE),
            new Policy("*", open, History.DEFAULT, Attendance.NONE, Rates.NONE)));
  }

  /**
   * Those of the file CHANNELS_CONFIG before our own.
   *
   * @param file null for none
   * @throws IllegalArgumentException naming the file and what is wrong in it
   */
  public static ChannelPolicies open(@Nullable String file, SchemaBook schemas, boolean loopback) {
    if (file == null) {
      return defaults(loopback);
    }
    try {
      var text = Files.readString(Path.of(file));
      schemas.check("channels-config", Buffer.buffer(text));
      return defaults(loopback).behind(Wire.tree(text));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("CHANNELS_CONFIG=" + file + ": " + e.getMessage(), e);
    }
  }

  private ChannelPolicies behind(JsonNode config) {
    var all = new ArrayList<Policy>();
    for (var one : config.path("channels")) {
      var pattern = one.path("pattern").asText();
      var access = one.path("access").asText().equals("public") ? Access.PUBLIC : Access.GRANT;
      var kept = one.path("history");
      all.add(new Policy(pattern, access,
          new History(kept.path("maxLength").asInt(History.DEFAULT.maxLength()),
              Duration.ofMillis(
                  kept.path("maxAgeMs").asLong(History.DEFAULT.age().toMillis()))),
          Attendance.of(one.path("presence"), pattern), Rates.of(one.path("rates"))));
      refuseIdle(all);
    }
    all.addAll(policies);
    return new ChannelPolicies(all);
  }

  /**
   * Of two that match the first wins: one behind a wider one is a mistake, and never heard of. So
   * is a star that would be taken for a letter of a name.
   */
  private static void refuseIdle(List<Policy> policies) {
    var last = policies.getLast().pattern();
    int star = last.indexOf('*');
    if (star >= 0 && star < last.length() - 1) {
      throw new IllegalArgumentException("/channels/" + (policies.size() - 1) + "/pattern: '"
          + last + "' has a star that is not its end; want a name, or how names begin and *");
    }
    for (int i = 0; i < policies.size() - 1; i++) {
      var before = policies.get(i);
      if (last.equals(before.pattern) || (before.pattern.endsWith("*") && before.matches(last))) {
        throw new IllegalArgumentException("/channels/" + (policies.size() - 1) + "/pattern: '"
            + last + "' never matches, '" + before.pattern + "' before it does");
      }
    }
  }

  /** What holds for {@code channel}. */
  public Policy of(String channel) {
    var found = policies.stream().filter(policy -> policy.matches(channel)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no policy matches, not even *"));
    return owned(channel)
        ? new Policy(found.pattern(), found.access(), History.OWNED, found.presence(),
            found.rates())
        : found;
  }

  /** Runs and rooms keep their channel's history by their own life, whatever a pattern says. */
  private static boolean owned(String channel) {
    return channel.startsWith("wfr_") || channel.startsWith("room_");
  }
}
