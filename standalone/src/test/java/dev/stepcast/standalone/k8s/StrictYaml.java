package dev.stepcast.standalone.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads manifests as strictly as an API server with field validation would: an unknown kind, an
 * unknown field and a value of the wrong type (a number where a string belongs among them) are all
 * refused, each with its path.
 */
final class StrictYaml {
  private static final Pattern BETWEEN_DOCUMENTS = Pattern.compile("(?m)^---\\s*$");
  private static final Pattern COMMENTS_ONLY = Pattern.compile("(?:\\s*(?:#.*)?\\R?)*");
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
  private static final ObjectMapper STRICT = strict();

  private final String source;
  private final List<String> complaints = new ArrayList<>();

  private StrictYaml(String source) {
    this.source = source;
  }

  /**
   * All objects in {@code yaml}; throws with every complaint at once.
   *
   * @param source named in complaints
   */
  static List<HasMetadata> read(String source, String yaml) {
    var reader = new StrictYaml(source);
    var objects = new ArrayList<HasMetadata>();
    for (String document : BETWEEN_DOCUMENTS.split(yaml, -1)) {
      if (!COMMENTS_ONLY.matcher(document).matches()) {
        objects.add(reader.readOne(document));
      }
    }
    if (!reader.complaints.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.complaints));
    }
    return List.copyOf(objects);
  }

  /** A document that is no Kubernetes object, such as a kustomization. */
  static Map<?, ?> readPlain(String yaml) {
    return KUBERNETES.unmarshal(yaml, Map.class);
  }

  private HasMetadata readOne(String document) {
    try {
      Object kind = KUBERNETES.unmarshal(document);
      if (!(kind instanceof HasMetadata) || kind instanceof GenericKubernetesResource) {
        throw new IllegalArgumentException("no kind that Kubernetes knows:\n" + document);
      }
      // Once more, because the library itself takes "10" for 10, as Go programs do not.
      var object = (HasMetadata) STRICT.convertValue(readPlain(document), kind.getClass());
      walk(object.getKind() + "/" + object.getMetadata().getName(), object);
      return object;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(source + ": " + causeOf(e), e);
    }
  }

  private void walk(String path, Object value) {
    switch (value) {
      case Quantity quantity -> checkQuantity(path, quantity);
      case Map<?, ?> map -> map.forEach((key, child) -> walk(path + "." + key, child));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          walk(path + "[" + i + "]", list.get(i));
        }
      }
      case Object model when model.getClass().getName().startsWith("io.fabric8.")
          && !(model instanceof Enum<?>) ->
        walkFields(path, model);
      default -> {
        // A leaf: Jackson has checked its type.
      }
    }
  }

  private void walkFields(String path, Object model) {
    for (Class<?> type = model.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        Object child = Modifier.isStatic(field.getModifiers()) ? null : valueOf(field, model);
        if (field.getName().equals("additionalProperties") && child instanceof Map<?, ?> unknown) {
          unknown.keySet()
              .forEach(name -> complaints.add(source + ": unknown field " + path + "." + name));
        } else if (child != null) {
          walk(path + "." + field.getName(), child);
        }
      }
    }
  }

  private void checkQuantity(String path, Quantity quantity) {
    try {
      quantity.getNumericalAmount();
    } catch (RuntimeException e) {
      complaints.add(source + ": no quantity " + path + ": " + quantity);
    }
  }

  private static Object valueOf(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String causeOf(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static ObjectMapper strict() {
    var mapper = new ObjectMapper();
    for (var type : List.of(LogicalType.Textual, LogicalType.Integer, LogicalType.Boolean)) {
      for (var shape : CoercionInputShape.values()) {
        if (!shape.name().startsWith("Empty") && !natural(type, shape)) {
          mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
        }
      }
    }
    return mapper;
  }

  private static boolean natural(LogicalType type, CoercionInputShape shape) {
    return switch (type) {
      case Integer -> shape == CoercionInputShape.Integer;
      case Boolean -> shape == CoercionInputShape.Boolean;
      default -> shape == CoercionInputShape.String;
    };
  }
}
