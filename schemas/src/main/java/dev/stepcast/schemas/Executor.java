package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the steps of a run are run. */
public enum Executor {
  /** By a workflow class in a worker of ours. */
  @JsonProperty("java")
  JAVA,
  /** By an HTTP endpoint anywhere. */
  @JsonProperty("endpoint")
  ENDPOINT
}
