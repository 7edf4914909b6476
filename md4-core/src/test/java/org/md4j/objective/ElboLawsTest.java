package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.AncestralLaw;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.Sequences;
import org.md4j.toy.ToyDenoiser;

/** What must hold of the bounds whatever the numbers are. */
@Tag("slow")
class ElboLawsTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int LENGTH = 3;

  /** How far from 1 a fitted order of convergence may be: the next order is still visible. */
  private static final double ORDER = 0.02;

  @Test
  void continuousBoundIsTheSameForEveryPairOfSchedules() {
    ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY);
    int[] clean = {2, 0, 1};

    assertAllTheSame(Schedules.full(), denoiser, clean);
    assertAllTheSame(Schedules.clipped(1e-4), denoiser, clean);
    assertAllTheSame(Schedules.clipped(0.05), denoiser, clean);
  }

  private static void assertAllTheSame(
      List<MaskingSchedule> schedules, Denoiser denoiser, int[] clean) {
    double[] bounds =
        schedules.stream()
            .mapToDouble(
                schedule ->
                    ExactElbo.diffusion(
                        new ContinuousTimeElbo(schedule), denoiser, VOCABULARY, clean))
            .toArray();
    for (int i = 0; i < bounds.length; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(bounds[i])
            .as("%s against %s", schedules.get(i), schedules.get(j))
            .isCloseTo(bounds[j], within(Tolerance.QUADRATURE));
      }
    }
  }

  @Test
  void logSnrFormEqualsTheContinuousBoundForEverySchedule() {
    ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY, t -> Math.sin(3 * t));

    for (MaskingSchedule schedule : Schedules.clipped(1e-4)) {
      double expected =
          ExactElbo.diffusion(new ContinuousTimeElbo(schedule), denoiser, VOCABULARY, 2, 0, 1);
      assertThat(ExactElbo.diffusion(new LogSnrElbo(schedule), denoiser, VOCABULARY, 2, 0, 1))
          .as("%s", schedule)
          .isCloseTo(expected, within(Tolerance.QUADRATURE));
    }
  }

  @Test
  void maskCountFormEqualsTheContinuousBoundForPredictorsThatSeeTime() {
    ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY, t -> Math.sin(3 * t));

    for (MaskingSchedule schedule :
        List.of(MaskingSchedule.linear(), MaskingSchedule.cosine(), new Schedules.SmoothStep())) {
      double expected =
          ExactElbo.diffusion(new ContinuousTimeElbo(schedule), denoiser, VOCABULARY, 2, 0, 1);
      assertThat(ExactElbo.diffusion(new MaskCountElbo(schedule), denoiser, VOCABULARY, 2, 0, 1))
          .as("%s", schedule)
          .isCloseTo(expected, within(Tolerance.QUADRATURE));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void discreteBoundConvergesToTheContinuousOneAtFirstOrder(boolean cosine) {
    MaskingSchedule schedule = cosine ? MaskingSchedule.cosine() : MaskingSchedule.linear();
    ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY, schedule::alpha);
    double limit =
        ExactElbo.diffusion(new ContinuousTimeElbo(schedule), denoiser, VOCABULARY, 2, 0, 1);

    SimpleRegression order = new SimpleRegression();
    for (int steps = 64; steps <= 1024; steps *= 2) {
      double bound =
          ExactElbo.diffusion(new DiscreteTimeElbo(schedule, steps), denoiser, VOCABULARY, 2, 0, 1);
      order.addData(Math.log(steps), Math.log(Math.abs(bound - limit)));
    }

    assertThat(order.getSlope()).as("slope of log error").isCloseTo(-1, within(ORDER));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void discreteBoundDecreasesToTheEntropyForExactConditionals(long seed) {
    ExactDenoiser denoiser = ExactDenoiser.random(VOCABULARY, LENGTH, seed);

    for (MaskingSchedule schedule : List.of(MaskingSchedule.linear(), MaskingSchedule.cosine())) {
      double entropy = 0;
      for (double p : denoiser.joint()) {
        entropy -= p * Math.log(p);
      }
      double previous = Double.POSITIVE_INFINITY;
      for (int steps = 1; steps <= 64; steps *= 2) {
        double bound = dataAverage(new DiscreteTimeElbo(schedule, steps), denoiser, denoiser);
        assertThat(bound)
            .as("seed %s, %s, T = %s", seed, schedule, steps)
            .isLessThan(previous)
            .isGreaterThan(entropy);
        previous = bound;
      }
      assertThat(dataAverage(new ContinuousTimeElbo(schedule), denoiser, denoiser))
          .as("seed %s, %s", seed, schedule)
          .isCloseTo(entropy, within(Tolerance.QUADRATURE));
    }
  }

  @Test
  void continuousBoundOfExactConditionalsIsTheLikelihoodOfEverySequence() {
    ExactDenoiser denoiser = ExactDenoiser.random(VOCABULARY, LENGTH, 4);
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.cosine());

    double[] joint = denoiser.joint();
    for (int i = 0; i < joint.length; i++) {
      int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
      assertThat(ExactElbo.diffusion(elbo, denoiser, VOCABULARY, clean))
          .isCloseTo(-Math.log(joint[i]), within(Tolerance.QUADRATURE));
    }
  }

  @Test
  void otherPredictorsHaveALargerBoundOnAverage() {
    ExactDenoiser data = ExactDenoiser.random(VOCABULARY, LENGTH, 5);
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.linear());

    double best = dataAverage(elbo, data, data);

    assertThat(dataAverage(elbo, data, new ToyDenoiser(VOCABULARY))).isGreaterThan(best);
    assertThat(dataAverage(elbo, data, ExactDenoiser.random(VOCABULARY, LENGTH, 6)))
        .isGreaterThan(best);
  }

  private static double dataAverage(Elbo elbo, ExactDenoiser data, Denoiser predictor) {
    double[] joint = data.joint();
    double average = 0;
    for (int i = 0; i < joint.length; i++) {
      int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
      average += joint[i] * ExactElbo.diffusion(elbo, predictor, VOCABULARY, clean);
    }
    return average;
  }

  /** The bound of T steps bounds the model that T ancestral steps define, for every sequence. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 2", "0, 5", "0.01, 1", "0.01, 3", "0.2, 4"})
  void discreteBoundIsAboveTheNegativeLogLikelihoodOfTheSampler(double epsilon, int steps) {
    for (MaskingSchedule base : List.of(MaskingSchedule.linear(), MaskingSchedule.cosine())) {
      MaskingSchedule schedule = epsilon == 0 ? base : base.clipped(epsilon);
      ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY, t -> 2 * t);
      Elbo elbo = new DiscreteTimeElbo(schedule, steps);
      double[] model =
          new AncestralLaw(denoiser, schedule, TimeGrid.uniform(steps), VOCABULARY)
              .modelled(LENGTH);
      double constant = elbo.reconstruction(LENGTH, VOCABULARY) + elbo.prior(LENGTH, VOCABULARY);

      double mass = 0;
      for (int i = 0; i < model.length; i++) {
        int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
        double bound = ExactElbo.diffusion(elbo, denoiser, VOCABULARY, clean) + constant;
        assertThat(bound)
            .as("%s of sequence %s", elbo, i)
            .isGreaterThan(-Math.log(model[i]) - Tolerance.EXACT_DOUBLE);
        if (epsilon == 0 && steps == 1) {
          assertThat(bound)
              .as("one step without noise left is exact, %s", i)
              .isCloseTo(-Math.log(model[i]), within(Tolerance.EXACT_DOUBLE));
        }
        mass += model[i];
      }
      assertThat(mass)
          .as("the model is a distribution")
          .isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** Without the prior term the number would not be a bound. */
  @Test
  void priorTermIsNeeded() {
    MaskingSchedule schedule = MaskingSchedule.linear().clipped(0.2);
    Denoiser denoiser = new ToyDenoiser(VOCABULARY);
    Elbo elbo = new DiscreteTimeElbo(schedule, 1);
    double[] model =
        new AncestralLaw(denoiser, schedule, TimeGrid.uniform(1), VOCABULARY).modelled(LENGTH);

    boolean violated = false;
    for (int i = 0; i < model.length; i++) {
      int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
      double withoutPrior =
          ExactElbo.diffusion(elbo, denoiser, VOCABULARY, clean)
              + elbo.reconstruction(LENGTH, VOCABULARY);
      violated |= withoutPrior < -Math.log(model[i]);
    }

    assertThat(violated).isTrue();
  }

  /** The continuous bound averages over orders what the likelihood averages inside the log. */
  @Test
  void continuousBoundIsTheAverageOverOrdersAndAboveTheLikelihoodOfTheMixture() {
    ToyDenoiser denoiser = new ToyDenoiser(VOCABULARY);
    List<int[]> orders = orders();

    for (int i = 0; i < Sequences.count(VOCABULARY.size(), LENGTH); i++) {
      int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
      double averageNats = 0;
      double likelihood = 0;
      for (int[] order : orders) {
        double nats = natsInOrder(denoiser, clean, order);
        averageNats += nats / orders.size();
        likelihood += Math.exp(-nats) / orders.size();
      }
      double bound =
          ExactElbo.diffusion(
              new ContinuousTimeElbo(MaskingSchedule.linear()), denoiser, VOCABULARY, clean);
      assertThat(bound).as("sequence %s", i).isCloseTo(averageNats, within(Tolerance.QUADRATURE));
      assertThat(bound).as("sequence %s", i).isGreaterThan(-Math.log(likelihood));
    }
  }

  private static List<int[]> orders() {
    List<int[]> orders = new ArrayList<>();
    for (int i = 0; i < Sequences.count(LENGTH, LENGTH); i++) {
      int[] order = Sequences.at(i, LENGTH, LENGTH);
      if (Arrays.stream(order).distinct().count() == LENGTH) {
        orders.add(order);
      }
    }
    return orders;
  }

  private static double natsInOrder(Denoiser denoiser, int[] clean, int[] order) {
    TokenBatch masked = TokenBatch.allMasked(VOCABULARY, 1, clean.length);
    int[] row = masked.row(0);
    double nats = 0;
    for (int n : order) {
      double[] logits =
          denoiser.logits(
                  new DenoiserInput(
                      TokenBatch.of(VOCABULARY, row), new double[] {0.5}, new int[] {n}))
              .toDoubleMatrix()[0];
      double total = Arrays.stream(logits).map(Math::exp).sum();
      nats -= logits[clean[n]] - Math.log(total);
      row[n] = clean[n];
    }
    return nats;
  }
}
