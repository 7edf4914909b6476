package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.contract.MaskingScheduleContract;

/** Schedules with the three abstract methods alone get everything else from the defaults. */
class UserDefinedScheduleTest {
  /** {@code alpha = (1 - t)^2}: masks fast at first; 1 - alpha = t (2 - t). */
  private record SquareSchedule() implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return (1 - checked(t)) * (1 - t);
    }

    @Override
    public double oneMinusAlpha(double t) {
      return checked(t) * (2 - t);
    }

    @Override
    public double alphaPrime(double t) {
      return -2 * (1 - checked(t));
    }

    private static double checked(double t) {
      if (t >= 0 && t <= 1) {
        return t;
      }
      throw new IllegalArgumentException("time (" + t + ") must be in [0, 1]");
    }
  }

  /** Another schedule without its closed forms. */
  private record WithDefaults(MaskingSchedule schedule) implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return schedule.alpha(t);
    }

    @Override
    public double oneMinusAlpha(double t) {
      return schedule.oneMinusAlpha(t);
    }

    @Override
    public double alphaPrime(double t) {
      return schedule.alphaPrime(t);
    }
  }

  @Nested
  class Square extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return new SquareSchedule();
    }
  }

  @Nested
  class SquareClipped extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return new SquareSchedule().clipped(ClippedSchedule.REFERENCE_EPSILON);
    }
  }

  @Nested
  class CosineWithDefaults extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return new WithDefaults(MaskingSchedule.cosine());
    }
  }

  @Nested
  class GeometricWithDefaults extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return new WithDefaults(MaskingSchedule.geometric(1e-5, 20));
    }
  }

  @Test
  void defaultInverseFindsTimesNearZeroToTheirLastDigits() {
    MaskingSchedule linear = new WithDefaults(MaskingSchedule.linear());
    double early = 0x1.0p-40;

    assertThat(linear.inverseAlpha(1 - early) / early).isCloseTo(1, within(EXACT_DOUBLE));
  }

  @Test
  void defaultInverseReturnsTheEndsExactly() {
    MaskingSchedule square = new SquareSchedule();

    assertThat(square.inverseAlpha(1)).isZero();
    assertThat(square.inverseAlpha(0)).isEqualTo(1);
  }
}
