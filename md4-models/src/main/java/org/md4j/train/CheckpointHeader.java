package org.md4j.train;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboVariant;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.schedule.ClippedSchedule;
import org.md4j.schedule.CosineSchedule;
import org.md4j.schedule.GeometricSchedule;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.LinearSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.PolynomialSchedule;
import org.md4j.schedule.StateDependentSchedule;

/**
 * {@code checkpoint.json}: everything of a checkpoint but the arrays.
 *
 * @param format {@link #FORMAT}
 * @param library version of md4 that wrote it
 * @param vocabulary of the tokens
 * @param network its shape
 * @param objective what was minimised, with the schedule, each by its {@code type}
 * @param trainer settings, the seed among them
 * @param data what was trained on
 * @param step steps done
 * @param parameterCount elements of each array
 * @param sha256 of each array's file, by its name
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
    long parameterCount,
    Map<String, String> sha256) {
  /** The version of the format this class reads and writes. */
  static final int FORMAT = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addMixIn(NetworkConfig.class, NetworkType.class)
          .addMixIn(Objective.class, ObjectiveType.class)
          .addMixIn(MaskingSchedule.class, ScheduleType.class)
          .addMixIn(StateDependentSchedule.class, StateDependentScheduleType.class)
          .addMixIn(LearnedPolynomialSchedule.class, LearnedPolynomialParts.class)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = TransformerConfig.class, name = "transformer"),
    @JsonSubTypes.Type(value = UNetConfig.class, name = "u-net")
  })
  private interface NetworkType {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ContinuousTimeElbo.class, name = "continuous-time"),
    @JsonSubTypes.Type(value = DiscreteTimeElbo.class, name = "discrete-time"),
    @JsonSubTypes.Type(value = LogSnrElbo.class, name = "log-snr"),
    @JsonSubTypes.Type(value = MaskCountElbo.class, name = "mask-count"),
    @JsonSubTypes.Type(value = ScoreEntropyElbo.class, name = "score-entropy"),
    @JsonSubTypes.Type(value = HybridElbo.class, name = "hybrid"),
    @JsonSubTypes.Type(value = AutoregressiveLikelihood.class, name = "autoregressive"),
    @JsonSubTypes.Type(value = StateDependentElbo.class, name = "state-dependent")
  })
  private interface ObjectiveType {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = LinearSchedule.class, name = "linear"),
    @JsonSubTypes.Type(value = CosineSchedule.class, name = "cosine"),
    @JsonSubTypes.Type(value = PolynomialSchedule.class, name = "polynomial"),
    @JsonSubTypes.Type(value = GeometricSchedule.class, name = "geometric"),
    @JsonSubTypes.Type(value = ClippedSchedule.class, name = "clipped")
  })
  private interface ScheduleType {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = LearnedPolynomialSchedule.class, name = "learned-polynomial")
  })
  private interface StateDependentScheduleType {}

  /** A schedule that is no record: what it is made from. */
  @JsonAutoDetect(isGetterVisibility = JsonAutoDetect.Visibility.NONE)
  private abstract static class LearnedPolynomialParts {
    @JsonCreator
    static LearnedPolynomialSchedule of(
        @JsonProperty("vocabulary") Vocabulary vocabulary,
        @JsonProperty("epsilon") double epsilon,
        @JsonProperty("raw") double... raw) {
      return LearnedPolynomialSchedule.of(vocabulary, epsilon, raw);
    }

    @JsonProperty("vocabulary")
    abstract Vocabulary vocabulary();

    @JsonProperty("epsilon")
    abstract double epsilon();

    @JsonProperty("raw")
    abstract double[] parameters();
  }

  /** The header as JSON text in UTF-8. */
  byte[] toJson() {
    requireKnown(objective);
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new CheckpointException("a checkpoint cannot be described: " + oneLine(e), e);
    }
  }

  /**
   * Reads a header.
   *
   * @throws CheckpointException saying what of it is wrong, without naming the file
   */
  static CheckpointHeader fromJson(byte[] json) {
    try {
      JsonNode tree = JSON.readTree(json);
      int format = tree.path("format").asInt(0);
      if (format != FORMAT) {
        throw new CheckpointException(
            "format (%d) must be %d; it was written by md4 %s: read it with that version"
                .formatted(format, FORMAT, tree.path("library").asText("unknown")));
      }
      addLaterSettings(tree);
      return JSON.treeToValue(tree, CheckpointHeader.class);
    } catch (InvalidTypeIdException e) {
      throw new CheckpointException(
          "%s type (%s) is not one that this version knows"
              .formatted(kind(e.getBaseType().getRawClass()), e.getTypeId()),
          e);
    } catch (IOException e) {
      throw new CheckpointException("its description is damaged: " + oneLine(e), e);
    }
  }

  private static String kind(Class<?> base) {
    if (NetworkConfig.class.isAssignableFrom(base)) {
      return "network";
    }
    return Objective.class.isAssignableFrom(base) ? "objective" : "schedule";
  }

  /**
   * Adds to an older file's settings those that came after it, with the values it was made with.
   */
  private static void addLaterSettings(JsonNode tree) {
    if (tree.path("network") instanceof ObjectNode network && !network.has("type")) {
      network.put("type", "transformer");
    }
    EarlierSettings.upgradeInPlace(tree);
  }

  /** Rejects a network that has no name here. */
  static void requireKnown(NetworkConfig network) {
    if (!(network instanceof TransformerConfig || network instanceof UNetConfig)) {
      throw new CheckpointException(
          "network (%s) must be described by a TransformerConfig or a UNetConfig: a checkpoint cannot hold a network of your own"
              .formatted(network.getClass().getName()));
    }
  }

  /** Rejects an objective with a schedule that has no name here. */
  static void requireKnown(Objective objective) {
    if (objective instanceof Elbo elbo) {
      requireKnown(elbo.schedule());
    } else if (objective instanceof ElboVariant variant) {
      requireKnown(variant.bound());
    } else if (objective instanceof StateDependentElbo learned
        && !(learned.schedule() instanceof LearnedPolynomialSchedule)) {
      throw new CheckpointException(
          "schedule (%s) must be a LearnedPolynomialSchedule: a checkpoint cannot hold a schedule of your own"
              .formatted(learned.schedule().getClass().getName()));
    }
  }

  /** A schedule of the user's own has no name here, and Jackson would invent one. */
  private static void requireKnown(MaskingSchedule schedule) {
    if (schedule instanceof ClippedSchedule clipped) {
      requireKnown(clipped.base());
    } else if (!(schedule instanceof LinearSchedule
        || schedule instanceof CosineSchedule
        || schedule instanceof PolynomialSchedule
        || schedule instanceof GeometricSchedule)) {
      throw new CheckpointException(
          "schedule (%s) must be one of linear, cosine, polynomial, geometric or one of these clipped: a checkpoint cannot hold a schedule of your own"
              .formatted(schedule.getClass().getName()));
    }
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
