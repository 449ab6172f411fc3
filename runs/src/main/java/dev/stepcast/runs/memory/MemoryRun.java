package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run, as Redis has it in a hash and a score. */
final class MemoryRun {
  final String id;
  final String hash;
  final Map<String, String> fields = new LinkedHashMap<>();
  final Map<String, String> large = new HashMap<>();
  final List<Told> told = new ArrayList<>();
  String token = "";
  long writes;
  long due = Shelf.NEVER;
  boolean pausing;

  MemoryRun(String id, String hash) {
    this.id = id;
    this.hash = hash;
  }

  /** As it is now, for a fail-over that loses what comes after. */
  MemoryRun copy() {
    var copy = new MemoryRun(id, hash);
    copy.fields.putAll(fields);
    copy.large.putAll(large);
    copy.told.addAll(told);
    copy.token = token;
    copy.writes = writes;
    copy.due = due;
    copy.pausing = pausing;
    return copy;
  }

  /** The same run under another id, with what it told. */
  MemoryRun known(String old) {
    var other = new MemoryRun(old, hash);
    other.told.addAll(told);
    other.fields.putAll(fields);
    other.large.putAll(large);
    return other;
  }

  /** This run has the id of {@code before}, which has ended. */
  void follows(MemoryRun before) {
    fields.put("e", String.valueOf(before.number("e")));
    fields.put(RunImage.GENERATION, String.valueOf(before.number(RunImage.GENERATION) + 1));
  }

  RunState state() {
    return RunState.valueOf(String.valueOf(fields.get(RunImage.STATE)));
  }

  void enter(RunState state) {
    fields.put(RunImage.STATE, state.name());
  }

  boolean isHeld(Hold hold) {
    return token.equals(hold.token()) && state() == RunState.RUNNING;
  }

  String tokenOf(Take take) {
    return number("e") + ":" + take.nonce() + ":" + take.number();
  }

  @Nullable
  String heldBy(Take take) {
    return state() == RunState.RUNNING && token.equals(tokenOf(take)) ? token : null;
  }

  long number(String field) {
    var value = fields.get(field);
    return value == null ? 0 : Long.parseLong(value);
  }

  void put(String field, String value) {
    if (field.startsWith("b:")) {
      large.putIfAbsent(field.substring(2), value);
    } else {
      fields.put(field, value);
    }
  }

  void tell(Told event, long now) {
    told.add(new Told(event.event(), closed(event.data(), now)));
  }

  Map<String, String> record(Hold hold, Write write, long now) {
    var stands = new HashMap<String, String>();
    write.fields().forEach((field, open) -> {
      var value = closed(open, now);
      var before = field.startsWith("j:") ? fields.get(field) : null;
      if (before == null) {
        put(field, value);
      } else {
        stands.put(field, before);
      }
    });
    if (stands.isEmpty()) {
      write.told().forEach(event -> tell(event, now));
    }
    writes = hold.number();
    return stands;
  }

  Map<String, String> entries(Write write) {
    return write.fields().keySet().stream()
        .filter(field -> field.startsWith("j:") && fields.containsKey(field))
        .collect(Collectors.toMap(field -> field, field -> String.valueOf(fields.get(field))));
  }

  static String closed(String json, long now) {
    return json.endsWith(":") ? json + now + "}" : json;
  }

  RunImage image() {
    return new RunImage(id, fields, large);
  }
}
