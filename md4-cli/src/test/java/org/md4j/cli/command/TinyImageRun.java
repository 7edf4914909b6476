package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.train.ImageTraining;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.objective.MaskSamples;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

/** Image runs of a network of 8 channels: quick to make, and good for little. */
final class TinyImageRun {
  private TinyImageRun() {}

  /** The settings of a run on {@link TinyPictures}, told their classes if it has some. */
  static ImageRunConfig config(
      Model model,
      Path data,
      @Nullable Path valid,
      List<String> classNames,
      TrainerConfig trainer) {
    return new ImageRunConfig(
        "test",
        model,
        model == Model.GENMD4 ? MaskSamples.SINGLE : null,
        data.toString(),
        valid == null ? null : valid.toString(),
        false,
        classNames,
        UNetConfig.builder(TinyPictures.SIDE, TinyPictures.SIDE, 3)
            .embeddingWidth(8)
            .channels(8)
            .channelMultipliers(List.of(1, 2))
            .blocksPerLevel(1)
            .middle(new Middle.Attention(1))
            .groups(4)
            .conditioning(told -> told.classes(classNames.size()))
            .dropout(0.1)
            .build(),
        trainer);
  }

  /** Makes the run. */
  static Path in(Path folder, ImageRunConfig config, TrainingListener... listeners)
      throws IOException {
    try (ImageSets sets = ImageSets.of(config)) {
      new ImageTraining(
              config, new RunFolder(folder), StoppedRun.silent(), Precision.F32, List.of(listeners))
          .run(List.of(), null, sets);
    }
    return folder;
  }
}
