package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a browser is sent beside {@link EventFrame}s: one per SSE data line, or per line of a
 * WebSocket frame.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(ServerFrame.Connected.class),
    @JsonSubTypes.Type(ServerFrame.Ping.class), @JsonSubTypes.Type(ServerFrame.Reconnect.class),
    @JsonSubTypes.Type(ServerFrame.Ephemeral.class), @JsonSubTypes.Type(ServerFrame.Denied.class),
    @JsonSubTypes.Type(ServerFrame.Unsubscribed.class),
    @JsonSubTypes.Type(ServerFrame.Published.class), @JsonSubTypes.Type(ServerFrame.Members.class),
    @JsonSubTypes.Type(ServerFrame.Problem.class)})
public sealed interface ServerFrame {
  /**
   * A channel is being listened to, from cursor on.
   *
   * <p>Wire form: {@code schemas/frames/server/connected.json}.
   *
   * @param channel channel name
   * @param cursor the start position
   */
  @JsonTypeName("connected")
  record Connected(String channel, String cursor) implements ServerFrame {}

  /**
   * The server is alive.
   *
   * <p>Wire form: {@code schemas/frames/server/ping.json}.
   *
   * @param timestamp the server's clock, ms since the epoch
   */
  @JsonTypeName("ping")
  record Ping(long timestamp) implements ServerFrame {}

  /**
   * The connection is about to be closed as planned: come back.
   *
   * <p>Wire form: {@code schemas/frames/server/reconnect.json}.
   *
   * @param timestamp where to start for channels without a position, ms since the epoch
   * @param delayMs wait that long first, ms
   */
  @JsonTypeName("reconnect")
  record Reconnect(long timestamp, @Nullable Long delayMs) implements ServerFrame {}

  /**
   * Typing, presence: no id, never stored.
   *
   * <p>Wire form: {@code schemas/frames/server/ephemeral.json}.
   *
   * @param event its name
   * @param channel channel name
   * @param data any JSON
   */
  @JsonTypeName("ephemeral")
  record Ephemeral(String event, String channel, RawJson data) implements ServerFrame {}

  /**
   * These channels are not listened to.
   *
   * <p>Wire form: {@code schemas/frames/server/denied.json}.
   *
   * @param channels which
   * @param problem why
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("denied")
  record Denied(List<String> channels, @Nullable ProblemBody problem,
      @Nullable String ref) implements ServerFrame {
    public Denied {
      channels = List.copyOf(channels);
    }
  }

  /**
   * These channels are no longer listened to.
   *
   * <p>Wire form: {@code schemas/frames/server/unsubscribed.json}.
   *
   * @param channels which
   * @param problem why
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("unsubscribed")
  record Unsubscribed(List<String> channels, @Nullable ProblemBody problem,
      @Nullable String ref) implements ServerFrame {
    public Unsubscribed {
      channels = List.copyOf(channels);
    }
  }

  /**
   * The event is stored.
   *
   * <p>Wire form: {@code schemas/frames/server/published.json}.
   *
   * @param id its place in the channel's history
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("published")
  record Published(String id, @Nullable String ref) implements ServerFrame {}

  /**
   * Who is on a channel.
   *
   * <p>Wire form: {@code schemas/frames/server/members.json}.
   *
   * @param channel channel name
   * @param members who
   * @param version as joins and leaves tell it; 0 while nobody is there
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("members")
  record Members(String channel, List<PresentMember> members, @Nullable Long version,
      @Nullable String ref) implements ServerFrame {
    public Members {
      members = List.copyOf(members);
    }
  }

  /**
   * A frame was refused.
   *
   * <p>Wire form: {@code schemas/frames/server/problem.json}.
   *
   * @param problem why
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("problem")
  record Problem(ProblemBody problem, @Nullable String ref) implements ServerFrame {}
}
