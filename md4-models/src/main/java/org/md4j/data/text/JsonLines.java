package org.md4j.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;
import org.md4j.file.JsonFailureText;

/**
 * A JSON object a line, one field of which is a document; empty lines are passed over. Half a
 * surrogate pair, which an escape can write and UTF-8 cannot, becomes U+FFFD.
 */
final class JsonLines implements FilePassages {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final String name;
  private final String field;
  private final BufferedReader lines;
  private long line;

  JsonLines(String name, InputStream plain, String field) throws IOException {
    this.name = name;
    this.field = field;
    this.lines = new BufferedReader(new StrictReader(name, plain));
  }

  @Override
  public @Nullable Passage next() throws IOException {
    for (String next = lines.readLine(); next != null; next = lines.readLine()) {
      line++;
      if (!next.isBlank()) {
        return new Passage(Surrogates.mended(text(next)), true);
      }
    }
    return null;
  }

  private String text(String object) throws IOException {
    List<String> others = new ArrayList<>();
    String text = null;
    try (JsonParser parser = JSON.createParser(object)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("must be a JSON object with the field " + field);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String found = parser.currentName();
        JsonToken value = parser.nextToken();
        if (found.equals(field)) {
          if (value != JsonToken.VALUE_STRING) {
            throw wrong("must have text in the field " + field + ", got " + parser.getText());
          }
          text = parser.getText();
        }
        others.add(found);
        parser.skipChildren();
      }
    } catch (JsonProcessingException e) {
      throw wrong("must be JSON: " + JsonFailureText.of(e));
    }
    if (text != null) {
      return text;
    }
    throw wrong(
        "must have the field %s, got only %s: name the one that holds the text"
            .formatted(field, others));
  }

  private DataException wrong(String what) {
    return new DataException("%s, line %d, %s".formatted(name, line, what));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
