package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

/** A trainer that is asked to stop, and what can be done then. */
class StopTest {
  private static final int LENGTH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(4).dropout(0.1).build();
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(10, 6, 0.01)
          .optimizer(adamW -> adamW.warmupSteps(3).emaRate(0.9))
          .replicas(2)
          .evaluation(evaluation -> evaluation.every(7))
          .build();

  @TempDir private Path folder;

  @AfterEach
  void leaveNoInterruptionBehind() {
    Thread.interrupted();
  }

  static Stream<Arguments> waysToStop() {
    Consumer<Trainer> call = Trainer::stop;
    Consumer<Trainer> interruption = trainer -> Thread.currentThread().interrupt();
    return Stream.of(1, 5, 7, 9)
        .flatMap(
            step ->
                Stream.of(
                    Arguments.of(step, "stop", call),
                    Arguments.of(step, "interruption", interruption)));
  }

  @ParameterizedTest(name = "{1} in step {0}")
  @MethodSource("waysToStop")
  void nothingButTheTimeIsLost(int step, String name, Consumer<Trainer> stop) {
    Path unbroken = folder.resolve("unbroken");
    List<EvaluationReport> expected = new ArrayList<>();
    try (Trainer trainer = trainer(1, new Recorder(expected))) {
      trainer.checkpointTo(unbroken);
      trainer.train();
    }
    Path file = folder.resolve("stopped");
    List<EvaluationReport> actual = new ArrayList<>();
    Stopper stopper = new Stopper(step, stop);
    try (Trainer trainer = trainer(1, new Recorder(actual), stopper)) {
      stopper.trainer = trainer;
      trainer.checkpointTo(file);

      TrainingStoppedException stopped =
          catchThrowableOfType(TrainingStoppedException.class, trainer::train);

      assertThat(stopped.step()).isEqualTo(step);
      assertThat(stopped.checkpoint()).contains(file);
      assertThat(stopped).hasMessageContaining("stopped after step %d of 10", step);
      assertThat(Thread.interrupted()).isEqualTo(name.equals("interruption"));
    }
    assertThat(Checkpoint.read(file).step()).isEqualTo(step);
    try (Trainer trainer = trainer(2, new Recorder(actual))) {
      trainer.checkpointTo(file);
      trainer.restore(Checkpoint.read(file));
      trainer.train();
    }

    assertThat(file).hasSameBinaryContentAs(unbroken);
    assertThat(actual).usingRecursiveComparison().ignoringFields("seconds").isEqualTo(expected);
  }

  @Test
  void theSameTrainerGoesOn() {
    try (Trainer trainer = trainer(1);
        Trainer unbroken = trainer(1)) {
      trainer.stop();
      assertThatThrownBy(trainer::train)
          .isInstanceOf(TrainingStoppedException.class)
          .hasMessage(
              "training was stopped after step 0 of 10; no checkpoints were asked for:"
                  + " Trainer.checkpointTo");

      assertThat(trainer.train().validBits()).isEqualTo(unbroken.train().validBits());
      assertThat(trainer.step()).isEqualTo(10);
    }
  }

  @Test
  void aStopBeforeTheFirstStepLeavesACheckpointOfNone() {
    Path file = folder.resolve("checkpoint.md4");
    try (Trainer trainer = trainer(1)) {
      trainer.checkpointTo(file);
      trainer.stop();
      assertThatThrownBy(trainer::train).isInstanceOf(TrainingStoppedException.class);
    }

    assertThat(Checkpoint.read(file).step()).isZero();
  }

  @Test
  void aStopInTheLastStepIsTheEndThereIsAnyway() {
    Stopper stopper = new Stopper(10, Trainer::stop);
    try (Trainer trainer = trainer(1, stopper)) {
      stopper.trainer = trainer;

      assertThat(trainer.train().steps()).isEqualTo(10);
    }
  }

  @Test
  void aClosedTrainerSaysSo() {
    Trainer trainer = trainer(1);
    trainer.close();

    assertThatThrownBy(trainer::train)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("train must not be called on a closed trainer: make another");
  }

  private static Trainer trainer(long seed, TrainingListener... listeners) {
    return new Trainer(
        TransformerDenoiser.create(NETWORK, seed),
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        CONFIG,
        List.of(listeners));
  }

  private record Recorder(List<EvaluationReport> reports) implements TrainingListener {
    @Override
    public void onEvaluation(EvaluationReport evaluation) {
      reports.add(evaluation);
    }
  }

  /** Asks for an end when a step is done, as a signal that came during it would have. */
  private static final class Stopper implements TrainingListener {
    private final int step;
    private final Consumer<Trainer> stop;
    private Trainer trainer;

    Stopper(int step, Consumer<Trainer> stop) {
      this.step = step;
      this.stop = stop;
    }

    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        stop.accept(trainer);
      }
    }
  }
}
