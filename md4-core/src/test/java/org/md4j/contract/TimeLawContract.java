package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.process.TimeLaw;

/**
 * What every {@link TimeLaw} promises: times and density are of one law on [0, 1], so that weighing
 * by 1 / density leaves every expectation what it is under uniform times. A law of your own is held
 * to it by
 *
 * <pre>
 *   class MyTimesTest extends TimeLawContract {
 *     &#64;Override
 *     protected TimeLaw law() {
 *       return new MyTimes();
 *     }
 *   }
 * </pre>
 */
public abstract class TimeLawContract {
  private static final int GRID = 100_000;

  /** What the mean over a grid is from the integral, a density with a few jumps included. */
  private static final double QUADRATURE = 2e-4;

  /** The gap that a law may leave at the ends: the grid's distance, and rounding. */
  private static final double END = 1e-3;

  /** The law under test; may be a new one each call. */
  protected abstract TimeLaw law();

  @Test
  protected final void timesIncreaseFromZeroToOne() {
    double before = law().time(0);

    assertThat(before).as("time(0)").isBetween(0.0, END);
    for (int i = 1; i < GRID; i++) {
      double time = law().time((double) i / GRID);
      assertThat(time).as("time(%s / %s)", i, GRID).isGreaterThan(before).isLessThan(1);
      before = time;
    }
    assertThat(law().time(Math.nextDown(1.0))).as("the last time").isBetween(1 - END, 1.0);
    assertThat(law().time(Math.nextDown(1.0))).isLessThan(1);
  }

  @Test
  protected final void densityIsPositiveAndTheWeightIsItsReciprocal() {
    for (int i = 1; i < GRID; i++) {
      double time = (double) i / GRID;
      double density = law().density(time);
      assertThat(density).as("density(%s)", time).isPositive().isFinite();
      assertThat(law().weight(time) * density).as("at %s", time).isCloseTo(1, within(QUADRATURE));
    }
    for (double end : new double[] {0, 1}) {
      assertThat(law().weight(end)).as("weight(%s)", end).isNotNegative().isFinite();
    }
  }

  @Test
  protected final void weighedExpectationsAreThoseUnderUniformTimes() {
    assertExpectation("1", t -> 1, 1);
    assertExpectation("t", t -> t, 1.0 / 2);
    assertExpectation("t^2", t -> t * t, 1.0 / 3);
    assertExpectation("cos(2 pi t)", t -> Math.cos(2 * Math.PI * t), 0);
    assertExpectation("sin(2 pi t)", t -> Math.sin(2 * Math.PI * t), 0);
  }

  private void assertExpectation(String name, DoubleUnaryOperator function, double expected) {
    TimeLaw law = law();
    double sum = 0;
    for (int i = 0; i < GRID; i++) {
      double time = law.time((i + 0.5) / GRID);
      sum += law.weight(time) * function.applyAsDouble(time);
    }
    assertThat(sum / GRID).as("expectation of %s", name).isCloseTo(expected, within(QUADRATURE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, 1.1, Double.NaN})
  protected final void rejectsWhatIsNoTime(double number) {
    assertThatThrownBy(() -> law().time(number)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> law().density(number)).isInstanceOf(IllegalArgumentException.class);
  }
}
