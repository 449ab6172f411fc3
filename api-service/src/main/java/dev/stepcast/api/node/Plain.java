package dev.stepcast.api.node;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came over the bus, as maps and lists that any JSON writer knows. */
final class Plain {
  private Plain() {}

  static Map<String, Object> map(JsonObject json) {
    var map = new LinkedHashMap<String, Object>();
    json.forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
    return map;
  }

  private static Object value(Object value) {
    return switch (value) {
      case JsonObject json -> map(json);
      case JsonArray json -> json.stream().map(Plain::value).toList();
      default -> value;
    };
  }
}
