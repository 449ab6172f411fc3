package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one door to JSON. Writing: members in the order of the record's components, nulls left out,
 * one line. Reading: unknown members are ignored, missing and null members are refused where the
 * record (in null-marked code) has no {@code @Nullable}, anything after the value is refused, and
 * numbers lose nothing.
 */
public final class Wire {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .annotationIntrospector(new Strictness())
      .serializationInclusion(JsonInclude.Include.NON_NULL)
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .build();

  private Wire() {}

  /**
   * The JSON text of {@code value}.
   *
   * @throws WireException when it has no JSON form: a programmer's mistake
   */
  public static String encode(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw refusal("cannot encode " + value.getClass().getName(), e);
    }
  }

  /** As {@link #encode}, in UTF-8. */
  public static byte[] encodeBytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw refusal("cannot encode " + value.getClass().getName(), e);
    }
  }

  /**
   * The JSON text of {@code event} up to and including {@code "at":}, for a Redis script that
   * appends its own clock in ms and a closing brace. What {@code at} holds is not looked at.
   */
  public static String encodeOpen(Timed event) {
    return upTo(event, "at");
  }

  /**
   * The JSON text of {@code message} up to and including the colon after its {@code member}, which
   * a Redis script completes: the value, all members after it, and the closing brace.
   */
  public static String encodeUpTo(Record message, String member) {
    return upTo(message, member);
  }

  private static String upTo(Object message, String member) {
    String text = encode(message);
    // A string cannot hold these characters: its quotes would have backslashes before them.
    String mark = '"' + member + "\":";
    int start = text.lastIndexOf(mark);
    if (start < 0) {
      throw new IllegalArgumentException(message.getClass() + " has no member " + member);
    }
    return text.substring(0, start + mark.length());
  }

  /**
   * Reads a {@code type} from {@code text}.
   *
   * @throws WireException when the text is no JSON or does not fit
   */
  public static <T> T decode(String text, Class<T> type) {
    return read(type, mapper -> mapper.readValue(text, type));
  }

  /** As {@link #decode(String, Class)}, with the type arguments that a class cannot carry. */
  public static <T> T decode(String text, TypeReference<T> type) {
    return read(type.getType(), mapper -> mapper.readValue(text, type));
  }

  /** As {@link #decode(String, Class)}, for a type known by reflection only: the caller casts. */
  public static Object decodeAs(String text, Type type) {
    return read(type, mapper -> mapper.readValue(text, mapper.constructType(type)));
  }

  /** As {@link #decode(String, Class)}, from UTF-8. */
  public static <T> T decode(byte[] text, Class<T> type) {
    return read(type, mapper -> mapper.readValue(text, type));
  }

  /** Reads any JSON as a tree, for those who must look into it. */
  public static JsonNode tree(String text) {
    return decode(text, JsonNode.class);
  }

  static JsonGenerator generator(Writer out) throws IOException {
    return MAPPER.createGenerator(out);
  }

  private interface Reading {
    @Nullable
    Object by(JsonMapper mapper) throws IOException;
  }

  @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // callers tie T to the type
  private static <T> T read(Type type, Reading reading) {
    try {
      Object value = reading.by(MAPPER);
      if (value == null) {
        throw new WireException("null is not " + name(type), "", null);
      }
      return (T) value;
    } catch (JsonProcessingException e) {
      throw refusal("not " + name(type), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Type type) {
    return type instanceof Class<?> c ? c.getSimpleName() : type.getTypeName();
  }

  private static WireException refusal(String complaint, JsonProcessingException cause) {
    String pointer = cause instanceof JsonMappingException mapping
        ? mapping.getPath().stream().map(Wire::segment).collect(Collectors.joining())
        : "";
    String where = pointer.isEmpty() ? "" : " at " + pointer;
    return new WireException(complaint + where, pointer, cause);
  }

  private static String segment(JsonMappingException.Reference step) {
    String name = step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName();
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
