package org.md4j.objective;

import java.util.ArrayList;
import java.util.List;
import org.md4j.schedule.MaskingSchedule;

/** The schedules that laws of the objective are checked for. */
final class Schedules {
  /** With so little noise at the start and so much at the end, alpha runs from 1 to 0 in double. */
  private static final MaskingSchedule WIDE_GEOMETRIC = MaskingSchedule.geometric(1e-13, 40);

  private Schedules() {}

  /** Schedules whose alpha runs from 1 to 0. */
  static List<MaskingSchedule> full() {
    return List.of(
        MaskingSchedule.linear(),
        MaskingSchedule.cosine(),
        MaskingSchedule.polynomial(2),
        MaskingSchedule.polynomial(3),
        MaskingSchedule.polynomial(0.5),
        WIDE_GEOMETRIC,
        new SmoothStep());
  }

  /** The same, clipped. */
  static List<MaskingSchedule> clipped(double epsilon) {
    List<MaskingSchedule> clipped = new ArrayList<>();
    full().forEach(schedule -> clipped.add(schedule.clipped(epsilon)));
    return clipped;
  }

  /** What a user might write: the three methods without a default, alpha = 1 - t^2 (3 - 2t). */
  record SmoothStep() implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return (1 - t) * (1 - t) * (1 + 2 * t);
    }

    @Override
    public double oneMinusAlpha(double t) {
      return t * t * (3 - 2 * t);
    }

    @Override
    public double alphaPrime(double t) {
      return -6 * t * (1 - t);
    }
  }
}
