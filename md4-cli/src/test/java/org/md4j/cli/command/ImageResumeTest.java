package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.diffusion.Model;
import org.md4j.train.TrainerConfig;

@Tag("slow")
class ImageResumeTest {
  private static final int STEPS = 4;
  private static final int CHECKPOINT = 2;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"MD4", "GENMD4"})
  void stoppedRunGoesOnAsTheUnbrokenOneToTheBit(Model model) throws IOException {
    Path unbroken = folder.resolve("unbroken");
    Path stopped = folder.resolve("stopped");
    Path data = TinyPictures.in(folder.resolve("data"), 40);
    ImageRunConfig config =
        TinyImageRun.config(
            model,
            data,
            null,
            List.of("dark", "light"),
            TrainerConfig.builder(STEPS, 4, 1e-2)
                .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.9))
                .labelDropout(0.25)
                .evaluation(evaluation -> evaluation.every(2).rows(2))
                .checkpoints(checkpoints -> checkpoints.every(CHECKPOINT))
                .replicas(2)
                .build());

    TinyImageRun.in(unbroken, config, StoppedRun.copyAtFirstCheckpoint(stopped));
    CommandRun resumed =
        CommandRun.of("train", "image", "--resume=" + stopped, "--precision=f32", "--json");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    for (String file : List.of("checkpoint.md4", "samples.png", "denoising.png")) {
      assertThat(stopped.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));
    }
    assertThat(StoppedRun.unclockedMetrics(stopped))
        .isEqualTo(StoppedRun.unclockedMetrics(unbroken));
  }
}
