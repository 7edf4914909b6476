package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.CommandProcess;
import org.md4j.cli.CommandRun;
import org.md4j.train.Checkpoint;

/** Runs in processes of their own that are told to end. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class SignalTest {
  private static final String STEPS = "100";
  private static final int STOPPED = 130;
  private static final int BEGUN_STEPS = 5;

  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void nameTheRun() {
    run = folder.resolve("run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalLosesNothing(String signal) throws IOException, InterruptedException {
    try (CommandProcess training = train(run, "--steps", STEPS)) {
      training.await(() -> steps() >= BEGUN_STEPS);
      training.signal(signal);

      assertThat(training.exitCode()).as(training.printed()).isEqualTo(STOPPED);
      assertThat(training.printed())
          .contains("stopping after this step, with a checkpoint")
          .contains("go on with: ./md4 train text --resume " + run + " --precision f32");
    }
    int done = Checkpoint.read(run.resolve("checkpoint.md4")).step();
    assertThat(done).isEqualTo(steps()).isGreaterThanOrEqualTo(BEGUN_STEPS);
    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + run, "--precision=f32");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Path unbroken = folder.resolve("unbroken");
    try (CommandProcess training = train(unbroken, "--steps", STEPS)) {
      assertThat(training.exitCode()).as(training.printed()).isZero();
    }

    assertThat(run.resolve("checkpoint.md4"))
        .hasSameBinaryContentAs(unbroken.resolve("checkpoint.md4"));
  }

  @Test
  void aRunInTrainingIsNotTrainedTwice() throws IOException, InterruptedException {
    try (CommandProcess training = train(run, "--steps", "100000", "--checkpoint-every", "2")) {
      training.await(() -> Files.exists(run.resolve("checkpoint.md4")));

      CommandRun second = CommandRun.of("train", "text", "--resume=" + run);

      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.errLines().get(second.errLines().size() - 1))
          .startsWith("md4 train text: run folder (%s) must not be in training".formatted(run))
          .contains("got process " + training.process().pid() + " on ")
          .endsWith("wait for it or end it");
      CommandRun sample = CommandRun.of("sample", run.toString(), "--count=1", "--length=8");
      assertThat(sample.exitCode()).as(sample.err()).isZero();
      training.signal("KILL");
      training.process().waitFor();
    }

    CommandRun resumed =
        CommandRun.of(
            "train",
            "text",
            "--resume=" + run,
            "--steps=" + (Checkpoint.read(run.resolve("checkpoint.md4")).step() + 1));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
  }

  @Test
  void aRunKilledBeforeItsFirstCheckpointBeginsAnew() throws IOException, InterruptedException {
    try (CommandProcess training = train(run, "--steps", "100000")) {
      training.await(() -> Files.exists(run.resolve("config.json")));
      training.signal("KILL");
      training.process().waitFor();
    }
    CommandRun sample = CommandRun.of("sample", run.toString());
    assertThat(sample.exitCode()).isEqualTo(2);
    assertThat(sample.err()).contains("has none yet: train it with --resume " + run);

    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + run, "--steps=4");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(Checkpoint.read(run.resolve("checkpoint.md4")).step()).isEqualTo(4);
  }

  private CommandProcess train(Path out, String... more) throws IOException {
    String[] arguments = {
      "train",
      "text",
      "--out",
      out.toString(),
      "--batch=4",
      "--eval-rows=8",
      "--eval-every=0",
      "--precision=f32"
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandProcess.md4(folder.resolve(out.getFileName() + ".log"), all);
  }

  private int steps() {
    Path metrics = run.resolve("metrics.jsonl");
    try {
      return Files.exists(metrics)
          ? (int) Files.readString(metrics).lines().filter(l -> l.contains("\"step\",")).count()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
