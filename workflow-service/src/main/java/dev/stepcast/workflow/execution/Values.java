package dev.stepcast.workflow.execution;

import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import dev.stepcast.workflow.api.failure.NonRetryable;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What steps answer, as JSON and back. The class of an answer is kept beside it where JSON does not
 * tell, so that a replay gives the author what the first run gave: classes within that of the
 * workflow by the rest of their names, since a run may have two thousand answers.
 *
 * @param workflow the author's class
 */
record Values(Class<?> workflow) {
  static final int BYTES_MAX = 1024 * 1024;

  /** A value as it is recorded; no JSON for nothing. */
  record Encoded(@Nullable RawJson json, @Nullable String kind) {}

  /** Throws {@link NonRetryable} when the value has no JSON form or is too large. */
  static Encoded encode(@Nullable Object value) {
    if (value == null) {
      return new Encoded(null, null);
    }
    RawJson json;
    try {
      json = RawJson.of(value);
    } catch (WireException e) {
      throw new NonRetryable("the answer cannot be written as JSON: " + e.getMessage(), e);
    }
    if (json.text().length() > BYTES_MAX || json.bytes() > BYTES_MAX) {
      throw new NonRetryable("the answer has " + json.bytes() + " bytes, the most is " + BYTES_MAX);
    }
    return new Encoded(json, kind(value));
  }

  /** The kind of an answer as the journal of a run of this workflow has it. */
  @Nullable
  String near(@Nullable String kind) {
    return kind != null && kind.startsWith(workflow.getName() + "$")
        ? kind.substring(workflow.getName().length())
        : kind;
  }

  /** Reads an answer back, as {@code type} if that is given. */
  @Nullable
  Object decode(@Nullable RawJson json, @Nullable String kind, @Nullable Type type) {
    if (json == null || json.text().equals("null")) {
      return null;
    }
    try {
      return Wire.decodeAs(json.text(), type != null ? type
          : kind == null ? Object.class
              : Class.forName(kind.startsWith("$") ? workflow.getName() + kind : kind, true,
                  workflow.getClassLoader()));
    } catch (ClassNotFoundException | WireException e) {
      throw new Unwinding.Broken("UnreadableAnswer", "what was sent or recorded cannot be read as "
          + (type != null ? type.getTypeName() : kind) + ": " + e.getMessage());
    }
  }

  private static @Nullable String kind(Object value) {
    return switch (value) {
      case String _,Boolean _,Integer _,List<?> _,Map<?, ?> _ -> null;
      case Set<?> _ -> "java.util.LinkedHashSet";
      case Enum<?> constant -> constant.getDeclaringClass().getName();
      default -> value.getClass().getName();
    };
  }
}
