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
 * The bound in continuous time, the objective of MD4.
 *
 * <pre>
 *   L = integral over t in [0, 1] of w(t) E[sum over masked n of -ln mu(x_t, t)[n, x_0[n]]] dt
 *   w(t) = -alpha'(t) / (1 - alpha(t))
 * </pre>
 *
 * <p>The level of a row is its time t and the weight is w(t). If the network does not depend on
 * time, or only through alpha, the expectation is the same for every schedule with the same ends;
 * the schedule then only sets the variance.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (5); the reference code's loss with {@code
 * cont_time=True} (google-deepmind/md4, commit b9fbf29).
 *
 * <p>Deviation: the reference code sets the prior term to 0. Its clipped schedule leaves {@code
 * alpha(1) = 1e-4}, so a valid bound has {@code N alpha(1) ln V} on top; here it is counted.
 *
 * @param schedule alpha; clip it for training, or a token masked at t near 0 has a huge weight
 */
public record ContinuousTimeElbo(MaskingSchedule schedule) implements Elbo {
  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    return new ForwardProcess(schedule).noise(clean, levels, uniforms);
  }

  @Override
  public double[] weights(NoisedBatch batch) {
    return Arrays.stream(batch.times()).map(schedule::weight).toArray();
  }

  @Override
  public double reconstruction(int length, Vocabulary vocabulary) {
    return EndTerms.reconstruction(schedule, length, vocabulary);
  }

  @Override
  public double prior(int length, Vocabulary vocabulary) {
    return EndTerms.prior(schedule, length, vocabulary);
  }
}
