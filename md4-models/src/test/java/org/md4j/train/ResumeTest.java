package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.schedule.MaskingSchedule;

/** A run that was killed and resumed against one that was not, with a real network. */
class ResumeTest {
  private static final int LENGTH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(4).dropout(0.1).build();
  private static final Elbo OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(10, 6, 0.01)
          .optimizer(adamW -> adamW.warmupSteps(3).emaRate(0.9).weightDecay(0.1).clipNorm(0.5))
          .replicas(2)
          .checkpoints(checkpoints -> checkpoints.every(5))
          .build();
  private static final TrainerConfig EQUAL_INTERVALS =
      CONFIG.toBuilder().evaluation(evaluation -> evaluation.every(5)).build();

  @TempDir private Path folder;

  static Stream<TrainerConfig> updates() {
    return Stream.of(
        CONFIG,
        CONFIG.toBuilder()
            .optimizer(
                adamW -> adamW.muon(MuonConfig.builder(0.02).build()).rateShape(RateShape.LINEAR))
            .build());
  }

  @ParameterizedTest
  @MethodSource("updates")
  void twiceNStepsAreNStepsAndACheckpointAndNStepsToTheBit(TrainerConfig config) {
    TransformerDenoiser unbroken = TransformerDenoiser.create(NETWORK, 1);
    Path unbrokenFile = folder.resolve("unbroken");
    EvaluationReport expected = train(unbroken, config, unbrokenFile, null);

    Path file = folder.resolve("killed");
    TransformerDenoiser killed = TransformerDenoiser.create(NETWORK, 1);
    try (Trainer trainer = trainer(killed, config, new Killer(7))) {
      trainer.checkpointTo(file);
      assertThatThrownBy(trainer::train).hasMessage("killed");
    }
    Checkpoint checkpoint = Checkpoint.read(file);
    assertThat(checkpoint.step()).isEqualTo(5);
    // Another seed: nothing of the network resumed into may matter.
    TransformerDenoiser resumed = TransformerDenoiser.create(NETWORK, 2);
    EvaluationReport actual = train(resumed, config, file, checkpoint);

    assertThat(resumed.parameters().toFloatVector())
        .containsExactly(unbroken.parameters().toFloatVector());
    assertThat(actual.bitsPerToken()).isEqualTo(expected.bitsPerToken());
    Checkpoint last = Checkpoint.read(file);
    Checkpoint unbrokenLast = Checkpoint.read(unbrokenFile);
    assertThat(last.step()).isEqualTo(10);
    assertThat(last.average().toFloatVector())
        .containsExactly(unbrokenLast.average().toFloatVector());
    assertThat(last.mean().toFloatVector()).containsExactly(unbrokenLast.mean().toFloatVector());
    assertThat(last.meanSquare().toFloatVector())
        .containsExactly(unbrokenLast.meanSquare().toFloatVector());
  }

  @Test
  void evaluationComesBeforeTheCheckpointOfTheSameStep() {
    List<String> events = new ArrayList<>();
    TrainingListener recorder =
        new TrainingListener() {
          @Override
          public void onEvaluation(EvaluationReport evaluation) {
            events.add("evaluation " + evaluation.step());
          }

          @Override
          public void onCheckpoint(Path written) {
            events.add("checkpoint " + Checkpoint.read(written).step());
          }
        };
    try (Trainer trainer =
        trainer(TransformerDenoiser.create(NETWORK, 1), EQUAL_INTERVALS, recorder)) {
      trainer.checkpointTo(folder.resolve("checkpoint"));
      trainer.train();
    }

    assertThat(events)
        .containsExactly("evaluation 5", "checkpoint 5", "evaluation 10", "checkpoint 10");
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10})
  void resumingNeitherLosesNorDoublesAnEvaluation(int stopped) throws IOException {
    Path file = folder.resolve("checkpoint");
    Path lines = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = new MetricsFile(lines);
        Trainer trainer =
            trainer(
                TransformerDenoiser.create(NETWORK, 1),
                EQUAL_INTERVALS,
                metrics,
                new StopAtCheckpoint(file, stopped))) {
      trainer.checkpointTo(file);
      assertThatThrownBy(trainer::train).hasMessage("killed");
    }
    for (int i = 0; i < 2; i++) { // The second time the run is finished.
      try (MetricsFile metrics = new MetricsFile(lines);
          Trainer trainer =
              trainer(TransformerDenoiser.create(NETWORK, 2), EQUAL_INTERVALS, metrics)) {
        trainer.checkpointTo(file);
        trainer.restore(Checkpoint.read(file));
        trainer.train();
      }

      assertThat(Files.readAllLines(lines)).hasSize(10 + 2);
      assertThat(Files.readAllLines(lines).stream().filter(line -> line.contains("evaluation")))
          .satisfiesExactly(
              line -> assertThat(line).contains("\"step\":5,"),
              line -> assertThat(line).contains("\"step\":10,"));
    }
  }

  @Test
  void theCheckpointsNetworkIsTheAveragedOne() {
    TransformerDenoiser network = TransformerDenoiser.create(NETWORK, 1);
    Path file = folder.resolve("checkpoint");
    DenoiserInput question =
        DenoiserInput.everywhere(
            Rows.of(TokenBatch.allMasked(NETWORK.vocabulary(), 2, LENGTH)),
            new double[] {0.3, 0.9});
    float[][] averaged;
    try (Trainer trainer = trainer(network)) {
      trainer.checkpointTo(file);
      trainer.train();
      averaged =
          trainer.withAveragedParameters(denoiser -> network.logits(question).toFloatMatrix());
    }

    TrainableDenoiser read = Checkpoint.read(file).averagedNetwork();

    assertThat(read.logits(question).toFloatMatrix()).isDeepEqualTo(averaged);
    assertThat(network.logits(question).toFloatMatrix()[0]).isNotEqualTo(averaged[0]);
  }

  @Test
  void anotherNetworkIsRefusedAndLeftAsItWas() {
    Path file = folder.resolve("checkpoint");
    train(TransformerDenoiser.create(NETWORK, 1), CONFIG, file, null);
    Checkpoint checkpoint = Checkpoint.read(file);
    TransformerDenoiser other =
        TransformerDenoiser.create(NETWORK.toBuilder().dropout(0.2).build(), 2);
    float[] before = other.parameters().toFloatVector();

    try (Trainer trainer = trainer(other)) {
      assertThatThrownBy(() -> trainer.restore(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("its network is TransformerConfig[")
          .hasMessageContaining("dropout=0.2");
      assertThat(trainer.step()).isZero();
    }
    assertThat(other.parameters().toFloatVector()).containsExactly(before);
  }

  @Test
  void noCheckpointIsTakenOfTheAveragedParameters() {
    TransformerDenoiser network = TransformerDenoiser.create(NETWORK, 1);
    try (Trainer trainer = trainer(network)) {
      assertThatThrownBy(() -> trainer.withAveragedParameters(denoiser -> trainer.train()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("averaged parameters");
    }
  }

  private static EvaluationReport train(
      TransformerDenoiser network, TrainerConfig config, Path file, Checkpoint checkpoint) {
    List<EvaluationReport> reports = new ArrayList<>();
    TrainingListener collector =
        new TrainingListener() {
          @Override
          public void onEvaluation(EvaluationReport evaluation) {
            reports.add(evaluation);
          }
        };
    try (Trainer trainer = trainer(network, config, collector)) {
      trainer.checkpointTo(file);
      if (checkpoint != null) {
        trainer.restore(checkpoint);
      }
      trainer.train();
    }
    return reports.get(reports.size() - 1);
  }

  private static Trainer trainer(TransformerDenoiser network, TrainingListener... listeners) {
    return trainer(network, CONFIG, listeners);
  }

  private static Trainer trainer(
      TransformerDenoiser network, TrainerConfig config, TrainingListener... listeners) {
    return new Trainer(
        network,
        OBJECTIVE,
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        config,
        List.of(listeners));
  }

  /** Ends a run the moment its checkpoint of a step is on the disk. */
  private record StopAtCheckpoint(Path file, int step) implements TrainingListener {
    @Override
    public void onCheckpoint(Path written) {
      if (Checkpoint.read(file).step() == step) {
        throw new IllegalStateException("killed");
      }
    }
  }

  /** Ends a run in the middle, as a power cut would. */
  private record Killer(int step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new IllegalStateException("killed");
      }
    }
  }
}
