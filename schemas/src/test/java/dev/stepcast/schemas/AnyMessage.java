package dev.stepcast.schemas;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.StringArbitrary;

/** Draws values that a schema of ours allows, as maps, lists and scalars. */
final class AnyMessage {
  private static final String END = "(?![\\s\\S])";
  private static final Arbitrary<String> WORD = Arbitraries.strings().alpha().numeric()
      .withChars('_').ofMinLength(1).ofMaxLength(20);

  private AnyMessage() {}

  /** Any value that is valid under {@code file}. */
  static Arbitrary<Object> of(String file) {
    return of(file, Schemas.schema(file));
  }

  /** Any JSON at all, a few levels deep. */
  static Arbitrary<Object> json() {
    return Arbitraries.lazyOf(
        () -> Arbitraries.just(NULL),
        () -> Arbitraries.of(true, false).map(Object.class::cast),
        () -> Arbitraries.longs().map(Object.class::cast),
        () -> Arbitraries.bigDecimals().map(Object.class::cast),
        () -> unicode().ofMaxLength(30).map(Object.class::cast),
        () -> json().list().ofMaxSize(3).map(Object.class::cast),
        () -> Arbitraries.maps(unicode().ofMaxLength(8), json()).ofMaxSize(3)
            .map(Object.class::cast));
  }

  /** Stands for JSON's null, which jqwik's collections do not like. */
  static final Object NULL = new Object() {
    @Override
    public String toString() {
      return "null";
    }
  };

  /** Text from every plane, without halves of surrogate pairs. */
  static StringArbitrary unicode() {
    return Arbitraries.strings().withCharRange('\u0000', '\ud7ff').withCharRange('\ue000',
        '\ufffd');
  }

  private static Arbitrary<Object> of(String file, Object schema) {
    if (!(schema instanceof JsonObject object)) {
      return json();
    }
    if (object.containsKey("$ref")) {
      return of(URI.create(file).resolve(object.getString("$ref")).toString());
    }
    if (object.containsKey("const")) {
      return Arbitraries.just(object.getValue("const"));
    }
    if (object.containsKey("enum")) {
      return Arbitraries.of(object.getJsonArray("enum").stream().toList());
    }
    Object type = object.getValue("type");
    return switch (type instanceof JsonArray types ? types.getString(0) : (String) type) {
      case "string" -> string(object).map(Object.class::cast);
      case "boolean" -> Arbitraries.of(true, false);
      case "integer" -> Arbitraries.longs()
          .between(object.getLong("minimum"), object.getLong("maximum")).map(Object.class::cast);
      case "number" -> Arbitraries.doubles()
          .between(object.getDouble("minimum"), object.getDouble("maximum"))
          .map(Object.class::cast);
      case "array" -> of(file, object.getJsonObject("items")).list()
          .ofMinSize(object.getInteger("minItems", 0))
          .ofMaxSize(Math.min(3, object.getInteger("maxItems", 3))).map(Object.class::cast);
      default ->
        object.containsKey("properties") ? members(file, object) : dictionary(file, object);
    };
  }

  private static Arbitrary<Object> dictionary(String file, JsonObject schema) {
    var keys = string(schema.getJsonObject("propertyNames", new JsonObject()));
    return Arbitraries.maps(keys, of(file, schema.getValue("additionalProperties")))
        .ofMinSize(schema.getInteger("minProperties", 0)).ofMaxSize(3).map(Object.class::cast);
  }

  private static Arbitrary<Object> members(String file, JsonObject schema) {
    var required = schema.getJsonArray("required", new JsonArray());
    var properties = schema.getJsonObject("properties").copy();
    if (Boolean.TRUE.equals(schema.getValue("additionalProperties"))) {
      properties.put("retryAfterMs", true).put("pointer", true);
    }
    var names = List.copyOf(properties.fieldNames());
    List<Arbitrary<Object>> values = names.stream().map(name -> {
      var value = of(file, properties.getValue(name));
      return required.contains(name) ? value : value.optional().map(o -> o.orElse(ABSENT));
    }).toList();
    return Combinators.combine(values).as(drawn -> {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < drawn.size(); i++) {
        if (drawn.get(i) != ABSENT) {
          object.put(names.get(i), drawn.get(i));
        }
      }
      return object;
    });
  }

  private static final Object ABSENT = new Object();

  private static Arbitrary<String> string(JsonObject schema) {
    int min = schema.getInteger("minLength", 0);
    int max = schema.getInteger("maxLength", 1_000);
    var pattern = Objects.requireNonNullElse(schema.getString("pattern"), "");
    return switch (pattern.replace(END, "")) {
      case "" -> unicode().ofMinLength(min).ofMaxLength(max);
      case "^[^\\u0000-\\u001f\\u007f]*" -> unicode().ofMinLength(min).ofMaxLength(max)
          .map(text -> text.replaceAll("[\\x00-\\x1f\\x7f]", "~"));
      case "^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*" -> WORD.list().ofMinSize(1).ofMaxSize(4)
          .map(words -> String.join(".", words));
      case "^[0-9]{1,20}-[0-9]{1,20}" -> Arbitraries.longs().greaterOrEqual(0)
          .map(ms -> ms + "-" + ms % 7);
      case "^[A-Za-z0-9_-]+" -> WORD;
      case "^[A-Za-z0-9_.-]*" ->
        Arbitraries.strings().alpha().numeric().withChars("_.-".toCharArray())
            .ofMinLength(min).ofMaxLength(Math.min(max, 40));
      case "^[A-Za-z]+" -> Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(max);
      case "^[a-z0-9]+(-[a-z0-9]+)*" -> Arbitraries.of("event-invalid", "internal", "a1-2");
      default -> throw new AssertionError("teach this test the pattern " + pattern);
    };
  }
}
