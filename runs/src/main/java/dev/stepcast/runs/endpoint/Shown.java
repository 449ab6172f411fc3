package dev.stepcast.runs.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.endpoint.EndpointRuns.Wait;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What timeline and listeners see of an endpoint's run: the entries and events of any other run.
 *
 * @param events whether steps and the end are told; a program that emits them by itself wants none
 */
record Shown(boolean events) {
  /** Nothing: the five last arguments of what {@code tell} in post.lua takes. */
  static final List<String> NOTHING = List.of("", "", "", "", "");

  private static final int NAME_MAX = 200;
  private static final String VERSION = "1";
  private static final String WORKER = "endpoint";

  /** The event of a start, left open. */
  static String started(Config config) {
    return Wire.encodeOpen(
        new WorkflowEvent.RunStart(name(config.url()), VERSION, Timed.OPEN));
  }

  /** The fields of a new run, or of a message. */
  static Map<String, String> fields(Start start, Map<String, String> more) {
    var fields = new LinkedHashMap<>(more);
    var config = start.config();
    fields.put(RunImage.POOL, WORKER);
    fields.put(RunImage.WORKFLOW, name(config.url()));
    fields.put(RunImage.VERSION, VERSION);
    fields.put(RunImage.CONFIG,
        Wire.encode(new RunConfig(config.retries(), config.labels(), null)));
    var from = config.from();
    if (start.id().startsWith("wfr_")) {
      RunImage.put(fields, RunImage.PAYLOAD,
          from.redact() != null && from.redact().contains("body") ? Wire.encode("REDACTED")
              : json(start.body().toString()));
    }
    put(fields, "q", from.queue());
    put(fields, "sch", from.schedule());
    put(fields, "grp", from.group());
    put(fields, "fk", from.flow() == null ? null : from.flow().key());
    put(fields, "ip", start.id().startsWith("wfr_") ? null : from.callerIp());
    put(fields, "lb", config.labels().isEmpty() ? null : String.join(",", config.labels()));
    put(fields, "rd", from.redact() == null ? null : String.join(",", from.redact()));
    return fields;
  }

  private static void put(Map<String, String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  /** A step that was submitted; only a result becomes an entry. */
  List<String> step(String json, boolean result) {
    var step = Wire.tree(json);
    if (!result) {
      return NOTHING;
    }
    if (step.path("concurrent").asInt() <= 1 && (step.has("sleepFor") || step.has("sleepUntil"))) {
      return sleep(of(step));
    }
    var value = result(step);
    Map<String, String> fields = new HashMap<>();
    var path = step.path("stepId").asText();
    Entry.succeeded(of(step), new Entry.Run(1, 0, WORKER), value, null).putInto(fields, path);
    var event = new WorkflowEvent.StepFinish(of(step).name(), of(step).index(), 1, 0,
        value.forEvent(), Timed.OPEN);
    return List.of(Entry.FIELD + path, String.valueOf(fields.get(Entry.FIELD + path)),
        fields.getOrDefault("b:" + Entry.FIELD + path, ""),
        events ? WorkflowEvents.STEP_FINISH.name() : "", events ? Wire.encodeOpen(event) : "");
  }

  /** A sleep that begins, to end when its message is delivered: post.lua knows when that is. */
  private List<String> sleep(Entry.Step step) {
    var event = new WorkflowEvent.RunSleep(step.name(), step.index(), 0, Timed.OPEN);
    return List.of(Entry.FIELD + step.index(),
        Wire.encodeOpen(Entry.sleeping(step, WORKER, 0)), "",
        events ? WorkflowEvents.RUN_SLEEP.name() : "", events ? Wire.encodeOpen(event) : "");
  }

  /** The four last arguments of retry.lua. */
  List<String> retried(Failure failure) {
    var step = failure.step();
    if (step == null) {
      return List.of("", "", "", "");
    }
    var note = Wire.encode(Note.of(step));
    var event = new WorkflowEvent.StepFail(step.name(), step.index(),
        failure.attempt().attempt(), Objects.requireNonNull(failure.attempt().error()), 0L,
        Timed.OPEN);
    return List.of(String.valueOf(step.index()), note.substring(0, note.lastIndexOf(']')),
        Wire.encode(failure.attempt()), events ? Wire.encodeUpTo(event, "retryAt") : "");
  }

  /** What {@code tell} in post.lua takes about the step that failed a run. */
  List<String> failed(Failure failure) {
    var step = failure.step();
    if (step == null) {
      return NOTHING;
    }
    var attempt = failure.attempt();
    var error = Objects.requireNonNull(attempt.error());
    var entry = Entry.failed(step, new Entry.Run(attempt.attempt(),
        Objects.requireNonNullElse(attempt.tookMs(), 0L), WORKER), error);
    var event = new WorkflowEvent.StepFail(step.name(), step.index(), attempt.attempt(), error,
        null, Timed.OPEN);
    return List.of(Entry.FIELD + step.index(), Wire.encodeOpen(entry), "",
        events ? WorkflowEvents.STEP_FAIL.name() : "", events ? Wire.encodeOpen(event) : "");
  }

  /** A step that begins to wait. */
  List<String> waiting(Wait wait) {
    var step = of(Wire.tree(wait.step()));
    var what = name(wait.event().replaceFirst(
        "^(?:" + EndpointRuns.EVENT + "|" + EndpointRuns.INVOKE + ")", ""));
    var event = new WorkflowEvent.RunWait(step.name(), step.index(), what, null, Timed.OPEN);
    return List.of(Note.WAIT + wait.stepId(),
        Wire.encode(Note.waiting(step, what, null)), "",
        events ? WorkflowEvents.RUN_WAIT.name() : "", events ? Wire.encodeOpen(event) : "");
  }

  /** The entry's field, the entry and the event for when a wait ends, one a line. */
  String arrival(String json) {
    var shown = step(json, true);
    return shown.get(0) + "\n" + shown.get(1) + "\n" + shown.get(4);
  }

  private static Entry.Step of(JsonNode step) {
    return new Entry.Step(name(step.path("stepName").asText()),
        step.path("stepType").asText().toLowerCase(Locale.ROOT), step.path("stepId").asInt());
  }

  private static RawJson result(JsonNode step) {
    var out = step.path("out");
    return out.isTextual() ? new RawJson(json(out.asText())) : RawJson.NULL;
  }

  /** What fits a name's limits; an endpoint's names may be anything. */
  static String name(String text) {
    var printable = text.replaceAll("[\\x00-\\x1f\\x7f]", " ");
    var cut = printable.length() > NAME_MAX ? printable.substring(0, NAME_MAX) : printable;
    return cut.isEmpty() ? "-" : cut;
  }

  /** {@code text} where it is JSON; else the string that it is; null where it is empty. */
  static String json(String text) {
    if (text.isEmpty()) {
      return "null";
    }
    try {
      return RawJson.parse(text).text();
    } catch (WireException e) {
      return Wire.encode(text);
    }
  }
}
