package org.md4j.objective;

import java.util.Arrays;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * The objective of D3PM with the absorbing process: trained on its bound in T steps and, besides,
 * on the plain cross-entropy of every step; judged by the bound alone.
 *
 * <pre>
 *   bound = sum over i = 1..T of KL_i
 *   loss  = sum over i = 1..T of (KL_i + lambda CE_i)
 *   CE_i  = E[sum over masked n of -ln mu(x_t, t)[n, x_0[n]]]           t = i/T
 *   KL_i  = CE_i (alpha(s) - alpha(t)) / (1 - alpha(t))                 s = (i-1)/T
 * </pre>
 *
 * <p>With the linear schedule, which masks a token with probability {@code 1/(T - i + 1)} in step
 * i, KL_i is CE_i / i: lambda outweighs the bound from step 1/lambda on.
 *
 * <p>Source: Austin et al., "Structured denoising diffusion models in discrete state-spaces", arXiv
 * 2107.03006, the hybrid loss and the absorbing transition; T = 1000 and lambda = 0.01 are its
 * text8 settings, and the sum of both per step its code (google-research, d3pm/text/configs.py and
 * diffusion.py).
 *
 * <p>Deviation: D3PM's cross-entropy is over all positions; here it is over the masked ones, as
 * those that are not masked are known.
 *
 * @param bound the bound in T steps
 * @param crossEntropyWeight lambda, at least 0
 */
public record HybridElbo(DiscreteTimeElbo bound, double crossEntropyWeight) implements ElboVariant {
  private static final int REFERENCE_STEPS = 1_000;
  private static final double REFERENCE_WEIGHT = 0.01;

  /** Rejects a weight that is negative or not finite. */
  public HybridElbo {
    if (!(crossEntropyWeight >= 0 && crossEntropyWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "crossEntropyWeight (" + crossEntropyWeight + ") must be at least 0 and finite");
    }
  }

  /** Returns what D3PM trains on text8: 1000 steps of the linear schedule, lambda 0.01. */
  public static HybridElbo reference() {
    return new HybridElbo(
        new DiscreteTimeElbo(MaskingSchedule.linear(), REFERENCE_STEPS), REFERENCE_WEIGHT);
  }

  /**
   * Rejects weights that are not the bound's: the loss has a weight of its own already.
   *
   * @throws IllegalArgumentException naming the weight
   */
  @Override
  public void requireFits(TrainingNoise noise) {
    ElboVariant.super.requireFits(noise);
    if (!noise.weight().equals(TrainingWeight.bound())) {
      throw new IllegalArgumentException(
          "weight (%s) must be the bound's for a hybrid loss, which adds cross-entropy by crossEntropyWeight: weigh its bound alone, md4-discrete"
              .formatted(noise.weight()));
    }
  }

  @Override
  public double[] trainingWeights(NoisedBatch batch) {
    return Arrays.stream(weights(batch))
        .map(weight -> weight + bound.steps() * crossEntropyWeight)
        .toArray();
  }

  @Override
  public TokenCost cost(LogitWorkspace workspace) {
    return new MaskedCrossEntropy(workspace);
  }
}
