package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;

class RunningBaselineTest {
  private static final double DECAY = 0.99;
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final ToyDenoiser DENOISER = new ToyDenoiser(VOCABULARY);
  private static final StateDependentElbo ELBO =
      StateDependentElbo.of(LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.6, 1, 2))
          .withMaskSamples(MaskSamples.SINGLE);

  /** Two in part 4 of 16, one in part 15. */
  private static final double[] LEVELS = {0.26, 0.31, Math.nextDown(1.0)};

  private static final TokenBatch CLEAN =
      TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {2, 2, 1}, new int[] {1, 0, 0});

  @Test
  void isZeroBeforeTheFirstStep() {
    for (double level : new double[] {0, 0.3, Math.nextDown(1.0)}) {
      assertThat(RunningBaseline.none().at(level)).isZero();
    }
  }

  @Test
  void isTheMeanOfWhatHasBeenSeenInThePartOfTheLevel() {
    RunningBaseline baseline =
        RunningBaseline.none().after(List.of(step(0, RunningBaseline.none())));

    double[] bounds = bounds(0);
    for (double level : new double[] {0.25, 0.28, Math.nextDown(0.3125)}) {
      assertThat(baseline.at(level))
          .isCloseTo((bounds[0] + bounds[1]) / 2, within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(baseline.at(0.95)).isCloseTo(bounds[2], within(Tolerance.EXACT_DOUBLE));
    assertThat(baseline.at(Math.nextDown(0.25))).isZero();
    assertThat(baseline.at(0.3125)).isZero();
  }

  @Test
  void laterStepsCountMore() {
    RunningBaseline baseline =
        RunningBaseline.none()
            .after(List.of(step(0, RunningBaseline.none())))
            .after(List.of(step(1, RunningBaseline.none())));

    double[] first = bounds(0);
    double[] second = bounds(1);
    assertThat(baseline.at(0.3))
        .isCloseTo(
            (DECAY * (first[0] + first[1]) + second[0] + second[1]) / (2 * DECAY + 2),
            within(Tolerance.EXACT_DOUBLE));
    assertThat(baseline.at(0.95))
        .isCloseTo((DECAY * first[2] + second[2]) / (DECAY + 1), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void stepsThatSeeNothingLeaveTheMeans() {
    RunningBaseline once = RunningBaseline.none().after(List.of(step(0, RunningBaseline.none())));
    RunningBaseline later = once;
    for (int step = 0; step < 5000; step++) {
      later = later.after(List.of());
    }

    assertThat(later.at(0.3)).isCloseTo(once.at(0.3), within(Tolerance.EXACT_DOUBLE));
    assertThat(later.at(0.6)).isZero();
  }

  @Test
  void doesNotDependOnHowRowsAreSpreadOverThreads() {
    StateDependentLoss one = ELBO.trainingLoss(new LogitWorkspace());
    one.add(new GradientRecorder(DENOISER), rows(0, 0, 1), 1);
    StateDependentLoss other = ELBO.trainingLoss(new LogitWorkspace());
    other.add(new GradientRecorder(DENOISER), rows(0, 1, 3), 1);

    RunningBaseline spread = RunningBaseline.none().after(List.of(one, other));
    RunningBaseline whole = RunningBaseline.none().after(List.of(step(0, RunningBaseline.none())));

    for (double level : LEVELS) {
      assertThat(spread.at(level)).isCloseTo(whole.at(level), within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** With what came before, not with what the step itself adds to it. */
  @Test
  void stepIsComparedWithTheStepsBeforeItOnly() {
    RunningBaseline before = RunningBaseline.none().after(List.of(step(0, RunningBaseline.none())));
    double[] expected = DoubleStream.of(LEVELS).map(before::at).toArray();

    StateDependentLoss compared = step(1, before);
    StateDependentLoss alone = step(1, RunningBaseline.none());
    before.after(List.of(compared));

    assertThat(DoubleStream.of(LEVELS).map(before::at).toArray()).containsExactly(expected);
    double[] logarithms = logarithms(1);
    double difference = 0;
    for (int b = 0; b < LEVELS.length; b++) {
      difference -= expected[b] * logarithms[b];
    }
    assertThat(compared.surrogate() - alone.surrogate())
        .isCloseTo(difference, within(Tolerance.EXACT_DOUBLE * 100));
    assertThat(compared.nats()).isEqualTo(alone.nats());
  }

  @Test
  void rejectsOtherNumbersOfParts() {
    List<Double> right = Collections.nCopies(RunningBaseline.BINS, 0.0);
    List<Double> wrong = Collections.nCopies(RunningBaseline.BINS - 1, 0.0);

    assertThatThrownBy(() -> new RunningBaseline(wrong, right))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("15 and 16");
    assertThatThrownBy(() -> new RunningBaseline(right, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 and 15");
  }

  private static StateDependentLoss step(int number, RunningBaseline baseline) {
    StateDependentLoss loss = ELBO.withBaseline(baseline).trainingLoss(new LogitWorkspace());
    loss.add(new GradientRecorder(DENOISER), rows(number, 0, 3), 1);
    return loss;
  }

  private static TrainingRows rows(int step, int from, int to) {
    return new TrainingRows(
        Rows.of(CLEAN.rows(from, to)).withFirstExample(from),
        Arrays.copyOfRange(LEVELS, from, to),
        masks(step),
        masks(step));
  }

  private static Uniforms masks(int step) {
    return new CounterRandom(2).uniforms(Purpose.MASK, step);
  }

  /** The diffusion terms of a step's rows. */
  private static double[] bounds(int step) {
    return ELBO.estimate(ELBO.noise(Rows.of(CLEAN), LEVELS, masks(step)), DENOISER).stream()
        .mapToDouble(ElboTerms::diffusion)
        .toArray();
  }

  /** {@code ln q(z | x_0)} of a step's rows. */
  private static double[] logarithms(int step) {
    double[] sums = new double[LEVELS.length];
    for (int b = 0; b < sums.length; b++) {
      double time = ELBO.firstTime() + (1 - ELBO.firstTime()) * LEVELS[b];
      for (int n = 0; n < CLEAN.length(); n++) {
        double alpha = ELBO.schedule().alpha(time, CLEAN.row(b)[n]);
        sums[b] += Math.log(masks(step).at(b, n) < alpha ? alpha : 1 - alpha);
      }
    }
    return sums;
  }
}
