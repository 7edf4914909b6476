package org.md4j.objective;

import java.util.Arrays;
import java.util.Optional;
import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.ForwardProcess;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * The bound of an ancestral sampler that takes T steps on the uniform grid.
 *
 * <pre>
 *   L_T = sum over i = 1..T of (alpha(s) - alpha(t)) / (1 - alpha(t))
 *           E[sum over masked n of -ln mu(x_t, t)[n, x_0[n]]]           t = i/T, s = (i-1)/T
 * </pre>
 *
 * <p>The level of a row picks one i, {@code t = (floor(level T) + 1)/T}, and the weight is T times
 * the probability of a reveal between t and s. For a good predictor L_T falls towards the bound of
 * {@link ContinuousTimeElbo}, at first order in 1/T.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 3, the sum L_T before equation (4), whose terms are
 * worked out from equation (19); the reference code's loss with {@code cont_time=False}
 * (google-deepmind/md4, commit b9fbf29).
 *
 * <p>Deviation: the paper sums from i = 2 and reconstructs x_0 from the first time of the grid by
 * guessing uniformly. Here, as in the reference code, the sum begins at i = 1 and only what is
 * masked at time 0 is guessed: a tighter bound, and the one that fits a sampler which asks the
 * network in its last step too. Unlike the reference code's, the prior term is counted.
 *
 * @param schedule alpha
 * @param steps T, at least 1
 */
public record DiscreteTimeElbo(MaskingSchedule schedule, int steps) implements Elbo {
  /** Rejects a bound without steps. */
  public DiscreteTimeElbo {
    if (steps < 1) {
      throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
    }
  }

  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    double[] times =
        Arrays.stream(levels)
            // A level just below 1 may round up to T.
            .map(level -> Math.min(Math.floor(level * steps) + 1, steps) / steps)
            .toArray();
    return new ForwardProcess(schedule).noise(clean, times, uniforms);
  }

  @Override
  public double[] weights(NoisedBatch batch) {
    ForwardProcess process = new ForwardProcess(schedule);
    return Arrays.stream(batch.times())
        .map(
            time -> {
              // From the index, so that the first step ends at time 0 exactly.
              long i = Math.max(1, Math.round(time * steps));
              return steps * process.unmaskProbability((double) (i - 1) / steps, time);
            })
        .toArray();
  }

  @Override
  public double reconstruction(int length, Vocabulary vocabulary) {
    return EndTerms.reconstruction(schedule, length, vocabulary);
  }

  @Override
  public double prior(int length, Vocabulary vocabulary) {
    return EndTerms.prior(schedule, length, vocabulary);
  }

  /** Returns nothing: the bound is one of T steps. */
  @Override
  public Optional<Objective> inMaskCounts() {
    return Optional.empty();
  }
}
