package org.md4j.objective;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * A negative evidence lower bound as an unbiased estimator: how to noise an example, and by what to
 * multiply the cross-entropy of its masked tokens.
 *
 * <pre>
 *   diffusion(row)  = weight(row) * sum over masked n of -ln softmax(logits[n])[x_0[n]]
 *   d/d logits[n,v] = weight(row) * (softmax(logits[n])[v] - [v = x_0[n]])     masked n, else 0
 * </pre>
 *
 * <p>The kinds differ in the law of the masks and in the weight. {@link ContinuousTimeElbo} is what
 * the paper trains with; {@link LogSnrElbo} has the same expectation and {@link MaskCountElbo}, for
 * a schedule from 1 to 0, too, both with another variance; {@link DiscreteTimeElbo} is the bound of
 * a sampler with T steps.
 *
 * <p>{@link MaskCountElbo} covers all of [0, 1], whatever the schedule, and has no constant terms.
 * The others cover {@code [alpha(1), alpha(0)]} and add {@link #reconstruction} and {@link #prior}
 * for what a clipped schedule leaves out, so the totals of the two differ a little.
 *
 * <p>Training and evaluation take the same three steps:
 *
 * <pre>{@code
 * double[] levels = TimeSampler.antithetic().sample(clean.rows(), random.uniforms(TIME, step));
 * NoisedBatch batch = elbo.noise(clean, levels, firstExample, random.uniforms(MASK, step));
 * List<ElboTerms> terms = elbo.estimate(batch, denoiser);
 * }</pre>
 *
 * <p>Units are nats of one example (a row of N tokens). Deterministic: all randomness is in the
 * levels and uniforms. Implementations are immutable records, safe for use by many threads.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 3 and, for {@link MaskCountElbo}, section 5; each
 * kind says where it departs.
 */
public sealed interface Elbo
    permits ContinuousTimeElbo, DiscreteTimeElbo, LogSnrElbo, MaskCountElbo {
  /** alpha. */
  MaskingSchedule schedule();

  /**
   * Masks tokens the way this estimator wants them.
   *
   * @param clean x_0, [B, N], no masks
   * @param levels the noise level of each row, [B], in [0, 1), each uniform by itself: draw them
   *     with a {@link org.md4j.process.TimeSampler}; a greater level means more noise
   * @param firstExample the number of row 0 in the caller's count of examples, at least 0
   * @param uniforms the masks' randomness, read at (firstExample + b, n)
   */
  NoisedBatch noise(TokenBatch clean, double[] levels, long firstExample, Uniforms uniforms);

  /**
   * The factor of each row's sum of masked cross-entropies.
   *
   * @param batch made by {@link #noise}
   * @return [B], at least 0; infinite only where an unclipped schedule has an infinite weight, at t
   *     = 0, where nothing is masked
   */
  double[] weights(NoisedBatch batch);

  /**
   * The reconstruction term: what it costs to guess, uniformly, the tokens that are still masked
   * after the last reverse step.
   *
   * @param length N
   * @return nats of one example, constant in the network
   */
  double reconstruction(int length, Vocabulary vocabulary);

  /**
   * The prior term: the divergence of the fully noised data from the distribution sampling starts
   * from.
   *
   * @param length N
   * @return nats of one example, constant in the network
   */
  double prior(int length, Vocabulary vocabulary);

  /**
   * The one-sample estimate of each row by a network without class labels.
   *
   * @param batch made by {@link #noise}
   * @param denoiser its answer is overwritten
   * @return B estimates, in the order of the rows
   */
  default List<ElboTerms> estimate(NoisedBatch batch, Denoiser denoiser) {
    return estimate(batch, new int[0], denoiser);
  }

  /**
   * The one-sample estimate of each row. A row without masks has a diffusion term of 0; the
   * denoiser is asked once for the whole batch, and not at all if nothing is masked.
   *
   * @param batch made by {@link #noise}
   * @param labels the class of each row, [B], or empty, [0], for a network without classes; the
   *     bound is then that of the rows given their classes
   * @param denoiser its answer is overwritten
   * @return B estimates, in the order of the rows
   */
  default List<ElboTerms> estimate(NoisedBatch batch, int[] labels, Denoiser denoiser) {
    TokenBatch noisy = batch.noisy();
    double[] nats = new double[noisy.rows()];
    int[] positions = batch.maskedPositions();
    if (positions.length > 0) {
      double[] weights = weights(batch);
      double[] crossEntropies =
          new MaskedCrossEntropy()
              .natsInPlace(
                  denoiser.logits(new DenoiserInput(noisy, batch.times(), labels, positions)),
                  batch.targets());
      for (int i = 0; i < positions.length; i++) {
        nats[batch.row(i)] += weights[batch.row(i)] * crossEntropies[i];
      }
    }
    double reconstruction = reconstruction(noisy.length(), noisy.vocabulary());
    double prior = prior(noisy.length(), noisy.vocabulary());
    List<ElboTerms> terms = new ArrayList<>(nats.length);
    for (double diffusion : nats) {
      terms.add(new ElboTerms(diffusion, reconstruction, prior));
    }
    return List.copyOf(terms);
  }
}
