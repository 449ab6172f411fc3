package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which record belongs to which schema file, found by walking both at once. */
final class Pairs {
  private static final Map<String, Class<?>> ALL = new TreeMap<>();

  static {
    BuiltInEvents.all().forEach(event -> pair(event.file(), event.type()));
    Stream.of(Requests.ALL, Answers.ALL).flatMap(List::stream)
        .filter(body -> !body.type().isArray())
        .forEach(body -> pair(body.file(), body.type()));
    frames("frames/client/", ClientFrame.class);
    frames("frames/server/", ServerFrame.class);
    pair("channels-config.json", ChannelsConfig.class);
  }

  private Pairs() {}

  /** Every file that describes a record or an enum, with its type. */
  static Map<String, Class<?>> all() {
    return ALL;
  }

  /** The type that {@code file} describes. */
  static Class<?> of(String file) {
    return Objects.requireNonNull(ALL.get(file), file);
  }

  private static void frames(String folder, Class<?> frames) {
    for (Class<?> frame : frames.getPermittedSubclasses()) {
      pair(folder + frame.getAnnotation(JsonTypeName.class).value() + ".json", frame);
    }
  }

  private static void pair(String file, Class<?> type) {
    if (ALL.put(file, type) != null || !type.isRecord()) {
      return;
    }
    var properties = Schemas.schema(file).getJsonObject("properties");
    for (RecordComponent component : type.getRecordComponents()) {
      Object property = properties.getValue(component.getName());
      if (property instanceof JsonObject object) {
        var items = object.getJsonObject("items", object);
        if (items.containsKey("$ref")) {
          var target = URI.create(file).resolve(items.getString("$ref")).toString();
          pair(target, element(component.getGenericType()));
        }
      }
    }
  }

  private static Class<?> element(Type type) {
    return type instanceof ParameterizedType list
        ? (Class<?>) list.getActualTypeArguments()[0]
        : (Class<?>) type;
  }
}
