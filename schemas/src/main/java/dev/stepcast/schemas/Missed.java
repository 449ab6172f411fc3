package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a schedule's ticks that nobody was there for. */
public enum Missed {
  /** The latest of them is fired, the others are not. */
  @JsonProperty("one")
  ONE,
  /** None is fired. */
  @JsonProperty("none")
  NONE,
  /** Each is fired, one after the other. */
  @JsonProperty("all")
  ALL
}
