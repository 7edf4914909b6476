package org.md4j.likelihood;

import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;

/**
 * A comparison of two networks on the same rows with the same levels and masks.
 *
 * <p>What makes a group easy or hard makes it so for both networks: the error of the difference is
 * that of the groups' differences, for similar networks far smaller than the errors of the two
 * bounds.
 *
 * @param first the first network's bound
 * @param second the second network's bound, of the same rows, protocol and seed
 * @param difference {@code first - second}, bits per token; positive if the second network is the
 *     better one
 * @param standardError of the difference, bits per token, for rows seen as a sample of the text as
 *     in {@link LikelihoodEstimate}
 */
public record PairedComparison(
    LikelihoodEstimate first, LikelihoodEstimate second, double difference, double standardError) {
  /** Rejects estimates that do not belong together. */
  public PairedComparison {
    if (first.seed() != second.seed()
        || first.groups() != second.groups()
        || !first.protocol().equals(second.protocol())) {
      throw new IllegalArgumentException(
          "second must be measured as first was, " + first + ", got " + second);
    }
  }

  /**
   * Measures two networks on common rows, levels and masks.
   *
   * @param first a network, told the labels of the rows
   * @param second another one
   * @param rows held-out text, at least two groups of the protocol
   * @param protocol how to measure
   * @param random the seed
   * @param evaluationsEach rows that may be given to each network; at least two groups
   */
  public static PairedComparison of(
      Denoiser first,
      Denoiser second,
      RowSource rows,
      LikelihoodProtocol protocol,
      CounterRandom random,
      long evaluationsEach) {
    GroupSampler sampler = new GroupSampler(rows, protocol, random);
    GroupMeans ofFirst = new GroupMeans(sampler);
    GroupMeans ofSecond = new GroupMeans(sampler);
    sampler.observe(
        0,
        sampler.observations(evaluationsEach),
        LikelihoodEstimator.ROWS_PER_CALL,
        List.of(first, second),
        List.of(ofFirst, ofSecond));
    GroupMeans differences = ofFirst.minus(ofSecond);
    return new PairedComparison(
        sampler.estimate(ofFirst),
        sampler.estimate(ofSecond),
        differences.mean() / Nats.PER_BIT,
        differences.standardError() / Nats.PER_BIT);
  }

  /**
   * Returns an interval of Student's t for the difference, bits per token.
   *
   * @param level in (0, 1), say 0.95
   */
  public ConfidenceInterval confidenceInterval(double level) {
    return ConfidenceInterval.student(difference, standardError, first.groups(), level);
  }
}
