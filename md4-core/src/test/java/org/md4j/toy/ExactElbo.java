package org.md4j.toy;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.process.NoisedBatch;

/**
 * The expectation of a bound's diffusion term, without sampling: over all sets of masked positions
 * by enumeration, over the level by a sum or by quadrature.
 *
 * <p>The estimates averaged are those of {@link Elbo#estimate}; the law of the masks is written
 * down again here, from the schedule.
 */
public final class ExactElbo {
  private static final int MOST_PANELS = 128;

  /** Far below the tolerance of the tests, far above rounding. */
  private static final double CONVERGED = 1e-11;

  private static final GaussIntegratorFactory GAUSS = new GaussIntegratorFactory();
  private static final int NODES = 20;

  private ExactElbo() {}

  /**
   * The expected diffusion term of one row.
   *
   * @param clean [N], small: 2^N sets are enumerated
   * @return nats
   */
  public static double diffusion(
      Elbo elbo, Denoiser denoiser, Vocabulary vocabulary, int... clean) {
    TokenBatch row = TokenBatch.of(vocabulary, clean);
    if (elbo instanceof MaskCountElbo maskCount) {
      return maskCount(maskCount, denoiser, row);
    }
    if (elbo instanceof DiscreteTimeElbo discrete) {
      double sum = 0;
      for (int i = 0; i < discrete.steps(); i++) {
        sum += atLevel(elbo, denoiser, row, (i + 0.5) / discrete.steps());
      }
      return sum / discrete.steps();
    }
    assertContinuous(elbo);
    return integral(level -> atLevel(elbo, denoiser, row, level));
  }

  /** The expected diffusion term of one row at a noise level, over all sets of masks, in nats. */
  public static double atLevel(
      Elbo elbo, Denoiser denoiser, Vocabulary vocabulary, double level, int... clean) {
    return atLevel(elbo, denoiser, TokenBatch.of(vocabulary, clean), level);
  }

  /** The integral of a function over [0, 1]: panels are halved until that changes nothing. */
  public static double integral(DoubleUnaryOperator function) {
    double coarse = integral(function, 1);
    for (int panels = 2; panels <= MOST_PANELS; panels *= 2) {
      double fine = integral(function, panels);
      if (Math.abs(fine - coarse) <= CONVERGED * Math.max(1, Math.abs(fine))) {
        return fine;
      }
      coarse = fine;
    }
    throw new AssertionError("the integral does not converge with " + MOST_PANELS + " panels");
  }

  private static double integral(DoubleUnaryOperator function, int panels) {
    double sum = 0;
    for (int panel = 0; panel < panels; panel++) {
      GaussIntegrator rule = GAUSS.legendre(NODES, (double) panel / panels, (panel + 1.0) / panels);
      // x(u) is flat to fourth order at both ends, which takes square-root singularities there
      // away:
      // poly(0.5) has one at t = 0, the inverse of the cosine schedule one at alpha = 0.
      sum +=
          rule.integrate(
              u -> {
                double x = u * u * u * u * (35 - u * (84 - u * (70 - u * 20)));
                double slope = 140 * Math.pow(u * (1 - u), 3);
                return slope * function.applyAsDouble(x);
              });
    }
    return sum;
  }

  private static void assertContinuous(Elbo elbo) {
    if (!(elbo instanceof ContinuousTimeElbo || elbo instanceof LogSnrElbo)) {
      throw new IllegalArgumentException("elbo (" + elbo + ") must be of a kind known here");
    }
  }

  private static double atLevel(Elbo elbo, Denoiser denoiser, TokenBatch row, double level) {
    double time =
        elbo.noise(Rows.of(row), new double[] {level}, (example, index) -> 0.5).times()[0];
    int length = row.length();
    int sets = 1 << length;
    int[][] clean = new int[sets][];
    int[][] noisy = new int[sets][];
    for (int set = 0; set < sets; set++) {
      clean[set] = row.row(0);
      noisy[set] = row.row(0);
      for (int n = 0; n < length; n++) {
        if ((set >> n & 1) == 1) {
          noisy[set][n] = row.vocabulary().maskId();
        }
      }
    }
    double[] times = new double[sets];
    Arrays.fill(times, time);
    List<ElboTerms> terms =
        elbo.estimate(
            NoisedBatch.of(
                Rows.of(TokenBatch.of(row.vocabulary(), clean)),
                TokenBatch.of(row.vocabulary(), noisy),
                times),
            denoiser);
    double kept = elbo.schedule().alpha(time);
    double masked = elbo.schedule().oneMinusAlpha(time);
    double mean = 0;
    for (int set = 0; set < sets; set++) {
      int masks = Integer.bitCount(set);
      double probability = Math.pow(masked, masks) * Math.pow(kept, length - masks);
      mean += probability * terms.get(set).diffusion();
    }
    return mean;
  }

  /**
   * k and the set are uniform, the k-th smallest of N uniforms is Beta(k, N-k+1) whatever the set.
   */
  private static double maskCount(MaskCountElbo elbo, Denoiser denoiser, TokenBatch row) {
    int length = row.length();
    double sum = 0;
    for (int k = 1; k <= length; k++) {
      int masks = k;
      int[] sets =
          IntStream.range(0, 1 << length).filter(set -> Integer.bitCount(set) == masks).toArray();
      BetaDistribution law = new BetaDistribution(k, length - k + 1);
      double[] levels = new double[sets.length];
      Arrays.fill(levels, (k - 0.5) / length);
      TokenBatch clean = repeat(row, sets.length);
      sum +=
          integral(
              // Over t, m = 1 - alpha(t): smooth, where t as a function of m may not be.
              t -> {
                double m = elbo.schedule().oneMinusAlpha(t);
                NoisedBatch batch = elbo.noise(Rows.of(clean), levels, numbers(sets, m));
                return law.density(m)
                    * -elbo.schedule().alphaPrime(t)
                    * ElboTerms.mean(elbo.estimate(batch, denoiser)).diffusion();
              });
    }
    return sum / length;
  }

  private static TokenBatch repeat(TokenBatch row, int times) {
    int[][] rows = new int[times][];
    Arrays.setAll(rows, i -> row.row(0));
    return TokenBatch.of(row.vocabulary(), rows);
  }

  /** Uniforms whose smallest are those of a set, m the greatest among them. */
  private static Uniforms numbers(int[] sets, double m) {
    return (example, index) -> {
      int set = sets[(int) example];
      int n = (int) index;
      boolean inSet = (set >> n & 1) == 1;
      boolean greatest = inSet && (set >> (n + 1)) == 0;
      if (greatest) {
        return m;
      }
      double fraction = (n + 1.0) / 64;
      return inSet ? m * fraction : m + (1 - m) * fraction;
    };
  }
}
