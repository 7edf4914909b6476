package org.md4j.toy;

import java.util.Arrays;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The best possible predictor under a state-dependent schedule: the posterior of each clean token
 * given which tokens are masked at t, by Bayes' rule over a table.
 *
 * <pre>
 *   p(x | x_t) ~ joint(x) product over masked n of (1 - alpha(t, x_n)) product over visible n of alpha(t, x_n)
 * </pre>
 *
 * <p>The second product is the same for all x that agree with the visible tokens. Logits are DOUBLE
 * log-probabilities.
 */
public final class StateDependentExactDenoiser implements HostDenoiser {
  private final StateDependentSchedule schedule;
  private final int length;
  private final double[] joint;

  /**
   * A predictor for a table.
   *
   * @param joint [V^N], positive, sums to 1, indexed as {@link Sequences} counts
   */
  public StateDependentExactDenoiser(StateDependentSchedule schedule, int length, double[] joint) {
    this.schedule = schedule;
    this.length = length;
    this.joint = joint.clone();
  }

  /** The table, [V^N]. */
  public double[] joint() {
    return joint.clone();
  }

  @Override
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    double[] logits = posterior(input.tokens().row(row), position, input.times()[row]);
    System.arraycopy(logits, 0, into, 0, into.length);
  }

  private double[] posterior(int[] noisy, int position, double time) {
    Vocabulary vocabulary = schedule.vocabulary();
    double[] masked = new double[vocabulary.size()];
    Arrays.setAll(masked, v -> schedule.oneMinusAlpha(time, v));
    double[] mass = new double[vocabulary.size()];
    for (int i = 0; i < joint.length; i++) {
      int[] tokens = Sequences.at(i, vocabulary.size(), length);
      double weight = joint[i];
      for (int n = 0; n < length; n++) {
        weight *=
            noisy[n] == vocabulary.maskId() ? masked[tokens[n]] : noisy[n] == tokens[n] ? 1 : 0;
      }
      mass[tokens[position]] += weight;
    }
    double total = Arrays.stream(mass).sum();
    if (total == 0) {
      throw new IllegalArgumentException(
          "row " + Arrays.toString(noisy) + " must be possible at time " + time);
    }
    return Arrays.stream(mass).map(m -> Math.log(m / total)).toArray();
  }
}
