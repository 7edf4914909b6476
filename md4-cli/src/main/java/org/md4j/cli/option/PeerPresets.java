package org.md4j.cli.option;

import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.ImagePreset;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;

/**
 * The networks and batches of the programs that ours is compared with, which stay as they are when
 * the presets that people train get better (benchmarks/peers).
 */
public final class PeerPresets {
  /**
   * The settings at which learning is compared with PyTorch: those of the peer's script, to the
   * letter (docs/results.md).
   */
  public static final TextPreset LEARNING =
      new TextPreset(
          "peer",
          TransformerConfig.builder(27, 64).layers(4).heads(2).build(),
          TrainerConfig.builder(5_000, 32, 2e-3)
              .optimizer(adamW -> adamW.warmupSteps(200).emaRate(0.995))
              .evaluation(evaluation -> evaluation.every(1_000).rows(3_000))
              .build());

  /** The texts whose step is timed beside PyTorch's and DJL's. */
  public static final TextPreset TEXT =
      new TextPreset(
          "peer-text",
          TransformerConfig.builder(27, 256).layers(4).heads(4).build(),
          TrainerConfig.builder(1_000, 16, 2e-3).build());

  /** The words of GPT-2 whose step is timed beside PyTorch's and DJL's. */
  public static final TextPreset WORDS =
      new TextPreset(
          "peer-words",
          TransformerConfig.builder(50_257, 128).layers(4).heads(4).build(),
          TrainerConfig.builder(1_000, 8, 2e-3).build());

  /** Grey pictures of 28x28. */
  public static final ImagePreset IMAGES28 =
      new ImagePreset(
          "peer-images28",
          UNetConfig.builder(28, 28, 1)
              .embeddingWidth(32)
              .channels(32)
              .blocksPerLevel(1)
              .middle(Middle.Transformer.builder().layers(4).width(192).heads(3).patch(4).build())
              .blockConditioning(BlockConditioning.SCALE_SHIFT)
              .groups(8)
              .build(),
          TrainerConfig.builder(1_000, 32, 3e-3).build());

  /** Pictures of 64x64 in colour. */
  public static final ImagePreset IMAGES64 =
      new ImagePreset(
          "peer-images64",
          UNetConfig.builder(64, 64, 3)
              .embeddingWidth(64)
              .channels(64)
              .blocksPerLevel(1)
              .middle(Middle.Transformer.builder().layers(4).width(256).heads(4).patch(4).build())
              .blockConditioning(BlockConditioning.SCALE_SHIFT)
              .groups(8)
              .build(),
          TrainerConfig.builder(1_000, 8, 2e-3).build());

  private PeerPresets() {}
}
