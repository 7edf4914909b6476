package org.md4j.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.md4j.Tolerance;

/**
 * The numbers of {@code golden/md4-vectors.json}, computed independently of this library; see the
 * README beside the file for where they come from.
 */
public final class GoldenVectors {
  private static final String RESOURCE = "/golden/md4-vectors.json";
  private static final Map<String, JsonNode> ENTRIES = load();

  private GoldenVectors() {}

  /** What an entry says must come out. */
  public static JsonNode expected(String id) {
    return entry(id).get("expected");
  }

  /** What an entry starts from. */
  public static JsonNode inputs(String id) {
    return entry(id).get("inputs");
  }

  /** The ids that start with a prefix, in the file's order; at least one. */
  public static Stream<String> ids(String prefix) {
    assertThat(ENTRIES.keySet())
        .as("entries of %s", RESOURCE)
        .anyMatch(id -> id.startsWith(prefix));
    return ENTRIES.keySet().stream().filter(id -> id.startsWith(prefix));
  }

  /**
   * Asserts that a number is the expected one within the entry's own tolerance. Where the entry
   * states several, the first counts.
   *
   * @param what names the number in a failure
   */
  public static void assertMatches(String id, String what, double actual, JsonNode expected) {
    assertThat(expected.isNumber()).as("%s of %s is a number", what, id).isTrue();
    double value = expected.doubleValue();
    assertThat(actual).as("%s of %s", what, id).isCloseTo(value, tolerance(id, value));
  }

  private static Offset<Double> tolerance(String id, double value) {
    String[] words = entry(id).get("tolerance").textValue().split(" ", 3);
    return switch (words[0]) {
      case "rel" ->
          Offset.offset(
              value == 0 ? Tolerance.EXACT_DOUBLE : Double.parseDouble(words[1]) * Math.abs(value));
      case "abs" -> Offset.offset(Double.parseDouble(words[1]));
      case "exact" -> Offset.offset(0.0);
      default ->
          throw new IllegalStateException(
              "tolerance of " + id + " must start with rel, abs or exact");
    };
  }

  private static JsonNode entry(String id) {
    JsonNode entry = ENTRIES.get(id);
    if (entry == null) {
      throw new IllegalArgumentException("id (" + id + ") must be one of " + ENTRIES.keySet());
    }
    return entry;
  }

  private static Map<String, JsonNode> load() {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    try (InputStream file = GoldenVectors.class.getResourceAsStream(RESOURCE)) {
      for (JsonNode entry : new ObjectMapper().readTree(file).get("entries")) {
        entries.put(entry.get("id").textValue(), entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return entries;
  }
}
