package org.md4j.objective;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cross-entropy of predictions at masked positions, and its closed-form gradient.
 *
 * <pre>
 *   nats[p]           = -ln softmax(logits[p])[target[p]]
 *   d loss/d logits   = weight[p] (softmax(logits[p])[v] - [v = target[p]])
 *   loss              = sum over p of weight[p] nats[p]
 * </pre>
 *
 * <p>After {@link #natsInPlace} the logits hold the softmax, after {@link #natsAndGradientInPlace}
 * the gradient. Finite for any finite logits.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (4); the gradient is the softmax's.
 */
public final class MaskedCrossEntropy implements TokenCost {
  private final LogitWorkspace workspace;

  /** Makes a cost with a workspace of its own: keep it for as long as it is of use. */
  public MaskedCrossEntropy() {
    this(new LogitWorkspace());
  }

  MaskedCrossEntropy(LogitWorkspace workspace) {
    this.workspace = workspace;
  }

  @Override
  public double[] natsInPlace(INDArray logits, int[] targets) {
    LogitWorkspace.requireLogits(logits, targets);
    return workspace.softmaxInPlace(logits, targets);
  }

  @Override
  public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
    LogitWorkspace.requireLogits(logits, targets);
    LogitWorkspace.requireWeights(weights, targets);
    double[] nats = workspace.softmaxInPlace(logits, targets);
    workspace.subtractOneHotInPlace(logits, targets);
    workspace.scaleRowsInPlace(logits, weights);
    return nats;
  }
}
