package dev.stepcast.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stepcast.platform.channel.ChannelLog.History;
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
 * Who may listen to a channel, how much of it is kept and whether it is known who listens, by
 * pattern; the first match wins, those of the operator's file before our own. Runs and rooms keep
 * their history by their own life.
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
   */
  public record Policy(String pattern, Access access, History history, Attendance presence) {
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

  private ChannelPolicies(List<Policy> policies) {
    this.policies = List.copyOf(policies);
  }

  /** Our own: rooms need a grant; everything else is public on loopback and needs one beyond it. */
  public static ChannelPolicies defaults(boolean loopback) {
    var open = loopback ? Access.PUBLIC : Access.GRANT;
    return new ChannelPolicies(
        List.of(new Policy("room_*", Access.GRANT, History.OWNED, Attendance.ROOMS),
            new Policy("wfr_*", open, History.OWNED, Attendance.NONE),
            new Policy("*", open, History.DEFAULT, Attendance.NONE)));
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
          Attendance.of(one.path("presence"), pattern)));
    }
    all.addAll(policies);
    return new ChannelPolicies(all);
  }

  /** What holds for {@code channel}. */
  public Policy of(String channel) {
    var found = policies.stream().filter(policy -> policy.matches(channel)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no policy matches, not even *"));
    return owned(channel)
        ? new Policy(found.pattern(), found.access(), History.OWNED, found.presence())
        : found;
  }

  /** Runs and rooms keep their channel's history by their own life, whatever a pattern says. */
  private static boolean owned(String channel) {
    return channel.startsWith("wfr_") || channel.startsWith("room_");
  }
}
