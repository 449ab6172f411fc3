package dev.stepcast.api.v2;

import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Config.Origin;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.schemas.FlowControl;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One message as it was sent: by itself, or as a member of a batch.
 *
 * @param headers by name, without regard to case
 * @param queue   to wait in; null for none
 */
record Item(String destination, Map<String, String> headers, Buffer body, @Nullable String queue) {
  /** Who sent it; set by us, whatever was sent under that name. */
  static final String CALLER_IP = "upstash-caller-ip";

  private static final int LABELS_MAX = 10;
  private static final String FORWARD = "upstash-forward-";
  private static final String FAILURE = "upstash-failure-callback";
  private static final int RETRIES = 3;
  private static final int RETRIES_MAX = 1_000;

  /** Tells header names apart without regard to case, however the program wrote them. */
  Item {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    headers = all;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).filter(value -> !value.isEmpty());
  }

  private boolean is(String name, String value) {
    return header(name).filter(value::equalsIgnoreCase).isPresent();
  }

  /** The run that it starts, or belongs to. */
  Optional<String> runId() {
    return header("upstash-workflow-runid").map(Item::ownId);
  }

  static String ownId(String given) {
    return given.startsWith("wfr_") ? given : "wfr_" + given;
  }

  boolean starts() {
    return is("upstash-workflow-init", "true");
  }

  boolean invokes() {
    return is("upstash-workflow-invoke", "true");
  }

  boolean calls() {
    return is("upstash-workflow-calltype", "toCallback");
  }

  /** The endpoint itself starts its run once more, with the configuration that it really has. */
  boolean anew() {
    return is("upstash-workflow-trigger-by-sdk", "true");
  }

  /** The headers whose name begins so, without that beginning. */
  Map<String, String> under(String prefix) {
    var found = new LinkedHashMap<String, String>();
    headers.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  Delay delay() {
    var notBefore = header("upstash-not-before")
        .map(seconds -> number("Upstash-Not-Before", seconds) * 1000);
    return notBefore.map(at -> new Delay(0, at)).orElseGet(
        () -> new Delay(header("upstash-delay").map(Durations::ms).orElse(0L), 0));
  }

  /** What holds for every delivery of the run that this starts. */
  Config config(@Nullable String invoker, boolean rest) {
    var url = header("upstash-workflow-url").orElse(destination);
    var forwards = under(FORWARD);
    // A delivery that is no list must not have it.
    forwards.remove("upstash-workflow-sdk-version");
    header("content-type").ifPresent(type -> forwards.putIfAbsent("content-type", type));
    return new Config(url, retries("upstash-retries").orElse(RETRIES),
        header("upstash-retry-delay").orElse(null), forwards, failure(rest), labels(), invoker,
        rest, origin());
  }

  List<String> labels() {
    return words("upstash-label").stream().limit(LABELS_MAX).toList();
  }

  private List<String> words(String name) {
    return header(name).map(text -> Arrays.stream(text.split(",")).map(String::strip)
        .filter(word -> !word.isEmpty()).toList()).orElse(List.of());
  }

  /** Where it comes from. */
  Origin origin() {
    var redact = words("upstash-redact-fields");
    return new Origin(flow("upstash-"), queue, null, null, null, header(CALLER_IP).orElse(null),
        redact.isEmpty() ? null : redact);
  }

  /** Limits: {@code parallelism=2, rate=5, period=1m}, any of them; null for none. */
  @Nullable
  FlowControl flow(String prefix) {
    var key = header(prefix + "flow-control-key");
    if (key.isEmpty()) {
      return null;
    }
    Map<String, String> values = new HashMap<>();
    for (var word : words(prefix + "flow-control-value")) {
      var pair = word.split("=", 2);
      values.put(pair[0].strip(), pair.length < 2 ? "" : pair[1].strip());
    }
    if (!values.keySet().stream().allMatch(Set.of("parallelism", "rate", "period")::contains)) {
      throw new No(400, "Upstash-Flow-Control-Value: want parallelism=, rate= or period=");
    }
    return new FlowControl(key.get(), limit(values, "parallelism"), limit(values, "rate"),
        values.get("period") == null ? null
            : Integer.valueOf((int) Durations.ms(String.valueOf(values.get("period")))));
  }

  private static @Nullable Integer limit(Map<String, String> values, String name) {
    var text = values.get(name);
    if (text == null) {
      return null;
    }
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new No(400, "Upstash-Flow-Control-Value: " + name + ": want a whole number from 1");
    }
    return Integer.valueOf(text);
  }

  private @Nullable Spec failure(boolean rest) {
    var url = header(FAILURE);
    if (url.isEmpty() && !rest) {
      return null;
    }
    var forwards = under(FAILURE + "-forward-");
    if (url.isEmpty()) {
      forwards.put("upstash-workflow-is-failure", "true");
      forwards.put("upstash-workflow-failure-callback", "true");
    }
    return new Spec(Kind.FAILURE, url.orElse(destination), "POST", forwards, null,
        retries(FAILURE + "-retries").orElse(RETRIES),
        header(FAILURE + "-retry-delay").orElse(null), null, null, null, null, null,
        flow(FAILURE + "-"));
  }

  /** What the delivery of a step is. */
  Spec step(@Nullable Integer next) {
    var forwards = under(FORWARD);
    forwards.remove("upstash-workflow-sdk-version");
    var spec = Spec.of(Kind.STEP, null, "POST").withHeaders(forwards);
    return next == null ? spec : spec.withNext(next);
  }

  /** The delivery of a message, or of a third party's call: where to, and who is told. */
  Spec message(Kind kind) {
    var forwards = under(FORWARD);
    header("content-type").ifPresent(type -> forwards.putIfAbsent("content-type", type));
    var method = header("upstash-method").orElse("POST").toUpperCase(Locale.ROOT);
    return new Spec(kind, destination, method, forwards, null,
        retries("upstash-retries").orElse(kind == Kind.CALL ? 0 : RETRIES),
        header("upstash-retry-delay").orElse(null),
        header("upstash-timeout").map(Durations::ms).orElse(null),
        callback("upstash-callback", Kind.CALLBACK), callback(FAILURE, Kind.FAILURE), null, null,
        flow("upstash-"));
  }

  private @Nullable Spec callback(String name, Kind kind) {
    var url = header(name);
    return url.isEmpty() ? null
        : new Spec(kind, url.get(), header(name + "-method").orElse("POST"),
            under(name + "-forward-"), null, retries(name + "-retries").orElse(null),
            header(name + "-retry-delay").orElse(null),
            header(name + "-timeout").map(Durations::ms).orElse(null), null, null, null, null,
            null);
  }

  Optional<Integer> retries(String name) {
    return header(name).map(text -> {
      long retries = number(name, text);
      if (retries > RETRIES_MAX) {
        throw new No(412, "maxRetries exceeds the quota: the most is " + RETRIES_MAX);
      }
      return (int) retries;
    });
  }

  private static long number(String name, String text) {
    if (!text.strip().matches("\\d{1,15}")) {
      throw new No(400, name + ": want a whole number");
    }
    return Long.parseLong(text.strip());
  }
}
