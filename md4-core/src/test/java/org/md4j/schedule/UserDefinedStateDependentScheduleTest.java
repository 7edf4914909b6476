package org.md4j.schedule;

import org.junit.jupiter.api.Nested;
import org.md4j.contract.StateDependentScheduleContract;
import org.md4j.core.Checks;
import org.md4j.core.Vocabulary;
import org.md4j.toy.TokenSchedules;

/** Schedules written with the abstract methods alone get everything else from the defaults. */
class UserDefinedStateDependentScheduleTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);

  /** {@code alpha = (1 - t)^exp(raw_v)}: the polynomial seen from the other end. */
  private static final class FallingPowers implements StateDependentSchedule {
    private final double[] raw;

    FallingPowers(double... raw) {
      this.raw = raw.clone();
      for (double value : raw) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("raw (" + value + ") must be finite");
        }
      }
    }

    @Override
    public Vocabulary vocabulary() {
      return VOCABULARY;
    }

    @Override
    public double alpha(double t, int token) {
      return Math.pow(1 - Checks.time(t), power(token));
    }

    @Override
    public double oneMinusAlpha(double t, int token) {
      return -Math.expm1(power(token) * Math.log1p(-Checks.time(t)));
    }

    @Override
    public double alphaPrime(double t, int token) {
      return -power(token) * Math.pow(1 - Checks.time(t), power(token) - 1);
    }

    @Override
    public double[] parameters() {
      return raw.clone();
    }

    @Override
    public StateDependentSchedule withParameters(double... raw) {
      if (raw.length != VOCABULARY.size()) {
        throw new IllegalArgumentException("raw must have shape [3], got [" + raw.length + "]");
      }
      return new FallingPowers(raw);
    }

    @Override
    public void addGradient(
        double t,
        int token,
        double ofLogAlpha,
        double ofLogOneMinusAlpha,
        double ofWeight,
        double[] gradient) {
      if (gradient.length != raw.length) {
        throw new IllegalArgumentException(
            "gradient must have shape [3], got [" + gradient.length + "]");
      }
      double power = power(token);
      double log = Math.log1p(-Checks.time(t));
      double complement = oneMinusAlpha(t, token);
      double ofPower = ofLogAlpha == 0 ? 0 : ofLogAlpha * log;
      double alpha = alpha(t, token);
      // alpha ln(alpha) vanishes with alpha.
      ofPower +=
          ofLogOneMinusAlpha == 0 || alpha == 0
              ? 0
              : -ofLogOneMinusAlpha * log * alpha / complement;
      ofPower += ofWeight == 0 ? 0 : ofWeight * weight(t, token) * (1 / power + log / complement);
      gradient[token] += ofPower * power;
    }

    private double power(int token) {
      return Math.exp(raw[Checks.token(VOCABULARY, token)]);
    }
  }

  @Nested
  class WithAPowerForEachToken extends StateDependentScheduleContract {
    @Override
    protected StateDependentSchedule schedule() {
      return new FallingPowers(0.2, 0.7, 1.1);
    }
  }

  @Nested
  class WithAMaskingScheduleForEachToken extends StateDependentScheduleContract {
    @Override
    protected StateDependentSchedule schedule() {
      return TokenSchedules.of(
          MaskingSchedule.linear().clipped(0.05),
          MaskingSchedule.cosine(),
          MaskingSchedule.polynomial(2));
    }
  }
}
