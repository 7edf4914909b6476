package org.md4j.train;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;
import org.md4j.core.TokenizerIdentity;

/** Writes and reads the identity of a tokenizer as JSON; null where there is none. */
final class TokenizerJson {
  private TokenizerJson() {}

  /** Writes an identity, or null where there is none. */
  static final class Writer extends StdSerializer<Optional<TokenizerIdentity>> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(Optional.class, false);
    }

    @Override
    public void serialize(
        Optional<TokenizerIdentity> identity, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (identity.isPresent()) {
        provider.defaultSerializeValue(identity.get(), out);
      } else {
        out.writeNull();
      }
    }
  }

  /** Reads an identity, or none from null. */
  static final class Reader extends StdDeserializer<Optional<TokenizerIdentity>> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(Optional.class);
    }

    @Override
    public Optional<TokenizerIdentity> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return Optional.of(context.readValue(in, TokenizerIdentity.class));
    }

    @Override
    public Optional<TokenizerIdentity> getNullValue(DeserializationContext context) {
      return Optional.empty();
    }
  }
}
