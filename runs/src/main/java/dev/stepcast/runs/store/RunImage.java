package dev.stepcast.runs.store;

import dev.stepcast.schemas.Executor;
import dev.stepcast.schemas.RunState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is stored: named fields. Entries of the journal are {@code j:<path>}, notes about the
 * attempts of a step {@code a:<path>}, open waits {@code w:<path>}; large values stand apart.
 *
 * @param id     of the run
 * @param fields by name, those of the journal among them
 * @param large  large values by field
 */
public record RunImage(String id, Map<String, String> fields, Map<String, String> large) {
  /** Where a run stands. */
  public static final String STATE = "st";
  /** Name of its workflow. */
  public static final String WORKFLOW = "wf";
  /** Version it stays with. */
  public static final String VERSION = "v";
  /** Who runs its steps, {@code java} or {@code endpoint}; whose due set it is in. */
  public static final String POOL = "pool";
  /** What it was told beyond its payload, as JSON; absent where that was nothing. */
  public static final String CONFIG = "cf";
  /** Its payload, as JSON. */
  public static final String PAYLOAD = "in";
  /** What it ended with, as JSON. */
  public static final String RESULT = "out";
  /** What it failed with, as JSON. */
  public static final String ERROR = "er";
  /** Why it does not go on, for people. */
  public static final String NOTE = "nt";
  /** How often its holder was lost since it last got on. */
  public static final String RECOVERIES = "rec";
  /** Who invoked it, as JSON; absent where nobody did. */
  public static final String INVOKER = "inv";
  /** How many invocations it is away from a run that was triggered. */
  public static final String DEPTH = "depth";
  /** How many obligations it has when it has ended: telling its invoker, canceling children. */
  public static final String OWED = "owed";
  /** Whoever ends the run does at once what it owes; another one only if that takes seconds. */
  public static final String MEETS = "mt";
  /** What the names of the fields that hold ids of children begin with. */
  public static final String CHILD = "ch:";
  /** What the names of the fields begin with that say which waiter waits for something. */
  public static final String AWAITS = "x:";
  /** What the names of the fields that hold mail begin with. */
  public static final String MAIL = "m:";
  /** Which run it resumes. */
  public static final String RESUMED = "rf";
  /** Which run it restarts. */
  public static final String RESTARTED = "xf";
  /** Which run of its id it is, where others had it before. */
  public static final String GENERATION = "g";
  /** A slot may have become free while the run was held. */
  public static final String UNBLOCKED = "fg";
  /** Values larger than this, in UTF-8 or in characters, stand apart. */
  public static final int LARGE = 16 * 1024;

  /** What was told about it; to be read as a channel, and no part of the image. */
  static final String LOG = "log";

  private static final String CREATED = "at";
  private static final String ENDED = "end";
  private static final String EPOCH = "e";

  /** Copies. */
  public RunImage {
    fields = Map.copyOf(fields);
    large = Map.copyOf(large);
  }

  /** What no other run is, was or will be: its id, and its generation where others had that. */
  public String identity() {
    return field(GENERATION).map(generation -> id + "~" + generation).orElse(id);
  }

  /** Its state. */
  public RunState state() {
    return RunState.valueOf(text(STATE));
  }

  /** Name of its workflow. */
  public String workflow() {
    return text(WORKFLOW);
  }

  /** Version it stays with. */
  public String version() {
    return text(VERSION);
  }

  /** Who runs its steps. */
  public Executor executor() {
    return Executor.valueOf(text(POOL).toUpperCase(java.util.Locale.ROOT));
  }

  /** When it was accepted, ms since the epoch. */
  public long createdAt() {
    return number(CREATED);
  }

  /** When it ended, ms since the epoch. */
  public Optional<Long> endedAt() {
    return field(ENDED).map(Long::valueOf);
  }

  /** How often it was taken. */
  public long epoch() {
    return number(EPOCH);
  }

  /** How often its holder was lost since it last got on. */
  public int recoveries() {
    return (int) number(RECOVERIES);
  }

  /** A field, or its large value. */
  public Optional<String> field(String name) {
    var value = fields.get(name);
    return Optional.ofNullable(value == null ? large.get(name) : value);
  }

  /** A field that every run has. */
  public String text(String name) {
    return field(name).orElseThrow(
        () -> new IllegalStateException("run " + id + " has no field " + name));
  }

  /** The fields whose name begins with {@code kind}, by what follows: {@code j:}, {@code a:}. */
  public Stream<Map.Entry<String, String>> of(String kind) {
    return fields.entrySet().stream().filter(field -> field.getKey().startsWith(kind))
        .map(field -> Map.entry(field.getKey().substring(kind.length()), field.getValue()));
  }

  /** This image with large values. */
  public RunImage with(Map<String, String> values) {
    return new RunImage(id, fields, values);
  }

  /** Puts {@code value} into {@code fields}, or among the large ones. */
  public static void put(Map<String, String> fields, String name, String value) {
    fields.put(value.length() > LARGE ? "b:" + name : name, value);
  }

  /** Whether some value stands apart and is not here. */
  public boolean lacksLarge() {
    return large.isEmpty() && (!fields.containsKey(PAYLOAD)
        || fields.values().stream().anyMatch(value -> value.contains("\"b\":true")));
  }

  private long number(String name) {
    @Nullable
    String value = fields.get(name);
    return value == null ? 0 : Long.parseLong(value);
  }

  /** Fields from pairs of name and value. */
  static RunImage of(String id, Iterable<String> pairs) {
    var fields = new HashMap<String, String>();
    var each = pairs.iterator();
    while (each.hasNext()) {
      fields.put(each.next(), each.next());
    }
    fields.remove(LOG);
    return new RunImage(id, fields, Map.of());
  }
}
