package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.CommandRun;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.train.TextTraining;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;

@Tag("slow")
class ResumeTest {
  private static final int STEPS = 6;
  private static final int CHECKPOINT = 3;

  @TempDir private Path folder;

  @Test
  void stoppedRunGoesOnAsTheUnbrokenOneToTheBit() throws IOException {
    Path unbroken = folder.resolve("unbroken");
    Path stopped = folder.resolve("stopped");
    TextRunConfig config =
        new TextRunConfig(
            "test",
            Model.MD4,
            null,
            TransformerConfig.builder(27, 16).layers(2).heads(1).headSize(8).dropout(0.1).build(),
            TrainerConfig.builder(STEPS, 8, 1e-2)
                .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.9))
                .evaluation(evaluation -> evaluation.every(2).rows(32))
                .checkpoints(checkpoints -> checkpoints.every(CHECKPOINT))
                .replicas(2)
                .build());

    new TextTraining(
            config,
            RunTokenizer.OF_SYMBOLS,
            new RunFolder(unbroken),
            StoppedRun.silent(),
            Precision.F32,
            List.of(StoppedRun.copyAtFirstCheckpoint(stopped)))
        .run(List.of(), null);
    CommandRun resumed =
        CommandRun.of("train", "text", "--resume=" + stopped, "--precision=f32", "--json");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(stopped.resolve("checkpoint.md4"))
        .hasSameBinaryContentAs(unbroken.resolve("checkpoint.md4"));
    assertThat(stopped.resolve("samples.txt"))
        .hasSameTextualContentAs(unbroken.resolve("samples.txt"));
    assertThat(StoppedRun.unclockedMetrics(stopped))
        .isEqualTo(StoppedRun.unclockedMetrics(unbroken));
    assertThat(stopped.resolve("command.txt")).content().contains("--resume=");
  }
}
