package org.md4j.likelihood;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.md4j.core.CounterRandom;
import org.md4j.core.Rows;

/**
 * A bracket on the negative log-likelihood of any-order generation: two numbers between which it
 * lies in expectation.
 *
 * <p>The model is a mixture over all N! orders, all equally likely:
 *
 * <pre>
 *   p(x) = mean over orders o of p(x in order o)
 * </pre>
 *
 * <p>For a network without time it is the law of first-hitting sampling, of which {@link
 * org.md4j.objective.MaskCountElbo} is the evidence bound. For a network with time it is the law of
 * {@link ChainRule} with a drawn order: a probability too, but that of a sampler that tells the
 * matched times. From D drawn orders of each row, with the probabilities {@code p_1 .. p_D}:
 *
 * <pre>
 *   upper  = mean of -ln p_d                          by Jensen's inequality
 *   middle = -ln(mean of p_d)                         expectation falls to -ln p as D grows
 *   lower  = -ln psi - phat/psi + 1                   by ln y &lt;= y - 1 with y = p/psi
 *            psi = mean of the first D/2 of the p_d, phat = mean of the rest
 * </pre>
 *
 * <p>The lower bound holds for any psi that is independent of phat, whose expectation is p(x), and
 * is tight for psi = p. <b>It is loose for long rows.</b> The logarithms of the p_d spread ever
 * wider as N grows, so phat/psi has a variance exponential in that spread, and a psi below p makes
 * the bound fall without limit. It is useful for rows of a few tokens, or where orders hardly
 * differ; for long rows it says next to nothing, and its standard error, dominated by what was not
 * drawn, too little.
 *
 * <p>Each row's order draws depend on its number and the seed alone.
 *
 * <p>Source: Ivanov et al., "TUBE: tangent upper bound on evidence for discrete diffusion language
 * models", arXiv 2605.24292v1.
 *
 * <p>Deviation: there the surrogate psi is a model; here it is the mean over the first half of the
 * orders, which needs no second network and is looser.
 *
 * @param lower mean over rows, bits per token, standard error over rows; minus infinity if one
 *     row's is
 * @param middle mean over rows, bits per token
 * @param upper mean over rows, bits per token
 * @param orders D
 * @param length N
 * @param evaluations rows given to the network
 * @param seed of the orders
 */
public record EvidenceBracket(
    SampleMean lower,
    SampleMean middle,
    SampleMean upper,
    int orders,
    int length,
    long evaluations,
    long seed) {

  /**
   * Draws orders and brackets the likelihood of rows, given their classes if they have labels.
   *
   * @param chainRule the network
   * @param clean [B, N], no masks; B D N network evaluations
   * @param orders D, even, at least 2
   * @param random the seed
   */
  public static EvidenceBracket of(
      ChainRule chainRule, Rows clean, int orders, CounterRandom random) {
    if (orders < 2 || orders % 2 != 0) {
      throw new IllegalArgumentException(
          "orders ("
              + orders
              + ") must be even and at least 2: one half makes psi, the other phat");
    }
    double[][] nats = new double[clean.count()][orders];
    long evaluations = 0;
    for (int draw = 0; draw < orders; draw++) {
      RowLikelihoods rows = chainRule.inDrawnOrders(clean, random, draw);
      evaluations += rows.evaluations();
      for (int b = 0; b < nats.length; b++) {
        nats[b][draw] = rows.nats()[b];
      }
    }
    RowBracket[] brackets = Arrays.stream(nats).map(RowBracket::of).toArray(RowBracket[]::new);
    return new EvidenceBracket(
        mean(brackets, RowBracket::lower, clean.length()),
        mean(brackets, RowBracket::middle, clean.length()),
        mean(brackets, RowBracket::upper, clean.length()),
        orders,
        clean.length(),
        evaluations,
        random.seed());
  }

  private static SampleMean mean(
      RowBracket[] brackets, ToDoubleFunction<RowBracket> bound, int length) {
    return SampleMean.of(
            Arrays.stream(brackets).mapToDouble(row -> bound.applyAsDouble(row) / length).toArray())
        .inBits();
  }
}
