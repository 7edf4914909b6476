package org.md4j.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Two networks as PyTorch computes them, in double, with their gradients: torch_unet.json, written
 * by benchmarks/peers/torch_unet.py, whose README lists its names.
 */
final class TorchNetworks {
  static final int VALUES = 3;

  private final JsonNode network;
  private final String kind;

  /**
   * One of the networks.
   *
   * @param kind which arrays of it: "parameters" or "gradients"
   */
  TorchNetworks(String name, String kind) {
    this.network = load().get(name);
    this.kind = kind;
  }

  static UNetConfig additive() {
    return UNetConfig.builder(4, 6, 1)
        .vocabularySize(VALUES)
        .embeddingWidth(4)
        .channels(4)
        .channelMultipliers(List.of(1, 2))
        .blocksPerLevel(1)
        .middle(new Middle.Attention(1))
        .groups(2)
        .build();
  }

  static UNetConfig scaleShift() {
    Middle middle = Middle.Transformer.builder().layers(2).width(8).heads(2).patch(2).build();
    return UNetConfig.builder(4, 4, 3)
        .vocabularySize(VALUES)
        .embeddingWidth(6)
        .channels(4)
        .blocksPerLevel(1)
        .middle(middle)
        .blockConditioning(BlockConditioning.SCALE_SHIFT)
        .groups(2)
        .conditioning(told -> told.classes(2))
        .build();
  }

  private static JsonNode load() {
    try (InputStream in =
        Objects.requireNonNull(TorchNetworks.class.getResourceAsStream("torch_unet.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  INDArray array(String name) {
    JsonNode entry = network.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("name (" + name + ") must be in torch_unet.json");
    }
    double[] values =
        StreamSupport.stream(entry.get("values").spliterator(), false)
            .mapToDouble(JsonNode::doubleValue)
            .toArray();
    long[] shape =
        StreamSupport.stream(entry.get("shape").spliterator(), false)
            .mapToLong(JsonNode::longValue)
            .toArray();
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  private INDArray of(String name) {
    return array(kind + "/" + name);
  }

  private boolean has(String name) {
    return network.has(kind + "/" + name);
  }

  /** What our network calls its parameters, "layer.name", with PyTorch's values. */
  Map<String, INDArray> byOurNames(UNetConfig config) {
    Map<String, INDArray> ours = new LinkedHashMap<>();
    ours.put("embedding.embedding", of("embedding"));
    ours.put("embedding.weight", of("input.kernel"));
    ours.put("embedding.bias", of("input.bias"));
    conditioning(ours, config);
    int levels = config.channelMultipliers().size();
    int down = 0;
    for (int level = 0; level < levels; level++) {
      for (int block = 0; block < config.blocksPerLevel(); block++) {
        block(ours, "down" + level + "_" + block, "down." + down++, 0);
      }
    }
    if (config.middle() instanceof Middle.Transformer transformer) {
      transformer(ours, transformer.layers());
    } else {
      block(ours, "middle0", "middle1", 0);
      attention(ours);
      block(ours, "middle1", "middle2", 0);
    }
    up(ours, config);
    normalization(ours, "logits.norm", "norm");
    ours.put("logits.logitWeight", of("head.kernel"));
    ours.put("logits.logitBias", of("head.bias"));
    return ours;
  }

  private void conditioning(Map<String, INDArray> ours, UNetConfig config) {
    INDArray hidden = of("cond1.kernel");
    int width = config.embeddingWidth();
    ours.put("conditioning.hiddenWeight", hidden.get(NDArrayIndex.interval(0, width)));
    if (config.classes() > 0) {
      ours.put(
          "conditioning.hiddenClassWeight", hidden.get(NDArrayIndex.interval(width, 2L * width)));
      // The null label's row is ours alone and was never used.
      ours.put(
          "classes.embedding",
          Nd4j.concat(0, of("classes"), Nd4j.zeros(hidden.dataType(), 1, width)));
    }
    ours.put("conditioning.hiddenBias", of("cond1.bias"));
    ours.put("conditioning.outputWeight", of("cond2.kernel"));
    ours.put("conditioning.outputBias", of("cond2.bias"));
  }

  private void up(Map<String, INDArray> ours, UNetConfig config) {
    int levels = config.channelMultipliers().size();
    int number = 0;
    int channels = config.channelsAt(levels - 1);
    for (int level = levels - 1; level >= 0; level--) {
      for (int block = 0; block <= config.blocksPerLevel(); block++) {
        block(ours, "up" + level + "_" + block, "up." + number++, channels);
        channels = config.channelsAt(level);
      }
    }
  }

  /**
   * A residual block.
   *
   * @param firstChannels channels of its first image if it has two, else 0
   */
  private void block(Map<String, INDArray> ours, String name, String theirs, int firstChannels) {
    normalization(ours, name + ".first", theirs + ".norm1");
    normalization(ours, name + ".second", theirs + ".norm2");
    kernel(ours, name + ".firstWeight", of(theirs + ".conv1.kernel"), 2, firstChannels);
    ours.put(name + ".firstConvolutionBias", of(theirs + ".conv1.bias"));
    ours.put(name + ".secondWeight", of(theirs + ".conv2.kernel"));
    ours.put(name + ".secondConvolutionBias", of(theirs + ".conv2.bias"));
    if (has(theirs + ".condition.kernel")) {
      ours.put(name + ".conditioningWeight", of(theirs + ".condition.kernel"));
    }
    if (has(theirs + ".skip.kernel")) {
      INDArray skip = of(theirs + ".skip.kernel");
      kernel(
          ours,
          name + ".projectionWeight",
          skip.reshape('c', skip.size(2), skip.size(3)),
          0,
          firstChannels);
      ours.put(name + ".projectionBias", of(theirs + ".skip.bias"));
    }
  }

  /** A kernel whose input channels, an axis of it, are those of one image or of two. */
  private static void kernel(
      Map<String, INDArray> ours, String name, INDArray all, int axis, int firstChannels) {
    long channels = all.size(axis);
    if (firstChannels == 0) {
      ours.put(name + "0", all);
      return;
    }
    ours.put(name + "0", slice(all, axis, 0, firstChannels));
    ours.put(name + "1", slice(all, axis, firstChannels, channels));
  }

  private static INDArray slice(INDArray all, int axis, long from, long to) {
    return axis == 0
        ? all.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
        : all.get(
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(from, to),
            NDArrayIndex.all());
  }

  private void normalization(Map<String, INDArray> ours, String name, String theirs) {
    if (has(theirs + ".scale")) {
      ours.put(name + "Gain", of(theirs + ".scale"));
      ours.put(name + "Bias", of(theirs + ".bias"));
    } else {
      ours.put(name + "ModulationWeight", of(theirs + ".modulation.kernel"));
      ours.put(name + "ModulationBias", of(theirs + ".modulation.bias"));
    }
  }

  private void queryKeyValue(Map<String, INDArray> ours, String name, String theirs) {
    ours.put(
        name + ".queryKeyValueWeight",
        Nd4j.concat(
            1,
            of(theirs + ".query.kernel"),
            of(theirs + ".key.kernel"),
            of(theirs + ".value.kernel")));
    ours.put(
        name + ".queryKeyValueBias",
        Nd4j.concat(
            0, of(theirs + ".query.bias"), of(theirs + ".key.bias"), of(theirs + ".value.bias")));
    ours.put(name + ".outputWeight", of(theirs + ".output.kernel"));
  }

  private void attention(Map<String, INDArray> ours) {
    normalization(ours, "attention.norm", "middle_attention.norm");
    queryKeyValue(ours, "attention", "middle_attention");
    ours.put("attention.outputBias", of("middle_attention.output.bias"));
  }

  private void transformer(Map<String, INDArray> ours, int layers) {
    INDArray embed = of("middle.embed.kernel");
    ours.put(
        "patches.patchWeight",
        embed.reshape('c', embed.size(0) * embed.size(1) * embed.size(2), embed.size(3)));
    ours.put("patches.patchBias", of("middle.embed.bias"));
    ours.put("patches.position", of("middle.positions"));
    for (int layer = 0; layer < layers; layer++) {
      String theirs = "middle.blocks." + layer;
      String attention = "attention" + layer;
      String feedForward = "feedForward" + layer;
      ours.put(attention + ".modulationWeight", of(theirs + ".attention_modulation.kernel"));
      ours.put(attention + ".modulationBias", of(theirs + ".attention_modulation.bias"));
      queryKeyValue(ours, attention, theirs);
      ours.put(feedForward + ".modulationWeight", of(theirs + ".feedforward_modulation.kernel"));
      ours.put(feedForward + ".modulationBias", of(theirs + ".feedforward_modulation.bias"));
      ours.put(feedForward + ".hiddenWeight", of(theirs + ".up.kernel"));
      ours.put(feedForward + ".hiddenBias", of(theirs + ".up.bias"));
      ours.put(feedForward + ".outputWeight", of(theirs + ".down.kernel"));
      ours.put(feedForward + ".outputBias", of(theirs + ".down.bias"));
    }
    ours.put("pixels.modulationWeight", of("middle.modulation.kernel"));
    ours.put("pixels.modulationBias", of("middle.modulation.bias"));
    ours.put("pixels.pixelWeight", of("middle.project.kernel"));
    ours.put("pixels.pixelBias", of("middle.project.bias"));
  }
}
