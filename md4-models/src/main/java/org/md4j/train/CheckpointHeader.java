package org.md4j.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.objective.Objective;

/**
 * The contents of {@code checkpoint.json}: everything of a checkpoint but the arrays.
 *
 * @param format {@link #FORMAT}
 * @param library version of md4 that wrote it
 * @param vocabulary vocabulary of the tokens
 * @param network its shape
 * @param objective objective that was minimised, with the schedule, each by its {@code type}
 * @param trainer settings, the seed among them
 * @param data data that was trained on
 * @param step steps done
 * @param best the best evaluation so far
 * @param parameterCount elements of each array
 * @param sha256 SHA-256 of each array's file, by its name
 */
record CheckpointHeader(
    int format,
    String library,
    Vocabulary vocabulary,
    NetworkConfig network,
    Objective objective,
    TrainerConfig trainer,
    DataIdentity data,
    int step,
    BestEvaluation best,
    long parameterCount,
    Map<String, String> sha256) {
  /** The version of the format this class reads and writes. */
  static final int FORMAT = 1;

  CheckpointHeader {
    sha256 = Collections.unmodifiableMap(new TreeMap<>(sha256));
    Settings.requireAtLeast("step", step, 0);
    Settings.requireAtLeast("parameterCount", parameterCount, 1);
    if (!vocabulary.equals(network.vocabulary())) {
      throw new IllegalArgumentException(
          "vocabulary (%s) must be that of its network, %s"
              .formatted(vocabulary, network.vocabulary()));
    }
  }

  /** Writes the header as JSON text in UTF-8. */
  byte[] toJson(CheckpointTypes types) {
    try {
      return types.json().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw CheckpointJson.failure("a checkpoint cannot be described: ", e);
    }
  }

  /**
   * Reads a header.
   *
   * @throws CheckpointException saying what of it is wrong, without naming the file
   */
  static CheckpointHeader fromJson(byte[] json, CheckpointTypes types) {
    JsonMapper mapper = types.json();
    try {
      JsonNode tree = mapper.readTree(json);
      int format = tree.path("format").asInt(0);
      if (format != FORMAT) {
        throw new CheckpointException(
            "format (%d) must be %d; it was written by md4 %s: read it with that version"
                .formatted(format, FORMAT, tree.path("library").asText("unknown")));
      }
      addLaterSettings(tree);
      return mapper.treeToValue(tree, CheckpointHeader.class);
    } catch (IOException e) {
      throw CheckpointJson.failure("its description is damaged: ", e);
    }
  }

  /**
   * Rejects parts that a checkpoint could not give back: of types without a name, or whose JSON
   * makes another value of them.
   */
  static void requireWritable(
      NetworkConfig network, Objective objective, TrainerConfig trainer, CheckpointTypes types) {
    requireKept("network", network, NetworkConfig.class, types.json());
    requireKept("objective", objective, Objective.class, types.json());
    requireKept("trainer", trainer, TrainerConfig.class, types.json());
  }

  private static <T> void requireKept(String name, T value, Class<T> type, JsonMapper mapper) {
    String start = "%s (%s) must come back as it was from a checkpoint: ".formatted(name, value);
    String advice = "make it a record, or give it components that Jackson can read and equals; ";
    try {
      byte[] json = mapper.writerFor(type).writeValueAsBytes(value);
      T back = mapper.readValue(json, type);
      if (!back.equals(value)) {
        throw new CheckpointException(start + advice + "got " + back);
      }
    } catch (IOException e) {
      throw CheckpointJson.failure(start + advice, e);
    }
  }

  /**
   * Adds to an older file's settings those that came after it, with the values it was made with.
   */
  private static void addLaterSettings(JsonNode tree) {
    if (tree.path("network") instanceof ObjectNode network && !network.has("type")) {
      network.put("type", "transformer");
    }
    if (tree.path("data") instanceof ObjectNode data && !data.has("tokenizer")) {
      data.putNull("tokenizer");
    }
    if (tree instanceof ObjectNode header && !header.has("best")) {
      header.putPOJO("best", BestEvaluation.NONE);
    }
    EarlierSettings.upgradeInPlace(tree);
  }
}
