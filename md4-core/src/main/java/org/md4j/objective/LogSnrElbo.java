package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.ForwardProcess;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * The continuous-time bound with the log signal-to-noise ratio as its clock.
 *
 * <pre>
 *   L = integral over lambda in [lambda(1), lambda(0)] of
 *         sigma(lambda) E[sum over masked n of -ln mu(x_lambda, lambda)[n, x_0[n]]] d lambda
 *   sigma(lambda) = alpha,  lambda(t) = ln(alpha(t)) - ln(1 - alpha(t))
 * </pre>
 *
 * <p>In this form only the ends of the schedule appear, which is why the bound does not depend on
 * its shape. The level of a row is spread evenly over lambda, from lambda(0) at level 0 down to
 * lambda(1); the weight is {@code alpha(t) (lambda(0) - lambda(1))}. Same expectation as {@link
 * ContinuousTimeElbo}, and a weight that stays below {@code lambda(0) - lambda(1)}: at most 18.5
 * for a schedule clipped at 1e-4.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 3, the unnumbered integral over lambda between
 * equations (4) and (5), which shows the invariance; uniform sampling in lambda is ours.
 *
 * @param schedule alpha, with a finite log-SNR at both ends
 */
public record LogSnrElbo(MaskingSchedule schedule) implements Elbo {
  /** Rejects a schedule whose log-SNR is not finite. */
  public LogSnrElbo {
    if (!Double.isFinite(range(schedule))) {
      throw new IllegalArgumentException(
          "schedule ("
              + schedule
              + ") must have a finite log-SNR at both ends, got "
              + schedule.logSnr(0)
              + " at t = 0 and "
              + schedule.logSnr(1)
              + " at t = 1; use schedule.clipped(1e-4)");
    }
  }

  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    double[] times = Arrays.stream(levels).map(this::time).toArray();
    return new ForwardProcess(schedule).noise(clean, times, uniforms);
  }

  @Override
  public double[] weights(NoisedBatch batch) {
    double range = range(schedule);
    return Arrays.stream(batch.times()).map(time -> schedule.alpha(time) * range).toArray();
  }

  @Override
  public double reconstruction(int length, Vocabulary vocabulary) {
    return EndTerms.reconstruction(schedule, length, vocabulary);
  }

  @Override
  public double prior(int length, Vocabulary vocabulary) {
    return EndTerms.prior(schedule, length, vocabulary);
  }

  private double time(double level) {
    double logSnr = schedule.logSnr(0) - level * range(schedule);
    double alpha = 1 / (1 + Math.exp(-logSnr));
    return schedule.inverseAlpha(Math.max(schedule.alpha(1), Math.min(schedule.alpha(0), alpha)));
  }

  /** Computes {@code lambda(0) - lambda(1)}, positive. */
  private static double range(MaskingSchedule schedule) {
    return schedule.logSnr(0) - schedule.logSnr(1);
  }
}
