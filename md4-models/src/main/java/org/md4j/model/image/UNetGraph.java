package org.md4j.model.image;

import java.util.ArrayDeque;
import java.util.Deque;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.jspecify.annotations.Nullable;
import org.md4j.model.DenoiserGraph;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.image.DownsamplingLayer;
import org.md4j.model.layer.image.PatchAttentionLayer;
import org.md4j.model.layer.image.PatchEmbeddingLayer;
import org.md4j.model.layer.image.PatchFeedForwardLayer;
import org.md4j.model.layer.image.PatchProjectionLayer;
import org.md4j.model.layer.image.PixelEmbeddingLayer;
import org.md4j.model.layer.image.PixelHeadLayer;
import org.md4j.model.layer.image.ResidualBlockLayer;
import org.md4j.model.layer.image.SpatialAttentionLayer;
import org.md4j.model.layer.image.UpsamplingLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Assembles a {@link UNetConfig} as a DL4J graph.
 *
 * <pre>
 * tokens ─▶ embedding ─▶ down blocks ─▶ (halve) ─▶ ... ─▶ middle ─▶ up blocks ─▶ (double) ─▶ ... ─▶ logits
 *               └────────────┴── kept, last in, first out ──────────────┘
 * </pre>
 */
final class UNetGraph {
  private static final int FEED_FORWARD_MULTIPLE = 4;

  /** The octaves of {@link ValueEmbedding#FOURIER_FEATURES}. */
  private static final int OCTAVES = 6;

  /** The cosines of {@link LogitHead#SMOOTH}, of so many values or more. */
  private static final int COSINES = 32;

  /** The reach of {@link LogitHead#PREDICTIVE}, in rows and columns. */
  private static final int REACH = 2;

  private final UNetConfig config;
  private final DenoiserGraph graph;
  private final int conditioningWidth;
  private final boolean scaleShift;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private String previous = "embedding";
  private int height;
  private int width;
  private int channels;

  /** A result of the way down that is handed across to the way up. */
  private record Kept(String name, int channels) {}

  private UNetGraph(UNetConfig config, DataType type) {
    this.config = config;
    this.graph =
        new DenoiserGraph(
            type, config.conditioning().tellsTime(), config.classes(), config.embeddingWidth());
    this.conditioningWidth = graph.conditioningWidth();
    this.scaleShift = config.blockConditioning() == BlockConditioning.SCALE_SHIFT;
    this.height = config.height();
    this.width = config.width();
    this.channels = config.channels();
  }

  static ComputationGraphConfiguration configuration(UNetConfig config, DataType type) {
    return new UNetGraph(config, type).assemble();
  }

  private ComputationGraphConfiguration assemble() {
    graph.add(
        previous,
        new PixelEmbeddingLayer(
            config.vocabularySize() + 1,
            config.embeddingWidth(),
            height,
            width,
            config.colours(),
            channels,
            config.valueEmbedding() == ValueEmbedding.FOURIER_FEATURES ? OCTAVES : 0),
        DenoiserGraph.TOKENS);
    keep();
    int levels = config.channelMultipliers().size();
    for (int level = 0; level < levels; level++) {
      for (int block = 0; block < config.blocksPerLevel(); block++) {
        addBlock("down" + level + "_" + block, config.channelsAt(level), null);
        keep();
      }
      if (level < levels - 1) {
        halve(level);
        keep();
      }
    }
    addMiddle();
    for (int level = levels - 1; level >= 0; level--) {
      for (int block = 0; block <= config.blocksPerLevel(); block++) {
        addBlock("up" + level + "_" + block, config.channelsAt(level), kept.pop());
      }
      if (level > 0) {
        redouble(level);
      }
    }
    addHead();
    return graph.build();
  }

  private void keep() {
    kept.push(new Kept(previous, channels));
  }

  private void addBlock(String name, int newChannels, @Nullable Kept skip) {
    ResidualBlockLayer block =
        new ResidualBlockLayer(
            height,
            width,
            channels,
            skip == null ? 0 : skip.channels(),
            newChannels,
            config.groups(),
            conditioningWidth,
            scaleShift,
            config.dropout());
    if (skip == null) {
      addConditioned(name, block, previous);
    } else {
      addConditioned(name, block, previous, skip.name());
    }
    channels = newChannels;
  }

  private void halve(int level) {
    add("halve" + level, new DownsamplingLayer(height, width, channels), previous);
    height /= 2;
    width /= 2;
  }

  private void redouble(int level) {
    add("double" + level, new UpsamplingLayer(height, width, channels), previous);
    height *= 2;
    width *= 2;
  }

  private void addMiddle() {
    if (config.middle() instanceof Middle.Attention attention) {
      addBlock("middle0", channels, null);
      add(
          "attention",
          new SpatialAttentionLayer(channels, attention.heads(), config.groups()),
          previous);
      addBlock("middle1", channels, null);
    } else if (config.middle() instanceof Middle.Transformer transformer) {
      addTransformer(transformer);
    }
  }

  private void addTransformer(Middle.Transformer transformer) {
    int inner = transformer.width();
    add(
        "patches",
        new PatchEmbeddingLayer(height, width, channels, transformer.patch(), inner),
        previous);
    for (int layer = 0; layer < transformer.layers(); layer++) {
      addConditioned(
          "attention" + layer,
          new PatchAttentionLayer(
              transformer.heads(),
              inner / transformer.heads(),
              conditioningWidth,
              config.dropout(),
              transformer.shortConvolution()),
          previous);
      addConditioned(
          "feedForward" + layer,
          new PatchFeedForwardLayer(
              inner,
              FEED_FORWARD_MULTIPLE * inner,
              conditioningWidth,
              config.dropout(),
              transformer.shortConvolution()),
          previous);
    }
    addConditioned(
        "pixels",
        new PatchProjectionLayer(
            height, width, channels, transformer.patch(), inner, conditioningWidth),
        previous);
  }

  private void addHead() {
    boolean smooth = config.logitHead() != LogitHead.FREE;
    boolean predictive = config.logitHead() == LogitHead.PREDICTIVE;
    PixelHeadLayer head =
        new PixelHeadLayer(
            height,
            width,
            channels,
            config.colours(),
            config.vocabularySize(),
            config.groups(),
            scaleShift ? conditioningWidth : 0,
            smooth ? Math.min(COSINES, config.vocabularySize()) : 0,
            predictive ? REACH : 0);
    String[] inputs =
        predictive
            ? new String[] {DenoiserGraph.POSITIONS, previous, DenoiserGraph.TOKENS}
            : new String[] {DenoiserGraph.POSITIONS, previous};
    if (scaleShift) {
      addConditioned(GraphDenoiser.LOGITS, head, inputs);
    } else {
      add(GraphDenoiser.LOGITS, head, inputs);
    }
  }

  private void addConditioned(String name, LayerSpec layer, String... inputs) {
    previous = graph.addConditioned(name, layer, inputs);
  }

  private void add(String name, LayerSpec layer, String... inputs) {
    previous = graph.add(name, layer, inputs);
  }
}
