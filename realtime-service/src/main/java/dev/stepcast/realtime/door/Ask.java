package dev.stepcast.realtime.door;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.mark.PositionVector;
import dev.stepcast.realtime.position.Ack;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in its URL: channels and what it has of each. The form is that of the
 * client of {@code @upstash/realtime} 1.x: {@code channel=a&channel=b&last_ack_a=…}, with channel
 * names percent-encoded also where they are part of a parameter's name.
 *
 * @param channels in the order of the URL, each once
 * @param acks     channel to ack as it was sent, for those that had one
 * @param exact    whether times in acks mean what they say ({@code acks=exact}), also about now
 * @param watched  channels of which it wants to know who is there ({@code presence=a})
 */
record Ask(List<String> channels, Map<String, String> acks, boolean exact,
    Set<String> watched) {
  /** What is listened to where no channel is named. */
  static final String DEFAULT = "default";

  private static final String CHANNEL = "channel";
  private static final String ACK = "last_ack_";

  /** Reads the query of a request; throws a refusal where it cannot mean anything. */
  static Ask of(@Nullable String query) {
    SequencedSet<String> channels = new LinkedHashSet<>();
    Map<String, String> acks = new HashMap<>();
    Set<String> watched = new LinkedHashSet<>();
    boolean exact = false;
    for (var pair : split(query)) {
      int equals = pair.indexOf('=');
      var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (name.equals(CHANNEL)) {
        channels.add(named(value));
      } else if (name.startsWith(ACK)) {
        acks.putIfAbsent(name.substring(ACK.length()), value);
      } else if (name.equals("presence")) {
        watched.add(named(value));
      } else if (name.equals("acks")) {
        exact = value.equals("exact");
      } else if (name.equals("channels")) {
        throw oldClient().refusal();
      }
    }
    return new Ask(List.copyOf(channels), acks, exact, watched);
  }

  /** The same, with {@link #DEFAULT} where no channel is named. */
  Ask orDefault() {
    return channels.isEmpty() ? new Ask(List.of(DEFAULT), acks, exact, watched) : this;
  }

  /**
   * From where each channel is wanted: what the browser sends back after a cut wins over the URL,
   * which may be old by then.
   *
   * @param slackMs how far a browser's now may be from ours, see {@link Ack#ofBrowser}
   */
  SequencedMap<String, Ack> wishes(@Nullable String lastEventId, long nowMs, long slackMs) {
    var resumed = lastEventId == null ? null : PositionVector.decode(channels, lastEventId);
    SequencedMap<String, Ack> wishes = new LinkedHashMap<>();
    for (int i = 0; i < channels.size(); i++) {
      var channel = channels.get(i);
      wishes.put(channel,
          resumed == null ? Ack.ofBrowser(acks.get(channel), nowMs, exact ? 0 : slackMs)
              : new Ack.After(resumed.get(i)));
    }
    return wishes;
  }

  /** Tells that {@code most} channels are the limit, where there are more. */
  void limit(int most) {
    if (channels.size() > most) {
      throw new Problem(400, "too-many-channels", "Too many channels",
          "One connection takes " + most + " channels, not " + channels.size()
              + "; use several, or a WebSocket, which takes more.",
          Map.of("channelsMax", most)).refusal();
    }
  }

  /**
   * A client configured with a URL that has a query of its own writes a second question mark before
   * its first channel. No channel is lost by that: in a name it would be encoded, and so would the
   * equals sign behind it.
   */
  private static String[] split(@Nullable String query) {
    return query == null || query.isEmpty() ? new String[0]
        : query.replace("?channel=", "&channel=").replace("%3Fchannel=", "&channel=")
            .replace("%3fchannel=", "&channel=").split("&", -1);
  }

  private static String named(String channel) {
    if (!ChannelName.valid(channel)) {
      throw Problem.of(400, "channel-invalid", "No channel has such a name",
          "A channel's name has 1 to 200 characters and no controls.").refusal();
    }
    return channel;
  }

  private static Problem oldClient() {
    return Problem.of(400, "client-too-old", "This client is too old",
        "The query form channels=… of @upstash/realtime 0.x is not served; use 1.x, which asks"
            + " with channel=….");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "bad-request", "The request cannot be read",
          "The query has a broken percent-encoding.").refusal();
    }
  }
}
