package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Lets Jackson believe the types: in null-marked code a record's component without
 * {@code @Nullable} must be there and must not be null, so no record ever holds a null it denies.
 */
final class Strictness extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return required(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    return required(annotated) && !holdsNull(annotated.getRawType())
        ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
        : super.findSetterInfo(annotated);
  }

  /** Whether JSON's null is a value of {@code type} like any other. */
  private static boolean holdsNull(Class<?> type) {
    return type == RawJson.class || JsonNode.class.isAssignableFrom(type);
  }

  /** Whether {@code component} is always on the wire. */
  static boolean required(RecordComponent component) {
    return !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static boolean required(Annotated annotated) {
    if (annotated instanceof AnnotatedParameter parameter
        && !parameter.hasAnnotation(JsonAnySetter.class)
        && parameter.getOwner() instanceof AnnotatedConstructor constructor) {
      Class<?> owner = constructor.getDeclaringClass();
      RecordComponent[] components = owner.getRecordComponents();
      return components != null && components.length == constructor.getParameterCount()
          && marked(owner) && required(components[parameter.getIndex()]);
    }
    return false;
  }

  private static boolean marked(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
      if (c.isAnnotationPresent(NullMarked.class)) {
        return true;
      }
    }
    return type.getPackage() != null && type.getPackage().isAnnotationPresent(NullMarked.class);
  }
}
