package org.md4j.objective;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;

/**
 * The negative log-likelihood of an autoregressive model, from left to right.
 *
 * <pre>
 *   -ln p(x_0) = sum over n of -ln softmax(logits[n])[x_0[n]]
 * </pre>
 *
 * <p>For causal networks only: the logits at a position must depend on the tokens before it and not
 * on the token itself, or the network is asked for what it sees. Nothing is masked, the time is 0,
 * every position is asked about, and the value is exact: no noise level or uniform number is used,
 * and estimates of the same row are equal.
 *
 * <p>Source: the autoregressive transformer that MD4 is compared with in arXiv 2406.04329v4,
 * section 7.1.
 */
public record AutoregressiveLikelihood() implements TokenwiseObjective {
  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    return NoisedBatch.of(clean, clean.tokens(), new double[clean.count()]);
  }

  @Override
  public double[] weights(NoisedBatch batch) {
    double[] ones = new double[batch.clean().count()];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Override
  public int[] positions(NoisedBatch batch) {
    return IntStream.range(0, batch.clean().count() * batch.clean().length()).toArray();
  }

  @Override
  public TokenCost cost(LogitWorkspace workspace) {
    return new MaskedCrossEntropy(workspace);
  }

  /** Rejects all but the paper's: where nothing is masked, a law of levels only adds noise. */
  @Override
  public void requireFits(TrainingNoise noise) {
    if (!noise.equals(TrainingNoise.paper())) {
      throw new IllegalArgumentException(
          "noise (%s) must be TrainingNoise.paper() for an autoregressive likelihood, which has no noise levels"
              .formatted(noise));
    }
  }

  /** Returns 0: every token is predicted by the network. */
  @Override
  public double reconstruction(int length, Vocabulary vocabulary) {
    return 0;
  }

  /** Returns 0: there is no noise. */
  @Override
  public double prior(int length, Vocabulary vocabulary) {
    return 0;
  }
}
