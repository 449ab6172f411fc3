package dev.stepcast.schemas;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The packed schema files under the validator that stands at the doors. */
final class Schemas {
  private static final SchemaRepository REPOSITORY = repository();

  private Schemas() {}

  private static SchemaRepository repository() {
    var repository = SchemaRepository.create(new JsonSchemaOptions()
        .setBaseUri(SchemaFiles.BASE).setDraft(Draft.DRAFT202012)
        .setOutputFormat(OutputFormat.Basic));
    SchemaFiles.all().forEach(file -> repository.dereference(JsonSchema.of(resolved(file))));
    return repository;
  }

  static JsonObject schema(String file) {
    return new JsonObject(SchemaFiles.read(file));
  }

  private static JsonObject resolved(String file) {
    return new JsonObject(SchemaFiles.resolved(file, SchemaFiles.read(file)));
  }

  /** Where {@code value} breaks the schema: every pointer the validator names; none when valid. */
  static List<String> complaints(String file, @Nullable Object value) {
    var outcome = REPOSITORY.validator(SchemaFiles.BASE + file).validate(value);
    List<OutputUnit> errors = outcome.getErrors();
    if (errors == null || errors.isEmpty()) {
      return Boolean.TRUE.equals(outcome.getValid()) ? List.of() : List.of("");
    }
    return errors.stream().map(e -> e.getInstanceLocation().substring(1)).distinct().toList();
  }

  static List<String> complaintsAbout(String file, String text) {
    return complaints(file, Json.decodeValue(text));
  }
}
