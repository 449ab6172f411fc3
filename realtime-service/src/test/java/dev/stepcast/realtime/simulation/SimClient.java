package dev.stepcast.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.listen.Audience;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.listen.Listener;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An ideal client: it keeps its acks, comes back with them, and checks all it is told. */
final class SimClient {
  private static final int WIRE_MAX = 3;

  private final SimRedis redis;
  private final SequencedMap<String, String> first;
  private final Map<String, Story> stories = new HashMap<>();
  private @Nullable Connection connection;

  /** What was told of one channel. */
  private static final class Story {
    private @Nullable Position start;
    private Position ack = Position.ZERO;
    private final Set<String> delivered = new HashSet<>();
    private final List<Gap> gaps = new ArrayList<>();
  }

  private record Gap(Position after, Position until, boolean trimmed) {}

  /** One connection; what is written stays on the wire until the client reads it. */
  private static final class Connection implements Listener.Outlet, Audience.Boarded {
    private final Audience audience;
    private final Listener listener = new Listener(this, 100 * 1024);
    private final Deque<Frame> wire = new ArrayDeque<>();
    private boolean failed;

    Connection(Audience audience) {
      this.audience = audience;
    }

    @Override
    public void boarded(Boarding boarding) {
      audience.begin(boarding);
    }

    @Override
    public void failed(Throwable cause) {
      failed = true;
    }

    @Override
    public boolean full() {
      return wire.size() > WIRE_MAX;
    }

    @Override
    public boolean tellsPositions() {
      return false;
    }

    @Override
    public void write(List<Frame> frames, @Nullable List<@Nullable String> marks) {
      wire.addAll(frames);
    }
  }

  SimClient(SimRedis redis, SequencedMap<String, String> first) {
    this.redis = redis;
    this.first = first;
    first.keySet().forEach(channel -> stories.put(channel, new Story()));
  }

  boolean isConnected() {
    return connection != null && !connection.failed;
  }

  void connect(Audience audience, long nowMs) {
    cut();
    var fresh = new Connection(audience);
    connection = fresh;
    SequencedMap<String, Ack> wishes = new LinkedHashMap<>();
    first.forEach((channel, text) -> {
      var story = story(channel);
      wishes.put(channel, story.start == null ? Ack.of(text, nowMs) : new Ack.After(story.ack));
    });
    audience.board(fresh.listener, wishes, fresh);
  }

  void cut() {
    if (connection != null) {
      connection.audience.gone(connection.listener);
      connection = null;
    }
  }

  /** The node is gone, and what was on the wire with it. */
  void nodeDied(Audience audience) {
    if (connection != null && connection.audience == audience) {
      connection = null;
    }
  }

  /** Reads some frames; whether there were any. */
  boolean read(int most) {
    var current = connection;
    if (current == null || current.wire.isEmpty()) {
      return false;
    }
    for (int i = 0; i < most && !current.wire.isEmpty(); i++) {
      read(current.wire.remove().toString());
    }
    current.audience.writable(current.listener);
    return true;
  }

  /** Everything that was stored after the start was delivered, or a gap covers it. */
  void check() {
    stories.forEach((channel, story) -> {
      var start = story.start;
      if (start == null) {
        throw new AssertionError("never connected to " + channel);
      }
      for (var entry : redis.told(channel)) {
        var id = Position.of(entry.id());
        if (id.after(start) && !story.delivered.contains(SimRedis.serial(entry))) {
          assertThat(story.gaps)
              .as("%s %s of %s was not told; ack %s", channel, SimRedis.serial(entry),
                  entry.id(), story.ack)
              .anyMatch(
                  gap -> gap.trimmed() && id.after(gap.after())
                      && !id.after(gap.until()));
        }
      }
      assertThat(story.ack).as("the end of " + channel).isEqualTo(redis.tail(channel));
    });
  }

  private void read(String json) {
    if (json.startsWith("{\"type\":\"connected\"")) {
      var frame = Wire.tree(json);
      var story = story(frame.path("channel").asText());
      var cursor = Position.of(frame.path("cursor").asText());
      if (story.start == null) {
        story.start = cursor;
        story.ack = cursor;
      } else {
        assertThat(cursor).as("cursor on resume").isEqualTo(story.ack);
      }
      return;
    }
    var id = Position.of(json.substring(7, json.indexOf('"', 7)));
    int channelAt = json.indexOf("\"channel\":\"") + 11;
    var story = story(json.substring(channelAt, json.indexOf('"', channelAt)));
    if (json.contains("\"event\":\"realtime.gap\"")) {
      gap(story, json);
    } else {
      int dataAt = json.indexOf("\"data\":\"") + 8;
      var serial = json.substring(dataAt, json.indexOf('-', dataAt));
      assertThat(story.delivered.add(serial) || redis.hasLost(serial))
          .as("told twice: %s", serial).isTrue();
      assertThat(id.after(story.ack)).as("%s after %s", id, story.ack).isTrue();
    }
    story.ack = id;
  }

  private static void gap(Story story, String json) {
    var data = Wire.tree(json).path("data");
    var gap = new Gap(Position.of(data.path("after").asText()),
        Position.of(data.path("until").asText()), data.path("reason").asText().equals("trimmed"));
    assertThat(gap.after()).as("a gap begins where the story is").isEqualTo(story.ack);
    assertThat(gap.until().after(gap.after())).isEqualTo(gap.trimmed());
    story.gaps.add(gap);
  }

  private Story story(String channel) {
    var story = stories.get(channel);
    if (story == null) {
      throw new AssertionError("told of " + channel);
    }
    return story;
  }
}
