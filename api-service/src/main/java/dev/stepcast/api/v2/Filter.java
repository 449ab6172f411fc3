package dev.stepcast.api.v2;

import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query narrows a list to: any of the values of a name, each of the names. */
record Filter(MultiMap query) {
  /** What is looked at. */
  record Candidate(String id, String url, Config config, long createdAt) {}

  boolean fits(Candidate one) {
    var from = one.config().from();
    var flow = from.flow();
    return any("url", one.url()) && any("topicName", from.group())
        && any("scheduleId", from.schedule()) && any("queueName", from.queue())
        && any("flowControlKey", flow == null ? null : flow.key())
        && any("callerIp", from.callerIp()) && labels(one.config().labels())
        && any("messageId", one.id()) && any("messageIds", one.id())
        && any("workflowRunId", EndpointRuns.nameOf(one.id()))
        && place(one.url()) && within(one.createdAt()) && workflow(one.config().url());
  }

  boolean any(String name, @Nullable String value) {
    var wanted = all(query, name);
    return wanted.isEmpty() || (value != null && wanted.contains(value));
  }

  boolean labels(List<String> labels) {
    var wanted = all(query, "label");
    return wanted.isEmpty() || labels.stream().anyMatch(wanted::contains);
  }

  boolean place(String url) {
    if (!query.contains("host") && !query.contains("path")) {
      return true;
    }
    try {
      var uri = URI.create(url);
      return any("host", uri.getAuthority()) && any("path", uri.getPath());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean within(long createdAt) {
    return createdAt >= number("fromDate", 0) && createdAt <= number("toDate", Long.MAX_VALUE);
  }

  /** Where it does not say that it wants that very URL, one that begins so is meant. */
  private boolean workflow(String url) {
    var wanted = query.get("workflowUrl");
    return wanted == null || wanted.equals(url)
        || (!"true".equals(query.get("workflowUrlExactMatch")) && url.startsWith(wanted));
  }

  private long number(String name, long fallback) {
    var text = query.get(name);
    return text == null || !text.matches("\\d{1,15}") ? fallback : Long.parseLong(text);
  }

  /** All values of a name, of lists with commas as well. */
  static List<String> all(MultiMap query, String name) {
    return query.getAll(name).stream().flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip).filter(text -> !text.isEmpty()).toList();
  }
}
