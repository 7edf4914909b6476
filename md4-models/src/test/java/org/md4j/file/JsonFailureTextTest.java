package org.md4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFailureTextTest {
  /** What is read; its constructor refuses a size below 1. */
  record Sized(int size, List<String> names) {
    Sized {
      if (size < 0) {
        throw new NullPointerException();
      }
      if (size < 1) {
        throw new IllegalArgumentException("size (" + size + ") must be at least 1");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'size': 3, 'colour': 1}  | unknown field colour",
        "{'size': 0}               | size (0) must be at least 1",
        "{'size': -1}              | a field is missing",
        "{'size': 3, 'names': 4}   | Cannot deserialize value of type ArrayList<String> from Integer"
            + " value (token JsonToken.VALUE_NUMBER_INT)",
        "{'size': x}               | Unrecognized token 'x': was expecting (JSON String, Number,"
            + " Array, Object or token 'null', 'true' or 'false')",
        "{                         | Unexpected end-of-input: expected close marker for Object",
      })
  void theReasonIsALineWithoutPackages(String json, String reason) {
    JsonProcessingException failure =
        catchThrowableOfType(
            JsonProcessingException.class,
            () -> new ObjectMapper().readValue(json.replaceAll("'(\\w+)'", "\"$1\""), Sized.class));

    assertThat(JsonFailureText.of(failure)).isEqualTo(reason);
  }

  @Test
  void aMissingFieldIsNamed() {
    ObjectMapper strict =
        new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    JsonProcessingException failure =
        catchThrowableOfType(
            JsonProcessingException.class, () -> strict.readValue("{\"size\": 3}", Sized.class));

    assertThat(JsonFailureText.of(failure)).isEqualTo("field names is missing");
  }
}
