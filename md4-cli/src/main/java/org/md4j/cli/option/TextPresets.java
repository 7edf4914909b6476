package org.md4j.cli.option;

import java.util.List;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;

/** The presets that {@code --preset} chooses from for text: the library's, and the peer's. */
public final class TextPresets {
  /**
   * The settings at which learning is compared with PyTorch: those of the peer's script, to the
   * letter (docs/results.md).
   */
  public static final TextPreset PEER =
      new TextPreset(
          "peer",
          TransformerConfig.builder(27, 64).layers(4).heads(2).build(),
          TrainerConfig.builder(5_000, 32, 2e-3)
              .optimizer(adamW -> adamW.warmupSteps(200).emaRate(0.995))
              .evaluation(evaluation -> evaluation.every(1_000).rows(3_000))
              .checkpointEvery(1_000)
              .build());

  /** Every preset, smallest first. */
  public static final List<TextPreset> ALL =
      List.of(TextPreset.TINY, PEER, TextPreset.MINI, TextPreset.TEXT8);

  private TextPresets() {}
}
