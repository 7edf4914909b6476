package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.schedule.MaskingSchedule;

/**
 * What every {@link MaskingSchedule} promises. A schedule of your own is held to it by
 *
 * <pre>
 *   class MyScheduleTest extends MaskingScheduleContract {
 *     &#64;Override
 *     protected MaskingSchedule schedule() {
 *       return new MySchedule();
 *     }
 *   }
 * </pre>
 *
 * <p>alpha must be smooth on (0, 1); its derivative may be infinite at the ends.
 */
public abstract class MaskingScheduleContract {
  /** Rounding of a few operations in double on values near 1. */
  private static final double ROUNDING = 1e-12;

  /** Two ways of computing a ratio whose parts are each exact to a few bits. */
  private static final double RELATIVE_ROUNDING = 1e-9;

  /** Step of the central differences, and what rounding and the fourth-order error leave. */
  private static final double DIFFERENCE_STEP = 1e-4;

  private static final double DIFFERENCE = 1e-7;

  /** The quadrature's error where the derivative is infinite at an end. */
  private static final double QUADRATURE = 1e-7;

  private static final int GRID = 1000;

  /** The schedule under test; may be a new one each call. */
  protected abstract MaskingSchedule schedule();

  @Test
  protected final void alphaAndItsComplementAreProbabilitiesThatSumToOne() {
    grid(0, GRID)
        .forEach(
            t -> {
              double alpha = schedule().alpha(t);
              double complement = schedule().oneMinusAlpha(t);

              assertThat(alpha).as("alpha(%s)", t).isBetween(0.0, 1.0);
              assertThat(complement).as("oneMinusAlpha(%s)", t).isBetween(0.0, 1.0);
              assertThat(alpha + complement).as("sum at %s", t).isCloseTo(1, within(ROUNDING));
            });
  }

  @Test
  protected final void alphaIsStrictlyDecreasing() {
    for (int i = 0; i < GRID; i++) {
      double early = (double) i / GRID;
      double late = (double) (i + 1) / GRID;
      double alphaFalls = schedule().alpha(early) - schedule().alpha(late);
      double complementRises = schedule().oneMinusAlpha(late) - schedule().oneMinusAlpha(early);

      assertThat(Math.min(alphaFalls, complementRises))
          .as("change from %s to %s", early, late)
          .isNotNegative();
      // Where alpha is within rounding of 1 or 0, only the smaller of the two can show it.
      assertThat(Math.max(alphaFalls, complementRises))
          .as("change from %s to %s", early, late)
          .isPositive();
    }
  }

  @Test
  protected final void oneMinusAlphaIsNotComputedBySubtraction() {
    // In [1/2, 1] doubles are multiples of 2^-53, and so is their difference from 1; a complement
    // computed for itself has finer digits when it is small.
    double[] small =
        DoubleStream.of(0.033, 0.0033, 3.3e-4, 3.3e-5, 3.3e-6, 3.3e-7)
            .map(schedule()::oneMinusAlpha)
            .filter(complement -> complement < 0x1.0p-6)
            .toArray();
    boolean allOnLattice =
        DoubleStream.of(small).map(c -> c * 0x1.0p53).allMatch(c -> c == Math.rint(c));

    assertThat(small.length > 0 && allOnLattice)
        .as("values of oneMinusAlpha near t = 0 look like 1 - alpha(t), which has lost its digits")
        .isFalse();
  }

  @Test
  protected final void alphaPrimeIsTheCentralDifferenceOfAlpha() {
    grid(10, GRID - 10)
        .forEach(
            t -> {
              double coarse = centralDifference(t, DIFFERENCE_STEP);
              double fine = centralDifference(t, DIFFERENCE_STEP / 2);
              double derivative = (4 * fine - coarse) / 3;

              assertThat(schedule().alphaPrime(t))
                  .as("alphaPrime(%s)", t)
                  .isNotPositive()
                  .isCloseTo(derivative, within(DIFFERENCE * (1 + Math.abs(derivative))));
            });
  }

  @Test
  protected final void alphaPrimeIntegratesToTheChangeOfAlpha() {
    double integral = integral();

    assertThat(integral).isCloseTo(schedule().alpha(1) - schedule().alpha(0), within(QUADRATURE));
  }

  @Test
  protected final void weightIsMinusAlphaPrimeOverOneMinusAlpha() {
    grid(1, GRID)
        .forEach(
            t -> {
              double ratio = -schedule().alphaPrime(t) / schedule().oneMinusAlpha(t);

              assertThat(schedule().weight(t))
                  .as("weight(%s)", t)
                  .isNotNegative()
                  .isCloseTo(ratio, within(RELATIVE_ROUNDING * (1 + ratio)));
            });
  }

  @Test
  protected final void logSnrIsTheLogOddsOfAlpha() {
    grid(1, GRID - 1)
        .forEach(
            t -> {
              double odds = Math.log(schedule().alpha(t)) - Math.log(schedule().oneMinusAlpha(t));

              assertThat(schedule().logSnr(t))
                  .as("logSnr(%s)", t)
                  .isCloseTo(odds, within(RELATIVE_ROUNDING * (1 + Math.abs(odds))));
            });
  }

  @Test
  protected final void logSnrIsStrictlyDecreasing() {
    for (int i = 0; i < GRID; i++) {
      double early = (double) i / GRID;
      double late = (double) (i + 1) / GRID;

      assertThat(schedule().logSnr(late))
          .as("logSnr(%s) against logSnr(%s)", late, early)
          .isLessThan(schedule().logSnr(early));
    }
  }

  @Test
  protected final void inverseAlphaUndoesAlpha() {
    double first = schedule().alpha(0);
    double last = schedule().alpha(1);
    for (int i = 0; i <= GRID; i++) {
      // The two ends to the bit; rounding may push a value between out of neither.
      double alpha = i == 0 ? last : i == GRID ? first : last + (first - last) * i / GRID;
      double t = schedule().inverseAlpha(alpha);

      assertThat(t).as("inverseAlpha(%s)", alpha).isBetween(0.0, 1.0);
      assertThat(schedule().alpha(t))
          .as("alpha at inverseAlpha(%s)", alpha)
          .isCloseTo(alpha, within(ROUNDING));
    }
  }

  @Test
  protected final void inverseAlphaUndoesSmallAlphasToTheirLastDigits() {
    grid(1, GRID - 1)
        .filter(t -> schedule().alpha(t) < 0.5)
        .forEach(
            t -> {
              double alpha = schedule().alpha(t);

              assertThat(schedule().alpha(schedule().inverseAlpha(alpha)))
                  .as("alpha at inverseAlpha(%s)", alpha)
                  .isCloseTo(alpha, within(RELATIVE_ROUNDING * alpha));
            });
  }

  @Test
  protected final void inverseAlphaTakesRoundingBeyondTheRangeAsTheEnd() {
    double rounding = ROUNDING / 2;

    assertThat(schedule().inverseAlpha(schedule().alpha(0) + rounding)).isBetween(0.0, 1.0);
    assertThat(schedule().inverseAlpha(schedule().alpha(1) - rounding)).isBetween(0.0, 1.0);
  }

  @Test
  protected final void nearestTimeIsTheInverseWithinTheRangeAndTheEndBeyondIt() {
    double middle = (schedule().alpha(0) + schedule().alpha(1)) / 2;
    assertThat(schedule().nearestTime(middle)).isEqualTo(schedule().inverseAlpha(middle));
    assertThat(schedule().nearestTime(1)).isEqualTo(schedule().inverseAlpha(schedule().alpha(0)));
    assertThat(schedule().nearestTime(0)).isEqualTo(schedule().inverseAlpha(schedule().alpha(1)));
    assertThatThrownBy(() -> schedule().nearestTime(1.5))
        .hasMessage("alpha (1.5) must be in [0, 1]");
  }

  @Test
  protected final void inverseAlphaRejectsValuesTheScheduleNeverTakes() {
    double beyond = 1e-6;
    double[] outside = {schedule().alpha(0) + beyond, schedule().alpha(1) - beyond, Double.NaN};
    for (double alpha : outside) {
      assertThatThrownBy(() -> schedule().inverseAlpha(alpha))
          .as("inverseAlpha(%s)", alpha)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(alpha));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, 1.000001, Double.NaN, Double.POSITIVE_INFINITY})
  protected final void rejectsTimesOutsideZeroToOne(double t) {
    assertRejected("alpha", t, () -> schedule().alpha(t));
    assertRejected("oneMinusAlpha", t, () -> schedule().oneMinusAlpha(t));
    assertRejected("alphaPrime", t, () -> schedule().alphaPrime(t));
    assertRejected("weight", t, () -> schedule().weight(t));
    assertRejected("logSnr", t, () -> schedule().logSnr(t));
  }

  private static void assertRejected(String method, double t, Runnable call) {
    assertThatThrownBy(call::run)
        .as("%s(%s)", method, t)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(t));
  }

  private static DoubleStream grid(int from, int to) {
    return DoubleStream.iterate(from, i -> i <= to, i -> i + 1).map(i -> i / GRID);
  }

  private double centralDifference(double t, double step) {
    // From whichever of alpha and its complement is small, hence precise.
    double change =
        schedule().alpha(t) > 0.5
            ? schedule().oneMinusAlpha(t - step) - schedule().oneMinusAlpha(t + step)
            : schedule().alpha(t + step) - schedule().alpha(t - step);
    return change / (2 * step);
  }

  /**
   * The integral of alphaPrime over (0, 1) by the tanh-sinh rule, {@code t = 1/(1 + exp(-pi sinh
   * u))}: exponentially convergent even where the integrand is infinite at an end.
   */
  private double integral() {
    double step = 1.0 / 64;
    double sum = 0;
    for (int i = -256; i <= 256; i++) {
      double u = i * step;
      double t = 1 / (1 + Math.exp(-Math.PI * Math.sinh(u)));
      double rest = 1 / (1 + Math.exp(Math.PI * Math.sinh(u)));
      if (t > 0 && t < 1) {
        sum += step * schedule().alphaPrime(t) * Math.PI * Math.cosh(u) * t * rest;
      }
    }
    return sum;
  }
}
