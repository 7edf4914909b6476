package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.CommandRun;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.train.Checkpoint;
import org.md4j.train.KeptCheckpoints;

/** A run that is finished, and what a user may ask of it. */
@Tag("slow")
class GoOnTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void train() {
    run = folder.resolve("run");
    CommandRun trained =
        CommandRun.of(
            "train",
            "text",
            "--out=" + run,
            "--steps=4",
            "--batch=4",
            "--learning-rate=0.1",
            "--ema=0",
            "--eval-rows=8",
            "--eval-every=0",
            "--checkpoint-every=3",
            "--keep=2");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  @Test
  void moreStepsAreTakenAndWrittenDown() throws IOException {
    CommandRun longer = resume("--steps=8", "--keep=1");

    assertThat(longer.exitCode()).as(longer.err()).isZero();
    assertThat(longer.err())
        .contains("going on from step 4 to 8: the learning rate is shaped to them")
        .contains(" in place of 0.00e+00, and ends at 0.00e+00");
    RunFolder after = new RunFolder(run);
    assertThat(Checkpoint.read(after.checkpoint()).step()).isEqualTo(8);
    TextRunConfig config = after.readConfig(TextRunConfig.class);
    assertThat(config.trainer().steps()).isEqualTo(8);
    assertThat(config.trainer().checkpoints().keep()).isEqualTo(1);
    assertThat(new KeptCheckpoints(after.checkpoint()).byStep()).isEmpty();
    assertThat(after.command()).content().contains("--steps=8");
  }

  @Test
  void fewerStepsThanAreDoneAreRefused() throws IOException {
    String before = Files.readString(new RunFolder(run).config());

    CommandRun shorter = resume("--steps=3");

    assertThat(shorter.exitCode()).isEqualTo(2);
    assertThat(shorter.err())
        .isEqualToIgnoringNewLines(
            "md4 train text: --steps (3) must be at least those the run has done, 4");
    assertThat(new RunFolder(run).config()).hasContent(before);
  }

  @Test
  void aFinishedRunSaysWhatWouldContinueIt() {
    CommandRun again = resume();

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("the run is finished, all 4 steps are done; to go on: ./md4 train text --resume")
        .contains(" --steps 8");
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeItUsed() throws IOException {
    KeptCheckpoints kept = new KeptCheckpoints(new RunFolder(run).checkpoint());
    byte[] whole = Files.readAllBytes(kept.latest());
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(kept.latest(), damaged);

    CommandRun resumed = resume();

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.errLines().get(0))
        .startsWith("checkpoint (%s) cannot be used".formatted(kept.latest()))
        .endsWith("; the one before it is used");
    assertThat(kept.latest()).hasBinaryContent(whole);
  }

  @Test
  void aCheckpointOfTheRunIsMeasuredAsTheRunIs() {
    KeptCheckpoints kept = new KeptCheckpoints(new RunFolder(run).checkpoint());

    CommandRun named = sample(kept.ofStep(4));

    assertThat(named.exitCode()).as(named.err()).isZero();
    assertThat(named.out()).isEqualTo(sample(run).out()).isNotEqualTo(sample(kept.ofStep(3)).out());
    assertThat(sample(kept.best()).out()).isEqualTo(named.out());
  }

  @Test
  void aMetricsFileThatCannotBeWrittenIsNamedWithWhatIsLost() throws IOException {
    Path metrics = new RunFolder(run).metrics();
    Files.delete(metrics);
    Files.createDirectories(metrics.resolve("in the way"));

    CommandRun resumed = resume("--steps=8");

    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.errLines().get(resumed.errLines().size() - 1))
        .startsWith("md4 train text: metrics file (" + metrics + ") cannot be written: ")
        .contains("; nothing is lost, go on with: ./md4 train text --resume " + run);
  }

  @Test
  void damagedMetricsAreMended() throws IOException {
    Path metrics = new RunFolder(run).metrics();
    List<String> whole = StoppedRun.unclockedMetrics(run);
    Files.write(
        metrics, new byte[] {'{', (byte) 0xFF, 0, '\n', '4', '2', '\n'}, StandardOpenOption.APPEND);

    CommandRun resumed = resume("--steps=5");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(StoppedRun.unclockedMetrics(run))
        .startsWith(whole.toArray(String[]::new))
        .hasSizeGreaterThan(whole.size());
  }

  @Test
  void anotherFolderIsToldFromARun() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));

    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + other);

    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.err())
        .contains("must be that of a run, with its settings in config.json, got another folder");
  }

  private static CommandRun sample(Path run) {
    return CommandRun.of("sample", run.toString(), "--count=1", "--length=16", "--seed=1");
  }

  private CommandRun resume(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "train";
    arguments[1] = "text";
    arguments[2] = "--resume=" + run;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(arguments);
  }
}
