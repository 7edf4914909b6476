package org.md4j.likelihood;

import java.util.Locale;

/**
 * A negative evidence lower bound of a text, how sure it is, and how it was measured.
 *
 * <p>The standard error is that of the mean over rows, seen as a sample of the text: it holds both
 * the choice of rows and the noise of levels and masks, and says how far another text of the same
 * kind would differ. It is {@code sd of group means / sqrt(groups)}, groups of rows being the
 * independent observations; if the last group has fewer rows, groups are weighted by their rows. A
 * group seen several times, with new noise, is one observation, the mean of what was seen: more
 * passes over the same rows take away the noise, not the error from having these rows only.
 *
 * <p>What it reports is in bits per token: the bound, its standard error and interval, and the
 * precision it is compared with. It is kept in nats, in which it was computed.
 *
 * @param natsPerToken the bound, reconstruction and prior included; {@link #bitsPerToken} in bits
 * @param standardErrorNats of natsPerToken; {@link #standardError} in bits
 * @param groups independent observations, at least 2
 * @param rows different rows seen
 * @param evaluations rows given to the network
 * @param length N
 * @param protocol how it was measured
 * @param seed of the order of the rows, the levels and the masks
 */
public record LikelihoodEstimate(
    double natsPerToken,
    double standardErrorNats,
    long groups,
    long rows,
    long evaluations,
    int length,
    LikelihoodProtocol protocol,
    long seed) {
  /** Rejects an estimate without an error. */
  public LikelihoodEstimate {
    if (groups < 2) {
      throw new IllegalArgumentException(
          "groups (" + groups + ") must be at least 2, or there is no standard error");
    }
    if (!(standardErrorNats >= 0)) {
      throw new IllegalArgumentException(
          "standardErrorNats ("
              + standardErrorNats
              + ") must be at least 0; has training diverged?");
    }
  }

  /** Returns the bound in bits per token (per character, per sub-pixel). */
  public double bitsPerToken() {
    return natsPerToken / Nats.PER_BIT;
  }

  /** Returns the standard error of {@link #bitsPerToken}, bits per token. */
  public double standardError() {
    return standardErrorNats / Nats.PER_BIT;
  }

  /** Returns the bound as a perplexity per token, {@code 2^bitsPerToken}. */
  public double perplexity() {
    return Math.exp(natsPerToken);
  }

  /**
   * Returns an interval of Student's t for the bound, bits per token.
   *
   * @param level in (0, 1), say 0.95
   */
  public ConfidenceInterval confidenceInterval(double level) {
    return ConfidenceInterval.student(natsPerToken, standardErrorNats, groups, level).inBits();
  }

  /**
   * Says whether the standard error is as small as was wanted.
   *
   * @param bits the standard error wanted, bits per token
   */
  public boolean reachedPrecision(double bits) {
    return standardErrorNats <= bits * Nats.PER_BIT;
  }

  /**
   * Returns what the estimator pays for precision: {@code standardError^2 evaluations}, which for a
   * text not yet seen twice does not depend on the budget. The standard error after E evaluations
   * is about {@code sqrt(this / E)}.
   *
   * @return (bits per token)^2
   */
  public double variancePerEvaluation() {
    return standardError() * standardError() * evaluations;
  }

  /** Says value and standard error, e.g. {@code 2.6746 +- 0.0114 bits per token}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.4f +- %.4f bits per token", bitsPerToken(), standardError());
  }
}
