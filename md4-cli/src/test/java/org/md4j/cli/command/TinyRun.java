package org.md4j.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TextTraining;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;

/**
 * The folder of a run of a few steps on 16 characters: quick to make, and knows hardly anything.
 */
final class TinyRun {
  static final int LENGTH = 16;

  private static final int STEPS = 40;

  private TinyRun() {}

  /**
   * Makes the run.
   *
   * @param data its text, or null for the one that comes with md4
   */
  static Path in(Path folder, @Nullable Path data) throws IOException {
    TextRunConfig config =
        new TextRunConfig(
            "test",
            Model.MD4,
            data == null ? null : data.toString(),
            TransformerConfig.builder(27, LENGTH).layers(1).heads(1).headSize(8).build(),
            TrainerConfig.builder(STEPS, 8, 0.02)
                .optimizer(adamW -> adamW.warmupSteps(1).emaRate(0.5))
                .evaluation(evaluation -> evaluation.rows(32))
                .replicas(1)
                .build());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    new TextTraining(config, new RunFolder(folder), Terminal.plain(nowhere, nowhere), Precision.F32)
        .run(List.of(), null);
    return folder;
  }
}
