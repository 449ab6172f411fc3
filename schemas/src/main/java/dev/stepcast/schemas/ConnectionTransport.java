package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a browser is connected. */
public enum ConnectionTransport {
  /** Server-sent events. */
  @JsonProperty("sse")
  SSE,
  /** WebSocket. */
  @JsonProperty("websocket")
  WEBSOCKET
}
