package dev.stepcast.runs.delivery;

import dev.stepcast.schemas.FlowControl;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every delivery of a run.
 *
 * @param url        of the endpoint
 * @param retries    attempts after the first
 * @param retryDelay expression in ms; null for the default
 * @param headers    that the run's starter forwards to every delivery
 * @param failure    what is called when the run fails; null for nothing
 * @param labels     for lists
 * @param invoker    id of the run that invoked it, and the step, as {@code <id> <step>}
 * @param rest       started without the endpoint's package: its first answer must name one
 * @param origin     where it came from; null for nothing worth telling
 */
public record Config(String url, int retries, @Nullable String retryDelay,
    Map<String, String> headers, @Nullable Spec failure, List<String> labels,
    @Nullable String invoker, boolean rest, @Nullable Origin origin) {

  /**
   * How it came here, and what it shares.
   *
   * @param flow     limits that its deliveries share with others
   * @param queue    in which it waits its turn
   * @param schedule that made it
   * @param group    URL group that it was published to
   * @param endpoint name of its destination in that group
   * @param callerIp who sent it
   * @param redact   what nobody is shown: {@code body}, {@code header}, {@code header[Name]}
   */
  public record Origin(@Nullable FlowControl flow, @Nullable String queue,
      @Nullable String schedule, @Nullable String group, @Nullable String endpoint,
      @Nullable String callerIp, @Nullable List<String> redact) {
    /** Nothing is known. */
    public static final Origin NONE = new Origin(null, null, null, null, null, null, null);

    /** As a destination of a group. */
    public Origin inGroup(String name, @Nullable String as) {
      return new Origin(flow, queue, schedule, name, as, callerIp, redact);
    }

    /** Without a turn to wait for. */
    public Origin outOfQueue() {
      return new Origin(flow, null, schedule, group, endpoint, callerIp, redact);
    }

    /** Made by a schedule. */
    public Origin bySchedule(String id) {
      return new Origin(flow, queue, id, group, endpoint, callerIp, redact);
    }

    /** With these limits. */
    public Origin withFlow(@Nullable FlowControl other) {
      return new Origin(other, queue, schedule, group, endpoint, callerIp, redact);
    }
  }

  /** Where it came from. */
  public Origin from() {
    return origin == null ? Origin.NONE : origin;
  }

  /** The same from elsewhere. */
  public Config withOrigin(Origin other) {
    return new Config(url, retries, retryDelay, headers, failure, labels, invoker, rest, other);
  }

  /** The same to another destination. */
  public Config to(String other) {
    return new Config(other, retries, retryDelay, headers, failure, labels, invoker, rest, origin);
  }

  /** The same with other attempts. */
  public Config withRetries(int other) {
    return new Config(url, other, retryDelay, headers, failure, labels, invoker, rest, origin);
  }
}
