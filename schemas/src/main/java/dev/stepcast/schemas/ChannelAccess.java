package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may listen to a channel. */
public enum ChannelAccess {
  /** Everybody. */
  @JsonProperty("public")
  PUBLIC,
  /** Who holds a grant for it. */
  @JsonProperty("grant")
  GRANT
}
