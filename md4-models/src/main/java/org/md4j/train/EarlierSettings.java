package org.md4j.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.md4j.model.TimeConditioning;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.ValueEmbedding;
import org.md4j.model.text.Attention;
import org.md4j.model.text.FeedForwardInitialiser;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.model.text.TokenEmbedding;

/**
 * Turns settings as earlier versions wrote them, with all values in one flat object or without what
 * came later, into those of this version. Checkpoints and run folders hold such settings as JSON.
 *
 * <p>What came later than a file has the value the file was made with; what this class does not
 * know is left for the reader to refuse.
 */
public final class EarlierSettings {
  /** The place where a flat setting of a trainer lies now: the part, and its name there. */
  private static final Map<String, Place> TRAINER =
      Map.of(
          "learningRate", new Place("optimizer", "learningRate"),
          "warmupSteps", new Place("optimizer", "warmupSteps"),
          "beta1", new Place("optimizer", "beta1"),
          "beta2", new Place("optimizer", "beta2"),
          "epsilon", new Place("optimizer", "epsilon"),
          "weightDecay", new Place("optimizer", "weightDecay"),
          "clipNorm", new Place("optimizer", "clipNorm"),
          "emaRate", new Place("optimizer", "emaRate"),
          "evaluateEvery", new Place("evaluation", "every"),
          "evaluationRows", new Place("evaluation", "rows"));

  /** The names of our networks; run folders have none. */
  private static final Set<String> OURS = Set.of("", "transformer", "u-net");

  private record Place(String part, String name) {}

  private EarlierSettings() {}

  /**
   * Upgrades a network's and a trainer's settings; those of this version stay as they are.
   *
   * @param settings an object with the fields {@code network}, a TransformerConfig or a UNetConfig,
   *     and {@code trainer}, a TrainerConfig; either may be missing. Changed in place
   */
  public static void upgradeInPlace(JsonNode settings) {
    if (settings.path("network") instanceof ObjectNode network
        && OURS.contains(network.path("type").asText())) {
      if (network.has("timeConditioned")) {
        upgradeNetwork(network);
      }
      addLaterNetworkSettings(network);
    }
    if (settings.path("trainer") instanceof ObjectNode trainer && trainer.has("learningRate")) {
      upgradeTrainer(trainer);
    }
    if (settings.path("trainer") instanceof ObjectNode trainer) {
      addLaterSettings(trainer);
    }
  }

  private static void addLaterNetworkSettings(ObjectNode network) {
    if (network.has("headSize") && !network.has("shortConvolution")) {
      network.put("shortConvolution", 0);
    }
    if (network.has("headSize") && !network.has("ngrams")) {
      NgramEmbedding none = NgramEmbedding.none();
      ObjectNode ngrams = network.putObject("ngrams");
      ngrams.putArray("orders");
      ngrams.put("rows", none.rows()).put("width", none.width());
    }
    if (network.has("blockConditioning")
        && !network.has("valueEmbedding")
        && !network.has("logitHead")) {
      network.put("valueEmbedding", ValueEmbedding.TABLE.name());
      network.put("logitHead", LogitHead.FREE.name());
    }
    if (network.get("middle") instanceof ObjectNode middle
        && middle.path("type").asText().equals("transformer")
        && !middle.has("shortConvolution")) {
      middle.put("shortConvolution", 0);
    }
  }

  /** Adds what came after settings were nested. */
  private static void addLaterSettings(ObjectNode trainer) {
    if (!trainer.has("noise")) {
      ObjectNode noise = trainer.putObject("noise");
      noise.putObject("times").put("type", "uniform");
      noise.putObject("weight").put("type", "bound");
      noise.put("complementaryPairs", false);
    }
    if (trainer.get("noise") instanceof ObjectNode noise && !noise.has("maskCounts")) {
      noise.put("maskCounts", false);
    }
    move(trainer, "checkpointEvery", new Place("checkpoints", "every"));
    if (trainer.get("checkpoints") instanceof ObjectNode checkpoints
        && !checkpoints.has("minutes")) {
      checkpoints.put("minutes", 0.0).put("keep", 1);
    }
    if (!trainer.has("rowChoice")) {
      trainer.put("rowChoice", RowChoice.INDEPENDENT.name());
    }
    if (trainer.get("optimizer") instanceof ObjectNode optimizer) {
      addLaterOptimizerSettings(optimizer);
    }
  }

  private static void addLaterOptimizerSettings(ObjectNode optimizer) {
    if (!optimizer.has("rateShape")) {
      optimizer.put("rateShape", RateShape.COSINE.name());
    }
    if (!optimizer.has("cooldownShare")) {
      optimizer.put("cooldownShare", OptimizerConfig.DEFAULT_COOLDOWN_SHARE);
    }
    if (!optimizer.has("mostSkips")) {
      optimizer.put("mostSkips", 0);
    }
    if (!optimizer.has("muon")) {
      MuonConfig off = MuonConfig.off();
      optimizer
          .putObject("muon")
          .put("learningRate", off.learningRate())
          .put("momentum", off.momentum())
          .put("iterations", off.iterations());
    }
  }

  private static void upgradeNetwork(ObjectNode network) {
    boolean image = network.has("scaleShift");
    if (!image && !network.has("causal")) {
      network.put("causal", false);
    }
    if (!network.has("classes")) {
      network.put("classes", 0);
    }
    choose(network, "outsideEmbedding", "embedding", TokenEmbedding.OUTSIDE, TokenEmbedding.INSIDE);
    choose(
        network,
        "depthScaledInitialiser",
        "initialiser",
        FeedForwardInitialiser.DEPTH_SCALED,
        FeedForwardInitialiser.FAN_IN);
    choose(network, "causal", "attention", Attention.CAUSAL, Attention.BIDIRECTIONAL);
    choose(
        network,
        "scaleShift",
        "blockConditioning",
        BlockConditioning.SCALE_SHIFT,
        BlockConditioning.BIAS);
    choose(network, "timeConditioned", "time", TimeConditioning.TIME, TimeConditioning.NONE);
    move(network, "time", new Place("conditioning", "time"));
    move(network, "classes", new Place("conditioning", "classes"));
  }

  private static void upgradeTrainer(ObjectNode trainer) {
    if (!trainer.has("labelDropout")) {
      trainer.put("labelDropout", 0.0);
    }
    if (!trainer.hasNonNull("schedule")) {
      trainer
          .putObject("schedule")
          .put("learningRateMultiplier", 1.0)
          .put("weightDecay", false)
          .put("frozen", false);
    }
    TRAINER.forEach((name, place) -> move(trainer, name, place));
  }

  /** Says by an enum's constant what a flag said, where there is one. */
  private static <E extends Enum<E>> void choose(
      ObjectNode network, String flag, String name, E set, E unset) {
    if (network.path(flag).isBoolean()) {
      network.put(name, (network.remove(flag).booleanValue() ? set : unset).name());
    }
  }

  private static void move(ObjectNode from, String name, Place to) {
    JsonNode value = from.remove(name);
    if (value != null) {
      from.withObjectProperty(to.part()).set(to.name(), value);
    }
  }
}
