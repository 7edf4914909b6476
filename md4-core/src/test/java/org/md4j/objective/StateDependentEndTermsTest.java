package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.ExactStateDependentElbo;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.UnequalEnds;

class StateDependentEndTermsTest {
  private static final double FIRST_TIME = 0.05;
  private static final double STEP = 1e-5;
  private static final int[] ROW = {2, 0, 2, 1, 2};
  private static final long[] COUNTS = {1, 1, 3};

  private static List<StateDependentSchedule> schedules(long seed) {
    double[] raw = new Random(seed).doubles(3, -1, 2).toArray();
    Vocabulary vocabulary = new Vocabulary(3);
    return List.of(
        new UnequalEnds(raw),
        LearnedPolynomialSchedule.of(vocabulary, 0.1, raw),
        LearnedPolynomialSchedule.of(vocabulary, 0.1, raw[0]));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void areTheExactDivergences(long seed) {
    for (StateDependentSchedule schedule : schedules(seed)) {
      StateDependentEndTerms ends = new StateDependentEndTerms(schedule, FIRST_TIME);
      ExactStateDependentElbo exact =
          new ExactStateDependentElbo(schedule, FIRST_TIME, FixedDenoiser.uniform(3));

      for (int token = 0; token < 3; token++) {
        assertThat(ends.prior(new int[] {token}))
            .isNotNegative()
            .isCloseTo(exact.prior(token), within(Tolerance.EXACT_DOUBLE));
        assertThat(ends.reconstruction(new int[] {token}))
            .isNotNegative()
            .isCloseTo(exact.reconstruction(token), within(Tolerance.EXACT_DOUBLE));
      }
      assertThat(ends.prior(ROW)).isCloseTo(exact.prior(ROW), within(Tolerance.EXACT_DOUBLE));
      assertThat(ends.reconstruction(ROW))
          .isCloseTo(exact.reconstruction(ROW), within(Tolerance.EXACT_DOUBLE));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void gradientIsThatOfFiniteDifferences(long seed) {
    for (StateDependentSchedule schedule : schedules(seed)) {
      double[] gradient = new double[schedule.parameters().length];
      new StateDependentEndTerms(schedule, FIRST_TIME).addGradient(COUNTS, 0.3, gradient);
      new StateDependentEndTerms(schedule, FIRST_TIME).addGradient(COUNTS, 0.4, gradient);

      for (int p = 0; p < gradient.length; p++) {
        double slope = (moved(schedule, p, STEP) - moved(schedule, p, -STEP)) / (2 * STEP);
        assertThat(gradient[p])
            .as("%s, parameter %s", schedule, p)
            .isCloseTo(0.7 * slope, within(Tolerance.FINITE_DIFFERENCE));
      }
    }
  }

  /** With one alpha(1) the mask's divergence is nothing, whatever the rounding. */
  @Test
  void priorOfEqualEndsIsThatOfMd4() {
    for (double epsilon : new double[] {0, 1e-4, 0.3}) {
      LearnedPolynomialSchedule schedule =
          LearnedPolynomialSchedule.of(new Vocabulary(3), epsilon, 0.1, 0.2, 0.3);
      assertThat(new StateDependentEndTerms(schedule, FIRST_TIME).prior(ROW))
          .isNotNegative()
          .isCloseTo(5 * epsilon * Math.log(3), within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** A value of so great a power that it is never masked at t1 is never guessed there. */
  @Test
  void valuesThatAreNeverMaskedAtTheFirstTimeCostNothing() {
    Vocabulary vocabulary = new Vocabulary(2);
    for (double[] powers : new double[][] {{200, 1}, {200, 300}, {200}}) {
      LearnedPolynomialSchedule schedule = LearnedPolynomialSchedule.ofPowers(vocabulary, powers);
      StateDependentEndTerms ends =
          new StateDependentEndTerms(schedule, StateDependentElbo.REFERENCE_FIRST_TIME);
      double[] gradient = new double[powers.length];
      ends.addGradient(new long[] {1, 1}, 1, gradient);

      assertThat(ends.reconstruction(new int[] {0})).isZero();
      assertThat(gradient[0]).isCloseTo(0, within(Tolerance.EXACT_DOUBLE));
      assertThat(ends.reconstruction(new int[] {0, 1})).isBetween(0.0, Tolerance.EXACT_DOUBLE);
      assertThat(gradient).doesNotContain(Double.NaN);
    }
  }

  private static double moved(StateDependentSchedule schedule, int parameter, double by) {
    double[] raw = schedule.parameters();
    raw[parameter] += by;
    StateDependentEndTerms ends =
        new StateDependentEndTerms(schedule.withParameters(raw), FIRST_TIME);
    return ends.reconstruction(ROW) + ends.prior(ROW);
  }
}
