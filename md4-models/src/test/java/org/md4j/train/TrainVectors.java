package org.md4j.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The entries of {@code golden/train.json}, whose head says where they come from. */
final class TrainVectors {
  /** The relative tolerance the entries state. */
  static final double RELATIVE = 1e-9;

  private TrainVectors() {}

  static JsonNode entry(String id) {
    try (InputStream file = TrainVectors.class.getResourceAsStream("/golden/train.json")) {
      for (JsonNode entry : new ObjectMapper().readTree(file).get("entries")) {
        if (entry.get("id").textValue().equals(id)) {
          return entry;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read golden/train.json", e);
    }
    throw new IllegalArgumentException("id (" + id + ") must be in golden/train.json");
  }
}
