package org.md4j.objective;

import java.util.List;

/**
 * The three terms of a negative evidence lower bound, in nats of one example (a row of N tokens).
 *
 * <pre>
 *   -ln p(x_0) &lt;= E[diffusion] + reconstruction + prior
 * </pre>
 *
 * <p>The diffusion term may be not a number or infinite, as a diverged network makes it; whoever
 * trains or reports must look. The other two are constants of schedule and vocabulary.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 3, the unnumbered bound before equation (4), and
 * appendices D and E.
 *
 * @param diffusion the weighted cross-entropy at masked tokens, an estimate or a mean of estimates
 * @param reconstruction the cost of tokens still masked at t = 0, at least 0
 * @param prior {@code KL(q(x_1 | x_0) || p(x_1))}, at least 0
 */
public record ElboTerms(double diffusion, double reconstruction, double prior) {
  /** Rejects a negative constant. */
  public ElboTerms {
    requireConstant("reconstruction", reconstruction);
    requireConstant("prior", prior);
  }

  /** The bound: the sum of the three terms, nats of one example. */
  public double total() {
    return diffusion + reconstruction + prior;
  }

  /**
   * The bound in bits per token (per character, per sub-pixel): {@code total / (N ln 2)}.
   *
   * @param length N, at least 1
   */
  public double bitsPerToken(int length) {
    return natsPerToken(length) / Math.log(2);
  }

  /**
   * The bound as a perplexity per token: {@code exp(total / N)}.
   *
   * @param length N, at least 1
   */
  public double perplexity(int length) {
    return Math.exp(natsPerToken(length));
  }

  /**
   * Averages each term over examples.
   *
   * @param terms at least one
   */
  public static ElboTerms mean(List<ElboTerms> terms) {
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("terms must hold at least one example, got none");
    }
    double diffusion = 0;
    double reconstruction = 0;
    double prior = 0;
    for (ElboTerms term : terms) {
      diffusion += term.diffusion;
      reconstruction += term.reconstruction;
      prior += term.prior;
    }
    int count = terms.size();
    return new ElboTerms(diffusion / count, reconstruction / count, prior / count);
  }

  private double natsPerToken(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length (" + length + ") must be at least 1");
    }
    return total() / length;
  }

  private static void requireConstant(String name, double nats) {
    if (!(nats >= 0)) {
      throw new IllegalArgumentException(name + " (" + nats + ") must be at least 0 nats");
    }
  }
}
