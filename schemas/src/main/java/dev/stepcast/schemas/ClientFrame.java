package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a browser sends over a WebSocket. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(ClientFrame.Subscribe.class),
    @JsonSubTypes.Type(ClientFrame.Unsubscribe.class),
    @JsonSubTypes.Type(ClientFrame.Publish.class), @JsonSubTypes.Type(ClientFrame.Presence.class),
    @JsonSubTypes.Type(ClientFrame.Ping.class)})
public sealed interface ClientFrame {
  /**
   * Listen to channels.
   *
   * <p>Wire form: {@code schemas/frames/client/subscribe.json}.
   *
   * @param channels which
   * @param acks channel to the last id seen there; what is malformed means now
   * @param grant A grant
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("subscribe")
  record Subscribe(List<String> channels, @Nullable Map<String, String> acks,
      @Nullable String grant, @Nullable String ref) implements ClientFrame {
    public Subscribe {
      channels = List.copyOf(channels);
      acks = acks == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(acks));
    }
  }

  /**
   * Stop listening to channels.
   *
   * <p>Wire form: {@code schemas/frames/client/unsubscribe.json}.
   *
   * @param channels which
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("unsubscribe")
  record Unsubscribe(List<String> channels, @Nullable String ref) implements ClientFrame {
    public Unsubscribe {
      channels = List.copyOf(channels);
    }
  }

  /**
   * Emit an event.
   *
   * <p>Wire form: {@code schemas/frames/client/publish.json}.
   *
   * @param channel channel name
   * @param event name of an event that has a schema
   * @param data any JSON
   * @param key the same key twice is one event
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("publish")
  record Publish(String channel, String event, RawJson data, @Nullable String key,
      @Nullable String ref) implements ClientFrame {}

  /**
   * Ask who is on a channel.
   *
   * <p>Wire form: {@code schemas/frames/client/presence.json}.
   *
   * @param channel channel name
   * @param ref the client's own number for the frame, given back in what answers it
   */
  @JsonTypeName("presence")
  record Presence(String channel, @Nullable String ref) implements ClientFrame {}

  /**
   * I am alive; the server answers with a ping.
   *
   * <p>Wire form: {@code schemas/frames/client/ping.json}.
   */
  @JsonTypeName("ping")
  record Ping() implements ClientFrame {}
}
