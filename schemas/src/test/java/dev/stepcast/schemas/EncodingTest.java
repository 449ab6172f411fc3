package dev.stepcast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Events are valid by construction; whatever a schema allows survives its record. */
class EncodingTest {
  /**
   * One message.
   *
   * @param file its schema
   * @param text its JSON
   */
  record Drawn(String file, String text) {}

  /**
   * What a constructor is called with.
   *
   * @param event the type of the record
   * @param arguments one for each component
   */
  record Call(EventType<?> event, List<Optional<Object>> arguments) {}

  @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void what_a_schema_allows_survives_its_record(@ForAll("messages") Drawn drawn) {
    assertThat(Schemas.complaintsAbout(drawn.file(), drawn.text())).isEmpty();

    Class<?> type = Pairs.of(drawn.file());
    var record = Wire.decode(drawn.text(), type);
    var text = Wire.encode(record);

    assertThat(Schemas.complaintsAbout(drawn.file(), text)).isEmpty();
    assertThat(same(Wire.tree(text), Wire.tree(drawn.text())))
        .as(drawn.text() + " became " + text).isTrue();
    assertThat(Wire.decode(text, type)).isEqualTo(record);
    assertThat(text).doesNotContain("\n", "\r");
  }

  @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void an_event_that_can_be_made_is_valid(@ForAll("calls") Call call) throws Exception {
    var event = make(call);

    Statistics.collect(event == null ? "refused" : "made");
    if (event != null) {
      assertThat(Schemas.complaintsAbout(call.event().file(), Wire.encode(event)))
          .as(Wire.encode(event)).isEmpty();
      if (event instanceof Timed timed) {
        assertThat(Wire.encodeOpen(timed) + timed.at() + "}").isEqualTo(Wire.encode(timed));
      }
    }
  }

  @Provide
  Arbitrary<Drawn> messages() {
    return Arbitraries.of(Pairs.all().keySet())
        .flatMap(file -> AnyMessage.of(file).map(value -> new Drawn(file, json(value))));
  }

  @Provide
  Arbitrary<Call> calls() {
    return Arbitraries.of(BuiltInEvents.all()).flatMap(event -> {
      var arguments = Arrays.stream(event.type().getRecordComponents())
          .map(EncodingTest::argument).toList();
      return Combinators.combine(arguments).as(drawn -> new Call(event, drawn));
    });
  }

  private static @Nullable Object make(Call call) throws ReflectiveOperationException {
    var types = Arrays.stream(call.event().type().getRecordComponents())
        .map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = call.event().type().getDeclaredConstructor(types);
    try {
      return constructor.newInstance(call.arguments().stream().map(o -> o.orElse(null)).toArray());
    } catch (InvocationTargetException e) {
      assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
      return null;
    }
  }

  private static Arbitrary<Optional<Object>> argument(RecordComponent component) {
    Arbitrary<Object> value = value(component.getType()).map(Object.class::cast);
    return Strictness.required(component) ? value.map(Optional::of) : value.optional();
  }

  private static Arbitrary<?> value(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "String" -> Arbitraries.frequencyOf(
          Tuple.of(1, AnyMessage.unicode().ofMaxLength(300)),
          Tuple.of(8, Arbitraries.strings().alpha().numeric().ofMaxLength(20)),
          Tuple.of(4, Arbitraries.of("1-0", "0-0", "a\n", "", "a b", "1-0\n")));
      case "int" -> Arbitraries.integers().greaterOrEqual(-1);
      case "long", "Long" -> Arbitraries.longs().between(-1, 9_007_199_254_740_993L);
      case "double" -> Arbitraries.doubles().between(-1, 101);
      case "boolean" -> Arbitraries.of(true, true, true, false);
      case "RawJson" -> AnyMessage.json().map(json -> new RawJson(json(json)));
      case "StepError" -> AnyMessage.unicode().ofMinLength(1).ofMaxLength(9)
          .map(text -> new StepError("type", text));
      case "RunError" -> AnyMessage.unicode().ofMinLength(1).ofMaxLength(9)
          .map(text -> new RunError("type", text, "step"));
      case "List" -> Arbitraries.of(RunState.values())
          .map(state -> new RunMoved("wfr_1", state, 1)).list().ofMaxSize(3);
      default -> Arbitraries.of(List.of(type.getEnumConstants()));
    };
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.entrySet().stream()
          .map(member -> Wire.encode(member.getKey()) + " : " + json(member.getValue()))
          .collect(Collectors.joining(",\n", "{", "}"));
      case List<?> list -> list.stream().map(EncodingTest::json)
          .collect(Collectors.joining(" , ", "[", "]"));
      default -> value == AnyMessage.NULL ? "null" : Wire.encode(value);
    };
  }

  private static boolean same(JsonNode left, JsonNode right) {
    return left.equals((a, b) -> a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue())
        : a.equals(b) ? 0 : 1, right);
  }
}
