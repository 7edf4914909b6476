package org.md4j.objective;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;

/**
 * An objective that asks the network once about every row and adds up what its answers cost:
 *
 * <pre>
 *   diffusion(row) = weight(row) * sum over the positions n asked about of cost(logits[n], x_0[n])
 * </pre>
 *
 * <p>An objective of your own implements this, or {@link ElboVariant}. Noise, weights and positions
 * of a row must not depend on the other rows of the batch; whether the value is a bound is yours to
 * know, reports call its nats a loss either way. Hold it to {@code
 * org.md4j.contract.ObjectiveContract} in the {@code contracts} jar of md4-core.
 */
public non-sealed interface TokenwiseObjective extends Objective {
  /**
   * Weighs each row: the factor of its sum in the bound.
   *
   * @param batch made by {@link #noise}
   * @return [B], at least 0; infinite only where an unclipped schedule has an infinite weight, at t
   *     = 0, where nothing is masked
   */
  double[] weights(NoisedBatch batch);

  /**
   * Weighs each row in training: the factor of its sum in the loss that is differentiated: that of
   * the bound unless an objective trains on more than its bound.
   *
   * @param batch made by {@link #noise}
   * @return [B]
   */
  default double[] trainingWeights(NoisedBatch batch) {
    return weights(batch);
  }

  /**
   * The flat positions the network is asked about, ascending: those masked, unless an objective
   * says otherwise.
   *
   * @param batch made by {@link #noise}
   */
  default int[] positions(NoisedBatch batch) {
    return batch.maskedPositions();
  }

  /**
   * Makes the cost of predictions.
   *
   * @param workspace of the thread that will use the cost
   */
  TokenCost cost(LogitWorkspace workspace);

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

  @Override
  default List<ElboTerms> estimate(NoisedBatch batch, Denoiser denoiser) {
    TokenBatch noisy = batch.noisy();
    double[] nats = new double[noisy.rows()];
    int[] wanted = positions(batch);
    if (wanted.length > 0) {
      AskedPositions asked = new AskedPositions(wanted, noisy.rows() * noisy.length());
      int[] positions = asked.all();
      double[] weights = weights(batch);
      double[] costs =
          cost(new LogitWorkspace())
              .nats(denoiser, batch.question(positions), asked.targets(batch.clean().tokens()));
      for (int i = 0; i < positions.length; i++) {
        if (asked.isWanted(i)) {
          int row = batch.rowOf(positions[i]);
          nats[row] += weights[row] * costs[i];
        }
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

  @Override
  default TrainingLoss trainingLoss(LogitWorkspace workspace) {
    return new TokenwiseLoss(this, workspace);
  }
}
