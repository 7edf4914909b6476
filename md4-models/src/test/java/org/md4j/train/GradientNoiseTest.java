package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Vocabulary;
import org.md4j.model.ReplicaPool;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.schedule.MaskingSchedule;

class GradientNoiseTest {
  private static final int LENGTH = 8;
  private static final int BATCHES = 6;
  private static final Objective OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());

  /** Gradients are floats, summed over a few batches. */
  private static final double FLOAT_SUM = 1e-5;

  private final TrainableDenoiser network = NeighbourDenoiser.create(new Vocabulary(27));

  @Test
  void isTheSampleVarianceAndWhatTheMeanHasWithoutIt() {
    double[][] gradients = gradients(config(4, TrainingNoise.paper()));
    double[] mean = new double[gradients[0].length];
    for (double[] gradient : gradients) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += gradient[i] / BATCHES;
      }
    }
    double variance = 0;
    double squaredMean = 0;
    for (int i = 0; i < mean.length; i++) {
      squaredMean += mean[i] * mean[i];
      for (double[] gradient : gradients) {
        variance += (gradient[i] - mean[i]) * (gradient[i] - mean[i]) / (BATCHES - 1);
      }
    }

    GradientNoise noise = measure(config(4, TrainingNoise.paper()));

    assertThat(noise.batches()).isEqualTo(BATCHES);
    assertThat(noise.variance()).isCloseTo(variance, within(FLOAT_SUM * variance));
    assertThat(noise.squaredNorm())
        .isCloseTo(squaredMean - variance / BATCHES, within(FLOAT_SUM * squaredMean));
    assertThat(noise.ratio()).isEqualTo(noise.variance() / noise.squaredNorm());
  }

  @Test
  void ratioIsThatOfTheLossTimesANumber() {
    TrainingNoise paper = TrainingNoise.paper();
    GradientNoise one = measure(config(4, paper.withWeight(TrainingWeight.flat(1))));
    GradientNoise four = measure(config(4, paper.withWeight(TrainingWeight.flat(4))));

    assertThat(four.variance()).isCloseTo(16 * one.variance(), within(FLOAT_SUM));
    assertThat(four.ratio()).isCloseTo(one.ratio(), within(FLOAT_SUM * one.ratio()));
  }

  @Test
  void numbersOfMasksAreLessNoisyThanTimes() {
    TrainingNoise paper = TrainingNoise.paper();
    int batches = 60;
    GradientNoise times =
        GradientNoise.measure(
            network, OBJECTIVE, TestData.training(LENGTH), config(8, paper), batches);
    GradientNoise counts =
        GradientNoise.measure(
            network,
            OBJECTIVE,
            TestData.training(LENGTH),
            config(8, paper.withMaskCounts(true)),
            batches);

    assertThat(counts.ratio()).isLessThan(times.ratio());
  }

  @Test
  void replicasShareABatchAndParametersStay() {
    double[] before = network.parameters().toDoubleVector();
    GradientNoise one = measure(config(5, TrainingNoise.paper()));
    GradientNoise two = measure(config(5, TrainingNoise.paper()).toBuilder().replicas(2).build());

    assertThat(two.variance()).isCloseTo(one.variance(), within(FLOAT_SUM * one.variance()));
    assertThat(two.ratio()).isCloseTo(one.ratio(), within(FLOAT_SUM * one.ratio()));
    assertThat(network.parameters().toDoubleVector()).containsExactly(before);
  }

  @Test
  void gradientsOfZeroExpectationHaveNoRatio() {
    assertThat(new GradientNoise(2, -1e-3, 1).ratio()).isInfinite();
    assertThat(new GradientNoise(2, 0, 1).ratio()).isInfinite();
  }

  @Test
  void mistakesAreRefused() {
    TrainerConfig config = config(4, TrainingNoise.paper());
    assertThatThrownBy(
            () -> GradientNoise.measure(network, OBJECTIVE, TestData.training(LENGTH), config, 1))
        .hasMessage("batches (1) must be at least 2: a single gradient has no scatter");
    assertThatThrownBy(
            () ->
                GradientNoise.measure(
                    NeighbourDenoiser.create(new Vocabulary(5)),
                    OBJECTIVE,
                    TestData.training(LENGTH),
                    config,
                    2))
        .hasMessageContaining("must be that of the network");
  }

  private GradientNoise measure(TrainerConfig config) {
    return GradientNoise.measure(network, OBJECTIVE, TestData.training(LENGTH), config, BATCHES);
  }

  /** The gradient of each of the first batches, one after another. */
  private double[][] gradients(TrainerConfig config) {
    List<double[]> gradients = new ArrayList<>();
    try (ReplicaPool pool = new ReplicaPool(1)) {
      BatchGradient batch =
          new BatchGradient(
              pool,
              List.of(network),
              TestData.training(LENGTH),
              config,
              new CounterRandom(config.seed()));
      for (int step = 0; step < BATCHES; step++) {
        batch.accumulate(OBJECTIVE, step, 1 / (config.batchSize() * LENGTH * Math.log(2)));
        gradients.add(network.gradients().toDoubleVector());
      }
    }
    return gradients.toArray(double[][]::new);
  }

  private static TrainerConfig config(int rows, TrainingNoise noise) {
    return TrainerConfig.builder(12, rows, 0.05).noise(n -> noise).replicas(1).seed(5).build();
  }
}
