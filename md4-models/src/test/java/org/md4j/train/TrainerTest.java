package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.MaskCountElbo;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class TrainerTest {
  private static final int LENGTH = 8;
  private static final Vocabulary VOCABULARY = new Vocabulary(27);
  private static final Elbo OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(12, 6, 0.05)
          .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.9).weightDecay(0.01))
          .replicas(2)
          .build();

  /** Another order of sums of float gradients, through a dozen updates of size 0.05. */
  private static final float SUMMATION_ORDER = 1e-4f;

  /** Logits and losses in float, of order 3. */
  private static final double FLOAT_LOSS = 1e-5;

  @Test
  void learnsFromNeighbours() {
    TrainerConfig config =
        TrainerConfig.builder(300, 16, 0.1)
            .optimizer(adamW -> adamW.warmupSteps(10).emaRate(0.95))
            .replicas(2)
            .build();

    // By mask counts, since then a prediction of equally likely tokens costs log2 V in every
    // sample.
    try (Trainer trainer =
        new Trainer(
            NeighbourDenoiser.create(VOCABULARY),
            new MaskCountElbo(MaskingSchedule.reference()),
            TestData.training(LENGTH),
            TestData.validation(LENGTH),
            config,
            List.of())) {
      double before = trainer.evaluate().bitsPerToken();
      TrainingSummary summary = trainer.train();

      assertThat(before).isCloseTo(Math.log(27) / Math.log(2), within(FLOAT_LOSS));
      assertThat(summary.validBits()).isLessThan(2.6);
      assertThat(summary.steps()).isEqualTo(300);
      assertThat(summary.parameters()).isEqualTo(2 * 28 * 27);
      assertThat(summary.medianStepSeconds()).isPositive();
      assertThat(summary.tokensPerSecond())
          .isCloseTo(300 * 16 * LENGTH / summary.trainSeconds(), within(1e-6));
    }
  }

  @Test
  void reportedLossIsTheFullElboOfRowsDrawnByTheSeed() {
    NeighbourDenoiser network = scrambled();
    double[] expected = new double[3];
    List<StepReport> reports = new ArrayList<>();
    // With a rate this small the parameters stay what they are to float precision.
    TrainerConfig config =
        CONFIG.toBuilder()
            .steps(3)
            .optimizer(adamW -> adamW.learningRate(1e-12).weightDecay(0))
            .build();
    for (int step = 0; step < 3; step++) {
      expected[step] = bitsOfBatch(network, config, step);
    }

    try (Trainer trainer = trainer(network, config, collector(reports))) {
      trainer.train();
    }

    for (int step = 0; step < 3; step++) {
      assertThat(reports.get(step).step()).isEqualTo(step + 1);
      assertThat(reports.get(step).bitsPerToken()).isCloseTo(expected[step], within(FLOAT_LOSS));
    }
  }

  @Test
  void reportedGradientNormIsThatOfTheReportedLoss() {
    NeighbourDenoiser network = scrambled();
    TrainerConfig config = CONFIG.toBuilder().steps(1).accumulation(3).replicas(2).build();
    // Losses in float are good to 1e-7; a step of 1e-2 leaves truncation of 1e-5 in second order.
    float step = 1e-2f;
    double sumOfSquares = 0;
    for (int i = 0; i < network.parameters().length(); i++) {
      float value = network.parameters().getFloat(i);
      network.parameters().putScalar(i, value + step);
      double above = bitsOfBatch(network, config, 0);
      network.parameters().putScalar(i, value - step);
      double below = bitsOfBatch(network, config, 0);
      network.parameters().putScalar(i, value);
      sumOfSquares += Math.pow((above - below) / (2 * step), 2);
    }
    List<StepReport> reports = new ArrayList<>();

    try (Trainer trainer = trainer(network, config, collector(reports))) {
      trainer.train();
    }

    double norm = Math.sqrt(sumOfSquares);
    assertThat(reports.get(0).gradientNorm()).isCloseTo(norm, within(1e-3 * norm));
  }

  @Test
  void sameSettingsRepeatToTheBit() {
    assertThat(trained(CONFIG)).containsExactly(trained(CONFIG));
    assertThat(trained(CONFIG.toBuilder().seed(43).build())).isNotEqualTo(trained(CONFIG));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 6})
  void numberOfReplicasChangesSummationOrderOnly(int replicas) {
    assertThat(trained(CONFIG.toBuilder().replicas(replicas).build()))
        .containsExactly(trained(CONFIG), within(SUMMATION_ORDER));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void accumulationEqualsTheWholeBatch(int accumulation) {
    assertThat(trained(CONFIG.toBuilder().accumulation(accumulation).build()))
        .containsExactly(trained(CONFIG), within(SUMMATION_ORDER));
  }

  @Test
  void replicasWhoseRowsHaveNoMasksAddNothing() {
    // Rows of one token: in most steps some replica has nothing to predict.
    TrainerConfig config = CONFIG.toBuilder().accumulation(1).steps(30).build();

    float[] spread = trained(config.toBuilder().replicas(6).build(), 1);

    assertThat(spread)
        .containsExactly(
            trained(config.toBuilder().replicas(1).build(), 1), within(SUMMATION_ORDER));
  }

  @Test
  void averagedParametersAreInPlaceForTheTaskAlone() {
    NeighbourDenoiser network = NeighbourDenoiser.create(VOCABULARY);
    try (Trainer trainer = trainer(network, CONFIG)) {
      trainer.train();
      float[] trained = network.parameters().toFloatVector();

      float[] averaged =
          trainer.withAveragedParameters(
              outer ->
                  trainer.withAveragedParameters(inner -> network.parameters().toFloatVector()));

      assertThat(averaged).isNotEqualTo(trained);
      assertThat(network.parameters().toFloatVector()).containsExactly(trained);
      assertThatThrownBy(
              () ->
                  trainer.withAveragedParameters(
                      denoiser -> {
                        throw new IllegalStateException("task");
                      }))
          .hasMessage("task");
      assertThat(network.parameters().toFloatVector()).containsExactly(trained);
    }
  }

  @Test
  void averageFollowsEveryUpdate() {
    NeighbourDenoiser network = scrambled();
    double rate = CONFIG.optimizer().emaRate();
    double[] expected = network.parameters().toDoubleVector();
    TrainingListener follower =
        new TrainingListener() {
          @Override
          public void onStep(StepReport step) {
            double[] now = network.parameters().toDoubleVector();
            for (int i = 0; i < now.length; i++) {
              expected[i] = rate * expected[i] + (1 - rate) * now[i];
            }
          }
        };

    try (Trainer trainer = trainer(network, CONFIG, follower)) {
      trainer.train();
      double[] averaged =
          trainer.withAveragedParameters(denoiser -> network.parameters().toDoubleVector());

      assertThat(averaged).containsExactly(expected, within(1e-6));
    }
  }

  @Test
  void averagedDenoiserUsesTheAverage() {
    NeighbourDenoiser network = NeighbourDenoiser.create(VOCABULARY);
    DenoiserInput question =
        DenoiserInput.everywhere(
            Rows.of(TokenBatch.allMasked(VOCABULARY, 3, LENGTH)), new double[3]);
    // A single step with an average of rate 0.9 moves the average by a tenth of the network's way.
    try (Trainer trainer =
        trainer(
            network,
            CONFIG.toBuilder().steps(1).optimizer(adamW -> adamW.warmupSteps(0)).build())) {
      trainer.train();
      double[][] averaged =
          trainer.withAveragedParameters(
              denoiser -> denoiser.logits(question).mul(10).toDoubleMatrix());

      double[][] raw = network.logits(question).toDoubleMatrix();
      for (int i = 0; i < raw.length; i++) {
        assertThat(averaged[i]).containsExactly(raw[i], within(1e-5));
      }
    }
  }

  @Test
  void divergenceNamesTheStepAndLeavesTheParameters() {
    NeighbourDenoiser network = NeighbourDenoiser.create(VOCABULARY);
    network.parameters().assign(Float.POSITIVE_INFINITY);
    float[] before = network.parameters().toFloatVector();

    TrainerConfig config = CONFIG.toBuilder().optimizer(adamW -> adamW.mostSkips(0)).build();
    try (Trainer trainer = trainer(network, config)) {
      assertThatThrownBy(trainer::train)
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageStartingWith("training diverged in step 1")
          .hasMessageContaining("lower the learning rate")
          .satisfies(
              e -> {
                TrainingDivergedException diverged = (TrainingDivergedException) e;
                assertThat(diverged.step()).isEqualTo(1);
                assertThat(Double.isFinite(diverged.bitsPerToken())).isFalse();
              });
      assertThat(trainer.step()).isZero();
      assertThat(network.parameters().toFloatVector()).containsExactly(before);
    }
  }

  @Test
  void tellsListenersInOrder() {
    List<String> events = new ArrayList<>();
    TrainerConfig config =
        CONFIG.toBuilder().steps(5).evaluation(evaluation -> evaluation.every(2).rows(3)).build();

    try (Trainer trainer =
        trainer(NeighbourDenoiser.create(VOCABULARY), config, recorder(events))) {
      trainer.train();
    }

    assertThat(events)
        .containsExactly(
            "start 0",
            "1",
            "2",
            "evaluation 2",
            "3",
            "4",
            "evaluation 4",
            "5",
            "evaluation 5",
            "end 5");
  }

  @Test
  void aFinishedTrainerOnlyEvaluates() {
    List<String> events = new ArrayList<>();
    try (Trainer trainer =
        trainer(
            NeighbourDenoiser.create(VOCABULARY),
            CONFIG.toBuilder().steps(1).build(),
            recorder(events))) {
      trainer.train();
      events.clear();
      TrainingSummary again = trainer.train();

      assertThat(events).containsExactly("start 1", "evaluation 1", "end 1");
      assertThat(again.medianStepSeconds()).isNaN();
    }
  }

  @Test
  void learningRateIsThatOfTheSchedule() {
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer =
        trainer(NeighbourDenoiser.create(VOCABULARY), CONFIG, collector(reports))) {
      trainer.train();
    }
    WarmupCosineSchedule schedule = new WarmupCosineSchedule(0.05, 2, 12);

    assertThat(reports).hasSize(12);
    for (int step = 0; step < 12; step++) {
      assertThat(reports.get(step).learningRate()).isEqualTo(schedule.at(step));
    }
  }

  @ParameterizedTest
  @EnumSource(RateShape.class)
  void learningRateHasTheShapeThatWasAskedFor(RateShape shape) {
    List<StepReport> reports = new ArrayList<>();
    TrainerConfig config =
        CONFIG.toBuilder().optimizer(adamW -> adamW.rateShape(shape).cooldownShare(0.5)).build();
    try (Trainer trainer =
        trainer(NeighbourDenoiser.create(VOCABULARY), config, collector(reports))) {
      trainer.train();
    }
    LearningRateSchedule schedule = new LearningRateSchedule(0.05, 2, 12, shape, 0.5);

    assertThat(reports)
        .hasSize(12)
        .allSatisfy(
            report -> assertThat(report.learningRate()).isEqualTo(schedule.at(report.step() - 1)));
  }

  @Test
  void muonWantsANetworkThatNamesMatrices() {
    TrainerConfig config =
        CONFIG.toBuilder().optimizer(adamW -> adamW.muon(MuonConfig.builder(0.02).build())).build();

    assertThatThrownBy(() -> trainer(NeighbourDenoiser.create(VOCABULARY), config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "muon.learningRate (0.02) must be 0 for a network that names no matrices, got"
                + " org.md4j.train.NeighbourDenoiser");
  }

  @Test
  void logsWithoutFail() {
    try (Trainer trainer =
        trainer(NeighbourDenoiser.create(VOCABULARY), CONFIG, new LoggingListener(5))) {
      assertThat(trainer.train().steps()).isEqualTo(12);
    }
  }

  @Test
  void dataAndNetworkMustAgree() {
    NeighbourDenoiser other = NeighbourDenoiser.create(new Vocabulary(5));

    assertThatThrownBy(() -> trainer(other, CONFIG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("training.vocabulary")
        .hasMessageContaining("must be");
    assertThatThrownBy(
            () ->
                new Trainer(
                    NeighbourDenoiser.create(VOCABULARY),
                    OBJECTIVE,
                    TestData.training(8),
                    TestData.validation(9),
                    CONFIG,
                    List.of()))
        .hasMessageContaining("validation.length (9)");
  }

  /** A second writing of the batch and loss of a step, by the definitions. */
  private static double bitsOfBatch(NeighbourDenoiser network, TrainerConfig config, int step) {
    CounterRandom random = new CounterRandom(config.seed());
    RowSource data = TestData.training(LENGTH);
    int[][] rows = new int[config.batchSize()][LENGTH];
    for (int b = 0; b < rows.length; b++) {
      double uniform = random.uniforms(Purpose.DATA, step).at(b, 0);
      data.row((long) Math.floor(uniform * data.size()), rows[b]);
    }
    double[] levels =
        BatchGradient.dealt(
            AntitheticTimes.sample(rows.length, random.uniforms(Purpose.TIME, step)), 1);
    NoisedBatch batch =
        OBJECTIVE.noise(
            Rows.of(TokenBatch.of(VOCABULARY, rows)), levels, random.uniforms(Purpose.MASK, step));
    return ElboTerms.mean(OBJECTIVE.estimate(batch, network)).bitsPerToken(LENGTH);
  }

  private static NeighbourDenoiser scrambled() {
    NeighbourDenoiser network = NeighbourDenoiser.create(VOCABULARY);
    long count = network.parameters().length();
    INDArray values = Nd4j.linspace(DataType.FLOAT, 0, 37, count);
    network.parameters().assign(Transforms.sin(values));
    return network;
  }

  private static float[] trained(TrainerConfig config) {
    return trained(config, LENGTH);
  }

  private static float[] trained(TrainerConfig config, int length) {
    NeighbourDenoiser network = NeighbourDenoiser.create(VOCABULARY);
    try (Trainer trainer =
        new Trainer(
            network,
            OBJECTIVE,
            TestData.training(length),
            TestData.validation(length),
            config,
            List.of())) {
      trainer.train();
    }
    return network.parameters().toFloatVector();
  }

  private static Trainer trainer(
      NeighbourDenoiser network, TrainerConfig config, TrainingListener... listeners) {
    return new Trainer(
        network,
        OBJECTIVE,
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        config,
        List.of(listeners));
  }

  private static TrainingListener collector(List<StepReport> reports) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport step) {
        reports.add(step);
      }
    };
  }

  private static TrainingListener recorder(List<String> events) {
    return new TrainingListener() {
      @Override
      public void onStart(TrainingStart start) {
        events.add("start " + start.firstStep());
      }

      @Override
      public void onStep(StepReport step) {
        events.add("" + step.step());
      }

      @Override
      public void onEvaluation(EvaluationReport evaluation) {
        events.add("evaluation " + evaluation.step());
      }

      @Override
      public void onEnd(TrainingSummary summary) {
        events.add("end " + summary.steps());
      }
    };
  }
}
