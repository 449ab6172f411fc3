package dev.stepcast.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** How Jackson reads and writes {@link RawJson}: token by token, no tree, numbers as text. */
final class RawJsonCodec {
  private RawJsonCodec() {}

  static final class Writer extends StdSerializer<RawJson> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(RawJson.class);
    }

    @Override
    public void serialize(RawJson value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeRawValue(value.text());
    }
  }

  static final class Reader extends StdDeserializer<RawJson> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(RawJson.class);
    }

    @Override
    public RawJson deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = new StringWriter();
      try (var out = Wire.generator(text)) {
        copy(in, out);
      }
      return new RawJson(text.toString());
    }

    @Override
    public Object deserializeWithType(JsonParser in, DeserializationContext context,
        TypeDeserializer type) throws IOException {
      return deserialize(in, context);
    }

    @Override
    public RawJson getNullValue(DeserializationContext context) {
      return RawJson.NULL;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }

    private static void copy(JsonParser in, JsonGenerator out) throws IOException {
      int depth = 0;
      do {
        JsonToken token = in.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token.isNumeric()) {
          out.writeNumber(in.getText());
        } else {
          out.copyCurrentEvent(in);
        }
      } while (depth > 0 && in.nextToken() != null);
    }
  }
}
