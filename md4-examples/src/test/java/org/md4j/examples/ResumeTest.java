package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.examples.support.ModelName;
import org.md4j.examples.support.RunFolder;
import org.md4j.examples.support.Terminal;
import org.md4j.examples.support.TextRunConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

class ResumeTest {
  private static final int STEPS = 6;
  private static final int CHECKPOINT = 3;
  private static final String CLOCKED = ",?\"(seconds|tokens_per_second)\":[^,}]*";

  @TempDir private Path folder;

  @Test
  void stoppedRunGoesOnAsTheUnbrokenOneToTheBit() throws IOException {
    Path unbroken = folder.resolve("unbroken");
    Path stopped = folder.resolve("stopped");
    TextRunConfig config =
        new TextRunConfig(
            "test",
            ModelName.MD4,
            null,
            TransformerConfig.of(27, 16, 2, 1, 8).withDropout(0.1),
            TrainerConfig.of(STEPS, 8, 1e-2, 2, 0.9)
                .withEvaluateEvery(2)
                .withEvaluationRows(32)
                .withCheckpointEvery(CHECKPOINT)
                .withReplicas(2));

    new TextTraining(
            config, new RunFolder(unbroken), silent(), List.of(copyAtFirstCheckpoint(stopped)))
        .run(List.of(), null);
    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + stopped, "--json");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(stopped.resolve("checkpoint.md4"))
        .hasSameBinaryContentAs(unbroken.resolve("checkpoint.md4"));
    assertThat(stopped.resolve("samples.txt"))
        .hasSameTextualContentAs(unbroken.resolve("samples.txt"));
    assertThat(unclockedMetrics(stopped)).isEqualTo(unclockedMetrics(unbroken));
    assertThat(stopped.resolve("command.txt")).content().contains("--resume=");
  }

  private static TrainingListener copyAtFirstCheckpoint(Path target) {
    return new TrainingListener() {
      @Override
      public void onCheckpoint(Path checkpoint) {
        if (!Files.exists(target)) {
          copy(checkpoint.resolveSibling(""), target);
        }
      }
    };
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectory(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> unclockedMetrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceAll(CLOCKED, ""))
        .toList();
  }

  private static Terminal silent() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return Terminal.plain(nowhere, nowhere);
  }
}
