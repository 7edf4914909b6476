package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.examples.support.ImageRunConfig;
import org.md4j.examples.support.ImageSets;
import org.md4j.examples.support.ModelName;
import org.md4j.examples.support.RunFolder;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.objective.MaskSamples;
import org.md4j.train.TrainerConfig;

class ImageResumeTest {
  private static final int STEPS = 4;
  private static final int CHECKPOINT = 2;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = ModelName.class,
      names = {"MD4", "GENMD4"})
  void stoppedRunGoesOnAsTheUnbrokenOneToTheBit(ModelName model) throws IOException {
    Path unbroken = folder.resolve("unbroken");
    Path stopped = folder.resolve("stopped");
    String data = TinyPictures.in(folder.resolve("data"), 40).toString();
    ImageRunConfig config =
        new ImageRunConfig(
            "test",
            model,
            model == ModelName.GENMD4 ? MaskSamples.SINGLE : null,
            data,
            null,
            false,
            List.of("dark", "light"),
            new UNetConfig(
                256,
                TinyPictures.SIDE,
                TinyPictures.SIDE,
                3,
                8,
                8,
                List.of(1, 2),
                1,
                new Middle.Attention(1),
                false,
                4,
                true,
                0.1,
                2),
            TrainerConfig.of(STEPS, 4, 1e-2, 2, 0.9)
                .withLabelDropout(0.25)
                .withEvaluateEvery(2)
                .withEvaluationRows(2)
                .withCheckpointEvery(CHECKPOINT)
                .withReplicas(2));

    try (ImageSets sets = ImageSets.of(config)) {
      new ImageTraining(
              config,
              new RunFolder(unbroken),
              StoppedRun.silent(),
              List.of(StoppedRun.copyAtFirstCheckpoint(stopped)))
          .run(List.of(), null, sets);
    }
    CommandRun resumed = CommandRun.of("train", "image", "--resume=" + stopped, "--json");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    for (String file : List.of("checkpoint.md4", "samples.png", "denoising.png")) {
      assertThat(stopped.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));
    }
    assertThat(StoppedRun.unclockedMetrics(stopped))
        .isEqualTo(StoppedRun.unclockedMetrics(unbroken));
  }
}
