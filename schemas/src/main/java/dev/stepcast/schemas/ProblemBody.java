package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9457: what a caller is told when the answer is no.
 *
 * <p>Wire form: {@code schemas/problem.json}; content type {@code application/problem+json}.
 *
 * @param type {@code /problems/<kind>}
 * @param title the kind in words
 * @param status HTTP status
 * @param detail what to do about this very request
 * @param kind stable name of the kind
 * @param extra members beyond the standard ones, such as {@code pointer} and {@code retryAfterMs}
 */
public record ProblemBody(String type, String title, int status, String detail, String kind,
    @JsonAnyGetter @JsonAnySetter Map<String, RawJson> extra) {
  @JsonCreator
  public ProblemBody {
    extra = extra == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }
}
