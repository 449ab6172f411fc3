package dev.stepcast.workflow.endpoint;

import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.workflow.outside.Answer;
import dev.stepcast.workflow.outside.Caller.Call;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what is delivered, in the form that {@code @upstash/workflow} and qstash read. */
final class Letters {
  private static final int INLINE_BYTES_MAX = 3 * 1024 * 1024;
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final int MESSAGE_MAX = 2_000;
  private static final int NAME_MAX = 200;

  private final Signature signature;
  private final InstantSource clock;

  Letters(Signature signature, InstantSource clock) {
    this.signature = signature;
    this.clock = clock;
  }

  /** The call that delivers {@code one}, signed for this attempt. */
  Call of(Leased one) {
    var spec = one.spec();
    var body = body(one);
    Map<String, String> headers = new LinkedHashMap<>();
    if (spec.kind() == Kind.STEP || spec.kind() == Kind.CALLBACK) {
      headers.putAll(one.config().headers());
    }
    headers.putAll(spec.headers());
    headers.putAll(system(one));
    headers.put("Upstash-Signature", signature.of(url(one), body));
    var within = spec.timeoutMs() == null ? WITHIN : Duration.ofMillis(spec.timeoutMs());
    return new Call(spec.method(), url(one), headers, body, within);
  }

  /** An empty list makes the endpoint ask for it; only a large one is worth that round trip. */
  private static Buffer body(Leased one) {
    var text = one.spec().body();
    return switch (one.spec().kind()) {
      case STEP -> {
        var list = Buffer.buffer(Deliveries.list(one.messages()));
        yield list.length() > INLINE_BYTES_MAX ? Buffer.buffer() : list;
      }
      case CALL, MESSAGE -> Deliveries.parts(one.messages().getLast()).body();
      default -> Buffer.buffer(text == null ? "" : text);
    };
  }

  private static Map<String, String> system(Leased one) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "Upstash-QStash");
    headers.put("Upstash-Message-Id", messageId(one));
    headers.put("Upstash-Retried", String.valueOf(one.before()));
    var kind = one.spec().kind();
    if (one.id().startsWith("wfr_") && kind != Kind.CALL) {
      headers.put("Upstash-Workflow-RunId", EndpointRuns.nameOf(one.id()));
      headers.put("Upstash-Workflow-CreatedAt", String.valueOf(one.createdAt()));
      headers.put("Upstash-Workflow-Url", one.config().url());
      headers.put("Upstash-Workflow-Init", "false");
      headers.put("Upstash-Caller-Ip", "127.0.0.1");
    }
    var from = one.config().from();
    if (kind == Kind.MESSAGE && from.schedule() != null) {
      headers.put("Upstash-Schedule-Id", from.schedule());
    }
    if (kind == Kind.MESSAGE && from.group() != null) {
      headers.put("Upstash-Topic-Name", from.group());
    }
    if (kind == Kind.STEP) {
      headers.put("Upstash-Workflow-Sdk-Version", "1");
      headers.put("Content-Type", "application/json");
    } else if (kind == Kind.CALLBACK || kind == Kind.FAILURE) {
      headers.put("Content-Type", "application/json");
    }
    return headers;
  }

  static String url(Leased one) {
    var own = one.spec().url();
    return own == null ? one.config().url() : own;
  }

  static String messageId(Leased one) {
    var own = one.spec().messageId();
    return own != null ? own
        : one.messages().isEmpty() ? one.id() + "-" + one.slot()
            : Deliveries.parts(one.messages().getLast()).id();
  }

  /** The delivery that tells what {@code one} came to. Its end is final: no attempt follows. */
  Spec callback(Leased one, Answer answer, Spec to) {
    int most = one.spec().retries() == null ? 0 : one.spec().retries();
    var body = outcome(one, answer).put("maxRetries", most)
        .put("retried", answer.ok() ? Math.min(one.before(), most) : most)
        .put("sourceBody", Base64.getEncoder().encodeToString(body(one).getBytes()));
    return to.withBody(body.encode()).withMessage(messageId(one));
  }

  /** The delivery that tells that a run or message failed. */
  Spec failure(Leased one, Answer answer, Spec to) {
    var first = one.messages().isEmpty() ? Buffer.buffer()
        : Deliveries.parts(one.messages().getFirst()).body();
    var body = outcome(one, answer).put("maxRetries", one.before()).put("retried", one.before())
        .put("sourceBody", Base64.getEncoder().encodeToString(first.getBytes()))
        .put("dlqId", "dlq_" + one.id());
    return to.withBody(body.encode()).withMessage(messageId(one));
  }

  private static JsonObject outcome(Leased one, Answer answer) {
    var json = new JsonObject().put("status", answer.status())
        .put("header", answer.canonicalHeaders())
        .put("body", Base64.getEncoder().encodeToString(shownBody(answer).getBytes()))
        .put("sourceMessageId", messageId(one)).put("url", url(one))
        .put("method", one.spec().method()).put("sourceHeader", sourceHeader(one))
        .put("createdAt", one.createdAt()).put("callerIP", "127.0.0.1");
    if (one.id().startsWith("wfr_")) {
      json.put("workflowRunId", EndpointRuns.nameOf(one.id()))
          .put("workflowCreatedAt", one.createdAt())
          .put("workflowUrl", one.config().url());
    }
    return json;
  }

  /** Who did not answer at all is given words. */
  private static Buffer shownBody(Answer answer) {
    return answer.status() != 0 ? answer.body()
        : new JsonObject().put("error", "unreachable").put("message", answer.body().toString())
            .toBuffer();
  }

  private static JsonObject sourceHeader(Leased one) {
    var json = new JsonObject();
    one.spec().headers()
        .forEach((name, value) -> json.put(Answer.canonical(name), new JsonArray().add(value)));
    return json;
  }

  /** A failed attempt as the logs show it. */
  JsonObject error(Answer answer) {
    return new JsonObject().put("error", reason(answer)).put("body", answer.body().toString())
        .put("headers", answer.canonicalHeaders()).put("status", answer.status())
        .put("time", clock.millis());
  }

  /** What the failure function of a run did, as the logs show it; null where there is none. */
  @Nullable
  JsonObject told(Leased one, Answer answer, int retries) {
    if (answer.header("Upstash-Workflow-Failure-Callback-Notfound") != null) {
      return null;
    }
    boolean over = answer.ok() || answer.askedToStop() || one.before() >= retries;
    var sent = new JsonObject(String.valueOf(one.spec().body()));
    var failed = Buffer.buffer(Base64.getDecoder().decode(sent.getString("body", "")));
    return new JsonObject().put("messageId", messageId(one)).put("url", url(one))
        .put("state", answer.ok() ? "CALLBACK_SUCCESS"
            : over ? "CALLBACK_FAIL" : "CALLBACK_INPROGRESS")
        .put("failStatus", sent.getValue("status")).put("failHeaders", sent.getValue("header"))
        .put("failResponse", failed.toString()).put("maxRetries", retries)
        .put("responseStatus", answer.status()).put("responseHeaders", answer.canonicalHeaders())
        .put("responseBody", answer.body().toString());
  }

  /** What went wrong, for people. */
  String reason(Answer answer) {
    var message = decoded(answer).getValue("message");
    var text = message instanceof String given ? given : answer.body().toString();
    return text.length() > MESSAGE_MAX ? text.substring(0, MESSAGE_MAX) : text;
  }

  /** The name of the error that the endpoint says it met. */
  String type(Answer answer) {
    var name = decoded(answer).getValue("error");
    return name instanceof String given && given.matches("\\w{1,200}") ? given
        : answer.status() == 0 ? "Unreachable" : "Status" + answer.status();
  }

  /** What fits a step's name. */
  static String printable(String name) {
    var text = name.replaceAll("[\\x00-\\x1f\\x7f]", " ");
    return text.length() > NAME_MAX ? text.substring(0, NAME_MAX) : text;
  }

  private static JsonObject decoded(Answer answer) {
    try {
      return answer.body().length() > 0 && answer.body().getByte(0) == '{'
          ? answer.body().toJsonObject()
          : new JsonObject();
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }
}
