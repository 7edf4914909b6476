package org.md4j.likelihood;

import java.util.Arrays;
import java.util.List;
import org.md4j.core.Checks;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;

/**
 * Measures the negative evidence lower bound of a text, for a budget or until it is sure enough.
 *
 * <pre>{@code
 * var estimator = new LikelihoodEstimator(
 *     denoiser, rows, LikelihoodProtocol.maskCount(schedule, 4), new CounterRandom(1));
 * LikelihoodEstimate estimate = estimator.untilPrecision(0.005, 100_000); // bits per token
 * }</pre>
 *
 * <p>Rows come in an order drawn by the seed, without replacement, in groups of {@link
 * LikelihoodProtocol#rowsTogether}; a group is one observation. When every row has been seen, a
 * second pass over the same groups uses new levels and masks, and the observations of a group are
 * averaged before the error is computed: see {@link LikelihoodEstimate} for what the error means.
 *
 * <p>Deterministic: the result depends on the seed, the protocol and the budget, and on how many
 * rows go to the network in a call only as far as the network's rounding does. A budget is counted
 * in rows given to the network; a larger one sees what a smaller one has seen and more.
 *
 * <p>Uses the denoiser from the calling thread.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 5, for the protocol of the paper; Kingma et al.,
 * arXiv 2107.00630, for spreading the times.
 */
public final class LikelihoodEstimator {
  /** The groups before the first look at the error: fewer would often be sure by luck. */
  private static final int LEAST_GROUPS = 32;

  /** The divisor of the number of groups that gives its growth between looks at the error. */
  private static final int GROWTH = 8;

  static final int ROWS_PER_CALL = 64;

  private final Denoiser denoiser;
  private final RowSource rows;
  private final LikelihoodProtocol protocol;
  private final CounterRandom random;
  private final GroupSampler sampler;
  private final int rowsPerCall;

  /**
   * Makes an estimator that gives the network 64 rows at a time.
   *
   * @param denoiser a network, told the labels of the rows; its answers are overwritten
   * @param rows held-out data, at least two groups of the protocol; without labels for a network
   *     without classes
   * @param protocol how to measure
   * @param random the seed
   */
  public LikelihoodEstimator(
      Denoiser denoiser, RowSource rows, LikelihoodProtocol protocol, CounterRandom random) {
    this(denoiser, rows, protocol, random, ROWS_PER_CALL);
  }

  private LikelihoodEstimator(
      Denoiser denoiser,
      RowSource rows,
      LikelihoodProtocol protocol,
      CounterRandom random,
      int rowsPerCall) {
    this.denoiser = denoiser;
    this.rows = rows;
    this.protocol = protocol;
    this.random = random;
    this.sampler = new GroupSampler(rows, protocol, random);
    this.rowsPerCall = Checks.atLeastOne("rowsPerCall", rowsPerCall);
  }

  /**
   * Returns the same estimator with another size of calls.
   *
   * @param rowsPerCall rows given to the network at once, at most; at least 1
   */
  public LikelihoodEstimator withRowsPerCall(int rowsPerCall) {
    return new LikelihoodEstimator(denoiser, rows, protocol, random, rowsPerCall);
  }

  /**
   * Measures for a budget.
   *
   * @param evaluations rows that may be given to the network; as many whole groups are measured as
   *     fit, at least two
   * @throws IllegalArgumentException if it does not pay for two groups
   */
  public LikelihoodEstimate estimate(long evaluations) {
    GroupMeans means = new GroupMeans(sampler);
    measure(means, sampler.observations(evaluations));
    return sampler.estimate(means);
  }

  /**
   * Measures for a budget, group by group. Networks of different objectives can be paired by this:
   * estimators of the same rows, seed and rows together have the same rows in the same groups, and
   * with as many draws the same levels, whatever their objectives.
   *
   * @param evaluations as for {@link #estimate}
   * @return the mean of each group in the order they were measured, bits per token, [groups]; all
   *     of as many rows, but for the last of the text
   * @throws IllegalArgumentException if it does not pay for two groups
   */
  public double[] groupMeans(long evaluations) {
    GroupMeans means = new GroupMeans(sampler);
    measure(means, sampler.observations(evaluations));
    double[] bits = means.values();
    Arrays.setAll(bits, group -> bits[group] / Nats.PER_BIT);
    return bits;
  }

  /**
   * Measures until the standard error is small enough, or the budget is spent; {@link
   * LikelihoodEstimate#reachedPrecision} tells which.
   *
   * <p>Looking at the error after every observation would stop where it happens to be small, and
   * make the interval too short. So it is looked at first after {@value #LEAST_GROUPS} groups and
   * then each time their number has grown by an eighth, by {@value #LEAST_GROUPS} at least. What is
   * left of the effect shrinks with the number of groups at the end. Passes after the first do not
   * lower the error that comes from having these rows only, so a small text may never reach a small
   * error.
   *
   * @param standardError wanted, bits per token, positive
   * @param mostEvaluations rows that may be given to the network
   * @throws IllegalArgumentException if it does not pay for two groups
   */
  public LikelihoodEstimate untilPrecision(double standardError, long mostEvaluations) {
    if (!(standardError > 0)) {
      throw new IllegalArgumentException(
          "standardError (" + standardError + ") must be positive, in bits per token");
    }
    long most = sampler.observations(mostEvaluations);
    double nats = standardError * Nats.PER_BIT;
    GroupMeans means = new GroupMeans(sampler);
    long next = Math.min(LEAST_GROUPS, most);
    measure(means, next);
    while (next < most && means.standardError() > nats) {
      next = Math.min(most, next + Math.max(LEAST_GROUPS, next / GROWTH));
      measure(means, next);
    }
    return sampler.estimate(means);
  }

  private void measure(GroupMeans means, long observations) {
    sampler.observe(
        means.observations(), observations, rowsPerCall, List.of(denoiser), List.of(means));
  }
}
