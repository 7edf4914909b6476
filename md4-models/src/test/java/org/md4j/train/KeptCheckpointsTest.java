package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.file.FileReplacement;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

/** Which checkpoints a run leaves behind, and which of them it goes on from. */
class KeptCheckpointsTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final int LENGTH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(1).headSize(4).build();

  /** A rate so high that evaluations get worse, too. */
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(10, 4, 3)
          .optimizer(adamW -> adamW.emaRate(0).rateShape(RateShape.WARMUP_STABLE_DECAY))
          .replicas(1)
          .evaluation(evaluation -> evaluation.every(1))
          .checkpoints(checkpoints -> checkpoints.every(1).minutes(0).keep(3))
          .build();

  @TempDir private Path folder;
  private TrainerConfig base = CONFIG;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theLatestAndTheBestAreKept(int keep) throws IOException {
    KeptCheckpoints kept = new KeptCheckpoints(folder.resolve("checkpoint.md4"));
    EvaluationReport best = train(kept, keep, 10, null);

    assertThat(best.step()).isBetween(1, 9);
    assertThat(Checkpoint.read(kept.latest()).step()).isEqualTo(10);
    assertThat(Checkpoint.read(kept.best()).step()).isEqualTo(best.step());
    assertThat(kept.byStep())
        .hasSize(keep == 1 ? 0 : keep)
        .isEqualTo(
            Stream.iterate(10, step -> step - 1)
                .limit(keep == 1 ? 0 : keep)
                .map(kept::ofStep)
                .toList());
    for (Path file : kept.byStep()) {
      assertThat(kept.ofStep(Checkpoint.read(file).step())).isEqualTo(file);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2 + (keep == 1 ? 0 : keep));
    }
  }

  @Test
  void theBestIsTheSameWhenARunWasStopped() throws IOException {
    KeptCheckpoints unbroken = new KeptCheckpoints(folder.resolve("unbroken"));
    EvaluationReport best = train(unbroken, 1, 10, null);
    KeptCheckpoints stopped = new KeptCheckpoints(folder.resolve("stopped"));
    train(stopped, 1, best.step() + 1, null);

    train(stopped, 1, 10, Checkpoint.read(stopped.latest()));

    assertThat(stopped.best()).hasSameBinaryContentAs(unbroken.best());
    assertThat(stopped.latest()).hasSameBinaryContentAs(unbroken.latest());
  }

  @Test
  void theOneBeforeADamagedOneIsRead() throws IOException {
    KeptCheckpoints kept = new KeptCheckpoints(folder.resolve("checkpoint.md4"));
    train(kept, 3, 4, null);
    List<CheckpointException> damaged = new ArrayList<>();
    damage(kept.latest());
    damage(kept.ofStep(3));

    Checkpoint read = kept.read(CheckpointTypes.standard(), damaged::add);

    assertThat(read.step()).isEqualTo(2);
    assertThat(damaged)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining(kept.latest() + ") cannot be used"));
    damage(kept.ofStep(2));
    damage(kept.best());
    assertThatThrownBy(() -> kept.read(CheckpointTypes.standard(), damaged::add))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(kept.latest() + ") cannot be used");
  }

  @Test
  void filesThatAreNotOfTheRunStayWhateverTheirNames() throws IOException {
    base =
        CONFIG.toBuilder()
            .evaluation(evaluation -> evaluation.every(0))
            .checkpoints(checkpoints -> checkpoints.every(3))
            .build();
    KeptCheckpoints kept = new KeptCheckpoints(folder.resolve("checkpoint.md4"));
    Path other = folder.resolve("other");
    train(new KeptCheckpoints(other), 1, 10, null);
    Path text = Files.writeString(kept.ofStep(1), "of the user");
    Path wrongStep = Files.copy(other, kept.ofStep(2));
    Path later = Files.writeString(kept.ofStep(1_000), "damaged, of a later step");
    Path zeros = Files.writeString(folder.resolve("checkpoint-007.md4"), "of an agent");

    train(kept, 2, 10, null);

    assertThat(kept.byStep())
        .containsExactly(later, kept.ofStep(10), kept.ofStep(9), wrongStep, text);
    assertThat(zeros).exists();
  }

  @Test
  void whatAKillLeavesBetweenTwoNamesIsWrittenAgain() throws IOException {
    base = CONFIG.toBuilder().optimizer(adamW -> adamW.learningRate(0.01)).build();
    KeptCheckpoints unbroken = new KeptCheckpoints(folder.resolve("unbroken"));
    EvaluationReport best = train(unbroken, 2, 10, null);
    assertThat(best.step()).isGreaterThan(1);
    KeptCheckpoints killed = new KeptCheckpoints(folder.resolve("killed"));
    train(killed, 2, best.step() - 1, null);
    byte[] before = Files.readAllBytes(killed.latest());
    train(killed, 2, best.step(), Checkpoint.read(killed.latest()));
    // As if killed after the best had its name and before the latest had: the last of the names.
    Files.write(killed.latest(), before);
    Files.delete(killed.ofStep(best.step()));
    Path partial = Files.writeString(FileReplacement.partial(killed.ofStep(best.step())), "half");

    train(killed, 2, 10, Checkpoint.read(killed.latest()));

    assertThat(killed.best()).hasSameBinaryContentAs(unbroken.best());
    assertThat(killed.latest()).hasSameBinaryContentAs(unbroken.latest());
    assertThat(partial).doesNotExist();
  }

  @Test
  void theLatestGetsItsNameLast() throws IOException {
    KeptCheckpoints kept = new KeptCheckpoints(folder.resolve("checkpoint.md4"));
    train(kept, 3, 4, null);
    byte[] before = Files.readAllBytes(kept.latest());
    Files.createFile(Files.createDirectory(kept.ofStep(5)).resolve("in-the-way"));

    try (Trainer trainer = trainer(CONFIG, List.of())) {
      trainer.checkpointTo(kept.latest());
      trainer.restore(Checkpoint.read(kept.latest()));
      assertThatThrownBy(trainer::train)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("checkpoint (" + kept.ofStep(5) + ") cannot be written");
    }

    assertThat(kept.latest()).hasBinaryContent(before);
  }

  @Test
  void filesOfOtherNamesAreNobodysCheckpoints() throws IOException {
    for (String name : List.of("checkpoint-x.md4", "checkpoint-12.md4x", "other-3.md4")) {
      Files.writeString(folder.resolve(name), "of the user");
    }
    KeptCheckpoints kept = new KeptCheckpoints(folder.resolve("checkpoint.md4"));

    assertThat(kept.byStep()).isEmpty();
  }

  @Test
  void aCheckpointIsDueByStepsOrByTime() {
    Path file = folder.resolve("checkpoint");
    CheckpointWriter never = writer(file, 0, 0);
    CheckpointWriter steps = writer(file, 3, 0);
    CheckpointWriter minutes = writer(file, 0, 1.5);
    CheckpointWriter both = writer(file, 3, 1.5);

    assertThat(never.isDue(3, Long.MAX_VALUE)).isFalse();
    assertThat(steps.isDue(2, Long.MAX_VALUE)).isFalse();
    assertThat(steps.isDue(6, 0)).isTrue();
    assertThat(minutes.isDue(3, 3 * MINUTE / 2 - 1)).isFalse();
    assertThat(minutes.isDue(1, 3 * MINUTE / 2)).isTrue();
    assertThat(both.isDue(3, 0)).isTrue();
    assertThat(both.isDue(2, 2 * MINUTE)).isTrue();
    assertThat(both.isDue(2, MINUTE)).isFalse();
  }

  @Test
  void timeIsCountedFromTheCheckpointBefore() {
    CheckpointWriter writer = writer(folder.resolve("checkpoint"), 0, 1);
    try (Trainer trainer = trainer(CONFIG, List.of())) {
      writer.write(trainer.checkpoint(), false, 5 * MINUTE);
    }

    assertThat(writer.isDue(1, 6 * MINUTE - 1)).isFalse();
    assertThat(writer.isDue(1, 6 * MINUTE)).isTrue();
  }

  private static CheckpointWriter writer(Path file, int every, double minutes) {
    return new CheckpointWriter(
        file, CheckpointTypes.standard(), new CheckpointConfig(every, minutes, 1), 0);
  }

  /** Overwrites some of what all names of a file lead to. */
  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 8, (byte) 0x5A);
    Files.write(file, bytes);
  }

  private EvaluationReport train(KeptCheckpoints kept, int keep, int until, Checkpoint from) {
    List<EvaluationReport> reports = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onEvaluation(EvaluationReport evaluation) {
            reports.add(evaluation);
          }

          @Override
          public void onCheckpoint(Path file) {
            if (until < CONFIG.steps() && reports.get(reports.size() - 1).step() == until) {
              throw new IllegalStateException("stopped");
            }
          }
        };
    TrainerConfig config =
        base.toBuilder().checkpoints(checkpoints -> checkpoints.keep(keep)).build();
    try (Trainer trainer = trainer(config, List.of(listener))) {
      trainer.checkpointTo(kept.latest());
      if (from != null) {
        trainer.restore(from);
      }
      if (until < CONFIG.steps()) {
        assertThatThrownBy(trainer::train).hasMessage("stopped");
      } else {
        trainer.train();
      }
    }
    return reports.stream()
        .min(Comparator.comparingDouble(EvaluationReport::bitsPerToken))
        .orElseThrow();
  }

  private static Trainer trainer(TrainerConfig config, List<TrainingListener> listeners) {
    return new Trainer(
        TransformerDenoiser.create(NETWORK, 1),
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        config,
        listeners);
  }
}
