package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a schedule's tick does while the run of the tick before has not ended. */
public enum Overlap {
  /** It comes to nothing. */
  @JsonProperty("skip")
  SKIP,
  /** It starts another run beside. */
  @JsonProperty("allow")
  ALLOW,
  /** It waits until that run has ended; further ones come to nothing. */
  @JsonProperty("buffer")
  BUFFER
}
