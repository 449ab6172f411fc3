package dev.stepcast.platform.schema;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.BuiltInEvents;
import dev.stepcast.schemas.SchemaFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schemas by name: {@code requests/trigger}, and for each event {@code events/<a>/<b>}. Ours
 * come from the class path; events of the operator's from a folder, read once at start. Checking is
 * thread-safe.
 */
public final class SchemaBook {
  private static final String BASE = SchemaFiles.BASE;
  private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions().setBaseUri(BASE)
      .setDraft(Draft.DRAFT202012)
      .setOutputFormat(OutputFormat.Basic);

  /** Keywords whose complaint only says that something below them is wrong. */
  private static final Pattern AROUND = Pattern
      .compile("/(?:properties|patternProperties|additionalProperties|items|prefixItems|\\$ref)$");

  private final SchemaRepository repository = SchemaRepository.create(OPTIONS);
  private final Map<String, Validator> validators = new ConcurrentHashMap<>();
  private final SequencedMap<String, JsonObject> events = new TreeMap<>();

  private SchemaBook() {}

  /**
   * Reads our schemas and those below {@code folder}.
   *
   * @param folder where {@code events/a/b.json} is the event {@code a.b}; null for none
   * @throws IllegalArgumentException naming the file that is no schema
   */
  public static SchemaBook open(@Nullable String folder) {
    var book = new SchemaBook();
    for (var file : SchemaFiles.all()) {
      book.repository.dereference(BASE + file, JsonSchema.of(ours(file)));
    }
    for (var event : BuiltInEvents.all()) {
      book.addEvent(event.name(), ours(event.file()));
    }
    if (folder != null) {
      book.addFolder(Path.of(folder));
    }
    return book;
  }

  /**
   * Holds JSON text against a schema of ours.
   *
   * @return the parsed value; throws the refusal 400 {@code not-json} or 422 {@code invalid}
   */
  public Object check(String schema, Buffer json) {
    var value = parse(json);
    refuse(complaint(validators.computeIfAbsent(schema, name -> make(ours(name + ".json"))), value),
        "");
    return value;
  }

  /**
   * Holds an event's data against the event's schema.
   *
   * @param data a parsed value as Vert.x has them; null is JSON null
   * @return why not, if it does not fit; 422 {@code event-unknown} if there is no such event
   */
  public Optional<Problem> eventComplaint(String event, @Nullable Object data) {
    if (!events.containsKey(event)) {
      return Optional.of(Problem.of(422, "event-unknown", "No such event",
          "No schema file is named for this event. GET /api/schemas lists them."));
    }
    var validator = validators.computeIfAbsent(event, name -> make(events.get(name)));
    return complaint(validator, data).map(unit -> new Problem(422, "event-invalid",
        "The event's data does not fit its schema", detail(unit), Map.of("pointer",
            pointer(unit))));
  }

  /** Every event's schema by the event's name, in order. */
  public Map<String, JsonObject> events() {
    return Map.copyOf(events);
  }

  /** A schema that is not in the book, such as a payload's, ready to check. */
  public interface Check {
    /** Why {@code value} does not fit; pointers begin with {@code at}. */
    Optional<Problem> complaint(@Nullable Object value, String at);
  }

  /** Makes {@code schema} ready to check. */
  public Check compile(JsonObject schema) {
    var validator = make(schema);
    return (value, at) -> complaint(validator, value)
        .map(unit -> Problem.invalid(at + pointer(unit), said(unit)));
  }

  /** Parses JSON text; throws the refusal 400 {@code not-json}. */
  public static Object parse(Buffer json) {
    try {
      return Json.decodeValue(json);
    } catch (DecodeException e) {
      throw Problem.of(400, "not-json", "The body is not JSON",
          "Send one JSON value in UTF-8.").refusal();
    }
  }

  private Optional<OutputUnit> complaint(Validator validator, @Nullable Object value) {
    var result = validator.validate(value);
    if (Boolean.TRUE.equals(result.getValid())) {
      return Optional.empty();
    }
    var errors = result.getErrors();
    return Optional.of(errors == null || errors.isEmpty() ? result : telling(errors));
  }

  /**
   * What is wrong: what lies deepest, and there the keyword that names the fault. The library also
   * complains of each keyword around it, and of every misfit as an additional property.
   */
  private static OutputUnit telling(List<OutputUnit> errors) {
    return errors.stream()
        .max(Comparator.<OutputUnit>comparingInt(unit -> pointer(unit).length())
            .thenComparing(unit -> !AROUND.matcher(keyword(unit)).find())
            .thenComparing(SchemaBook::unknownMember))
        .orElseThrow();
  }

  private static boolean unknownMember(OutputUnit unit) {
    return keyword(unit).endsWith("/additionalProperties");
  }

  private static String keyword(OutputUnit unit) {
    return String.valueOf(unit.getKeywordLocation());
  }

  private static String said(OutputUnit unit) {
    return unknownMember(unit) ? "there is no such member here; leave it out"
        : String.valueOf(unit.getError()).replace("( + ", "(");
  }

  private static void refuse(Optional<OutputUnit> complaint, String at) {
    complaint.ifPresent(unit -> {
      throw Problem.invalid(at + pointer(unit), said(unit)).refusal();
    });
  }

  private static String detail(OutputUnit unit) {
    return (pointer(unit).isEmpty() ? "The whole value" : pointer(unit)) + ": " + said(unit);
  }

  /** The library writes {@code #/a/b}; a JSON pointer has no sharp sign. */
  private static String pointer(OutputUnit unit) {
    var location = unit.getInstanceLocation();
    return location == null ? "" : location.replaceFirst("^#/?$", "").replaceFirst("^#", "");
  }

  private void addEvent(String name, JsonObject schema) {
    events.put(name, schema);
  }

  private void addFolder(Path folder) {
    var root = folder.resolve("events");
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException("SCHEMAS_DIR=" + folder + ": want a folder named events"
          + " in it, with one file per event");
    }
    try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      files.filter(file -> isSchema(root.relativize(file))).sorted().forEach(file -> {
        var path = root.relativize(file).toString();
        var name = path.substring(0, path.length() - ".json".length()).replace('/', '.');
        addEvent(name, read(file, "events/" + path));
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kubernetes mounts a ConfigMap as links into a folder whose name begins with two dots. */
  private static boolean isSchema(Path file) {
    var path = file.toString();
    return path.endsWith(".json") && !path.endsWith(".examples.json") && !path.startsWith(".")
        && !path.contains("/.");
  }

  private JsonObject read(Path file, String name) {
    try {
      var schema = new JsonObject(SchemaFiles.resolved(name, Files.readString(file)));
      make(schema);
      return schema;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(file + ": not a JSON Schema: " + e.getMessage(), e);
    }
  }

  private static JsonObject ours(String file) {
    return new JsonObject(SchemaFiles.resolved(file, SchemaFiles.read(file)));
  }

  private Validator make(@Nullable JsonObject schema) {
    return repository.validator(JsonSchema.of(schema), OPTIONS);
  }
}
