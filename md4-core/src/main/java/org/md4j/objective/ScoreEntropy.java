package org.md4j.objective;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The score entropy of the absorbing process at masked positions, and its closed-form gradient.
 *
 * <p>The score of token v at a masked position is the ratio of the probabilities of the row with v
 * there and of the row as it is. The network's logits give it as
 *
 * <pre>
 *   s[v] = alpha/(1 - alpha) e[v],    e[v] = exp(logits[v]) / V
 * </pre>
 *
 * <p>e are estimates of probabilities whose sum is not held to 1. With that the score entropy of a
 * position, {@code beta (sum of s - r ln s[x_0] + r ln r - r)} with {@code r = alpha/(1 - alpha)}
 * and {@code beta = -alpha'/alpha}, is {@code -alpha'/(1 - alpha)} times
 *
 * <pre>
 *   nats[p]           = sum over v of e[v] - 1 - ln e[target[p]]
 *   d loss/d logits   = weight[p] (e[v] - [v = target[p]])
 * </pre>
 *
 * <p>which is the cross-entropy wherever e sums to 1, and more than that of e divided by its sum
 * otherwise. Zero logits cost ln V, as a uniform guess does.
 *
 * <p>After {@link #natsInPlace} the logits hold e, after {@link #natsAndGradientInPlace} the
 * gradient. A logit above 88 overflows in FLOAT and gives a value that is not finite.
 *
 * <p>Source: Lou, Meng and Ermon, "Discrete diffusion modeling by estimating the ratios of the data
 * distribution", arXiv 2310.16834, section 3; the scale of the score is that of its code
 * (louaaron/Score-Entropy-Discrete-Diffusion, {@code scale_by_sigma}); the identity with MD4's
 * integrand is in MD4, arXiv 2406.04329v4, equations (10), (26) and (27).
 */
public final class ScoreEntropy implements TokenCost {
  private final LogitWorkspace workspace;

  /** Makes a cost with a workspace of its own: keep it for as long as it is of use. */
  public ScoreEntropy() {
    this(new LogitWorkspace());
  }

  ScoreEntropy(LogitWorkspace workspace) {
    this.workspace = workspace;
  }

  @Override
  public double[] natsInPlace(INDArray logits, int[] targets) {
    LogitWorkspace.requireLogits(logits, targets);
    return estimatesInPlace(logits, targets);
  }

  @Override
  public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
    LogitWorkspace.requireLogits(logits, targets);
    LogitWorkspace.requireWeights(weights, targets);
    double[] nats = estimatesInPlace(logits, targets);
    workspace.subtractOneHotInPlace(logits, targets);
    workspace.scaleRowsInPlace(logits, weights);
    return nats;
  }

  private double[] estimatesInPlace(INDArray logits, int[] targets) {
    logits.subi(Math.log((double) logits.size(1)));
    double[] logarithms = workspace.gather(logits, targets);
    Transforms.exp(logits, false);
    double[] nats = workspace.rowSums(logits);
    for (int p = 0; p < nats.length; p++) {
      nats[p] = nats[p] - 1 - logarithms[p];
    }
    return nats;
  }
}
