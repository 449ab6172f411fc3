package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a grant allows on a channel. */
public enum ChannelRight {
  /** Listen. */
  @JsonProperty("subscribe")
  SUBSCRIBE,
  /** Emit events. */
  @JsonProperty("publish")
  PUBLISH,
  /** Ask who is there. */
  @JsonProperty("presence")
  PRESENCE
}
