package dev.stepcast.runs.endpoint;

import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.schemas.Wire;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is left to be told once a run has ended: deliveries that the ending script opens. */
final class Obligations {
  /** The slot in which an invoker is told. */
  static final String INVOKER = "i";
  /** The slot in which the failure callback is called. */
  static final String FAILURE = "f";

  private Obligations() {}

  static Map<String, Spec> ended(String id, Config config, Optional<String> result) {
    var outcome = new StringBuilder("{");
    result.filter(text -> !text.isEmpty())
        .ifPresent(text -> outcome.append("\"body\":").append(Wire.encode(text)).append(','));
    return invoker(id, config, outcome.append("\"isFailed\":false,\"isCanceled\":false}"));
  }

  static Map<String, Spec> canceled(String id, Config config) {
    return invoker(id, config, "{\"isFailed\":false,\"isCanceled\":true}");
  }

  /** A run that failed; {@code callback} is the body for the failure callback. */
  static Map<String, Spec> failed(String id, Config config, Optional<Spec> callback) {
    var left = invoker(id, config, "{\"isFailed\":true,\"isCanceled\":false}");
    callback.ifPresent(spec -> left.put(FAILURE, spec));
    return left;
  }

  private static Map<String, Spec> invoker(String id, Config config, CharSequence outcome) {
    var left = new LinkedHashMap<String, Spec>();
    if (config.invoker() != null) {
      left.put(INVOKER, Spec.of(Kind.INVOKER, config.invoker(), "POST")
          .withBody(",\"out\":" + Wire.encode(outcome.toString()) + "}").withMessage(id));
    }
    return left;
  }
}
