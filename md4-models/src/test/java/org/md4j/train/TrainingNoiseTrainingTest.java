package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/** Laws of times, weights and pairs in whole trainings. */
class TrainingNoiseTrainingTest {
  /** Gradients of 32 bits, summed in another order, after a few steps. */
  private static final float SUMMATION_ORDER = 2e-4f;

  private static final int LENGTH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(4).dropout(0.1).build();
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(6, 7, 0.01)
          .optimizer(adamW -> adamW.emaRate(0.9).clipNorm(0.5))
          .evaluation(evaluation -> evaluation.rows(16))
          .replicas(1)
          .build();
  private static final TrainingNoise PAIRS =
      TrainingNoise.paper().withTimes(TimeLaw.power(1)).withComplementaryPairs(true);
  private static final TrainingNoise ANNEALED =
      TrainingNoise.paper()
          .withTimes(TimeLaw.window(0.3, 0.8, 0.9))
          .withWeight(TrainingWeight.annealed(2, 0.5));

  private static final TrainingNoise COUNTS =
      TrainingNoise.paper().withTimes(TimeLaw.power(0.5)).withMaskCounts(true);

  @TempDir private Path folder;

  static Stream<Arguments> trainings() {
    Objective learned =
        StateDependentElbo.of(LearnedPolynomialSchedule.perToken(NETWORK.vocabulary()))
            .withMaskSamples(MaskSamples.SINGLE);
    Objective md4 = new ContinuousTimeElbo(MaskingSchedule.reference());
    return Stream.of(
        Arguments.of(md4, PAIRS),
        Arguments.of(md4, ANNEALED),
        Arguments.of(md4, COUNTS),
        Arguments.of(md4, COUNTS.withComplementaryPairs(true)),
        Arguments.of(learned, PAIRS),
        Arguments.of(ScoreEntropyElbo.reference(), PAIRS),
        Arguments.of(HybridElbo.reference().bound(), ANNEALED),
        Arguments.of(HybridElbo.reference(), PAIRS));
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void replicasAndMicroBatchesChangeTheOrderOfSumsOnly(Objective objective, TrainingNoise noise) {
    TrainerConfig config = CONFIG.toBuilder().noise(paper -> noise).build();

    float[] one = trained(objective, config);
    float[] two = trained(objective, config.toBuilder().replicas(2).build());
    float[] parts = trained(objective, config.toBuilder().accumulation(3).build());
    float[] paper = trained(objective, CONFIG);

    assertThat(two).containsExactly(one, within(SUMMATION_ORDER));
    assertThat(parts).containsExactly(one, within(SUMMATION_ORDER));
    assertThat(distance(paper, one)).isGreaterThan(10 * SUMMATION_ORDER);
  }

  @Test
  void maskCountsTrainOnTheirBoundAndAreJudgedByThePapers() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    Objective inTimes = new ContinuousTimeElbo(schedule);
    TrainerConfig config = CONFIG.toBuilder().noise(paper -> COUNTS).build();
    TrainerConfig times = CONFIG.toBuilder().noise(paper -> COUNTS.withMaskCounts(false)).build();

    assertThat(trained(inTimes, config))
        .containsExactly(trained(new MaskCountElbo(schedule), times));
    try (Trainer counts = trainer(inTimes, config, 1);
        Trainer paper = trainer(inTimes, CONFIG, 1)) {
      assertThat(counts.evaluate().bitsPerToken()).isEqualTo(paper.evaluate().bitsPerToken());
    }
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void resumedTrainingEqualsAnUnbrokenOneToTheBit(Objective objective, TrainingNoise noise) {
    TrainerConfig config =
        CONFIG.toBuilder()
            .noise(paper -> noise)
            .checkpoints(checkpoints -> checkpoints.every(3))
            .build();
    Path file = folder.resolve("checkpoint");
    try (Trainer trainer = trainer(objective, config, 1, new Killer(4))) {
      trainer.checkpointTo(file);
      assertThatThrownBy(trainer::train).hasMessage("killed");
    }

    Checkpoint checkpoint = Checkpoint.read(file);
    assertThat(checkpoint.step()).isEqualTo(3);
    assertThat(checkpoint.trainer()).isEqualTo(config);
    float[] resumed;
    try (Trainer trainer = trainer(objective, config, 2)) {
      trainer.restore(checkpoint);
      trainer.train();
      resumed = trainer.checkpoint().parameters().toFloatVector();
    }

    assertThat(resumed).containsExactly(trained(objective, config));
  }

  @Test
  void anotherNoiseIsRefusedWhenGoingOn() {
    Objective md4 = new ContinuousTimeElbo(MaskingSchedule.reference());
    try (Trainer trainer = trainer(md4, CONFIG, 1);
        Trainer other = trainer(md4, CONFIG.toBuilder().noise(paper -> PAIRS).build(), 1)) {
      Checkpoint checkpoint = trainer.checkpoint();

      assertThatThrownBy(() -> other.restore(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("PowerTimes[exponent=1.0]");
    }
  }

  @Test
  void noiseThatDoesNotFitIsRefusedBeforeTraining() {
    assertThatThrownBy(
            () ->
                trainer(
                    new AutoregressiveLikelihood(),
                    CONFIG.toBuilder().noise(paper -> PAIRS).build(),
                    1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no noise levels");
  }

  /** What is reported is the bound under uniform times, whatever trained. */
  @Test
  void evaluationDoesNotDependOnTheNoiseOfTraining() {
    Objective md4 = new ContinuousTimeElbo(MaskingSchedule.reference());
    try (Trainer paper = trainer(md4, CONFIG, 1);
        Trainer other = trainer(md4, CONFIG.toBuilder().noise(n -> ANNEALED).build(), 1)) {
      assertThat(other.evaluate().bitsPerToken()).isEqualTo(paper.evaluate().bitsPerToken());
    }
  }

  @Test
  void rowsOfAPairAreTheSameExample() {
    TrainerConfig pairs = CONFIG.toBuilder().noise(paper -> PAIRS).build();
    RowDraws draws = new RowDraws(TestData.training(LENGTH), new CounterRandom(3), pairs);

    long[] indices = draws.indices(5, 0, 8);

    for (int b = 0; b < 8; b += 2) {
      assertThat(indices[b]).isEqualTo(indices[b + 1]);
    }
    assertThat(Arrays.stream(indices).distinct()).hasSize(4);
    assertThat(draws.indices(5, 3, 6)).containsExactly(Arrays.copyOfRange(indices, 3, 6));
  }

  /** A law of a user's own. */
  record Squares() implements TimeLaw {
    @Override
    public double time(double u) {
      return TimeLaw.power(1).time(u);
    }

    @Override
    public double density(double t) {
      return TimeLaw.power(1).density(t);
    }
  }

  @Test
  void lawsOfAUsersOwnAreKeptByTheNameTheyAreRegisteredUnder() throws IOException {
    Objective md4 = new ContinuousTimeElbo(MaskingSchedule.reference());
    TrainerConfig config =
        CONFIG.toBuilder().noise(noise -> noise.withTimes(new Squares())).build();
    Path file = folder.resolve("checkpoint");
    CheckpointTypes types = CheckpointTypes.standard().withTimeLaw("squares", Squares.class);
    try (Trainer trainer = trainer(md4, config, 1)) {
      assertThatThrownBy(() -> trainer.checkpointTo(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("withTimeLaw(\"a name of yours\", Squares.class)");
      trainer.checkpointTo(file, types);
      trainer.train();
    }

    assertThat(Checkpoint.read(file, types).trainer()).isEqualTo(config);
    assertThatThrownBy(() -> Checkpoint.read(file))
        .hasMessageContaining("law of times type (squares)");
    ObjectMapper mapper = types.nameTypesOfTrainers(new ObjectMapper());
    String json = mapper.writeValueAsString(config);
    assertThat(json).contains("\"times\":{\"type\":\"squares\"}");
    assertThat(mapper.readValue(json, TrainerConfig.class)).isEqualTo(config);
  }

  private static float[] trained(Objective objective, TrainerConfig config) {
    try (Trainer trainer = trainer(objective, config, 1)) {
      trainer.train();
      return trainer.checkpoint().parameters().toFloatVector();
    }
  }

  private static Trainer trainer(
      Objective objective, TrainerConfig config, long seed, TrainingListener... listeners) {
    return new Trainer(
        TransformerDenoiser.create(NETWORK, seed),
        objective,
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        config,
        new ArrayList<>(List.of(listeners)));
  }

  private static float distance(float[] a, float[] b) {
    float most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private record Killer(int step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new IllegalStateException("killed");
      }
    }
  }
}
