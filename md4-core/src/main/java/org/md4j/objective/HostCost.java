package org.md4j.objective;

import java.util.Arrays;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A cost written as plain Java: a function of one row of logits and its target. An objective of
 * your own needs no more than
 *
 * <pre>{@code
 * record SquaredErrorElbo(Elbo bound) implements ElboVariant {
 *   @Override
 *   public TokenCost cost(LogitWorkspace workspace) {
 *     return new HostCost(
 *         (logits, target, gradient) -> {
 *           ... // fill gradient, return the cost in nats
 *         });
 *   }
 * }
 * }</pre>
 *
 * <p>The logits of all positions are copied to the host in double and the gradient back: 8 P V
 * bytes, and the function runs on one thread. Where that is too slow, write a {@link TokenCost} of
 * the matrix operations of {@link LogitWorkspace}.
 *
 * <p>Logits are checked, copied and overwritten as {@link TokenCost} says; {@link #natsInPlace}
 * leaves them as they are. A position of weight 0 has a gradient of 0, whatever the function fills
 * in.
 *
 * @param row the cost of one row
 */
public record HostCost(RowCost row) implements TokenCost {
  /** A function of one prediction: its cost and its gradient. */
  @FunctionalInterface
  public interface RowCost {
    /**
     * Computes what one prediction costs.
     *
     * @param logits of the prediction, [V]; the function's to overwrite
     * @param target the clean token, in 0..V-1
     * @param gradient [V], all 0 at first: filled with the derivative of the cost by each logit
     * @return the cost, in nats
     */
    double nats(double[] logits, int target, double[] gradient);
  }

  @Override
  public double[] natsInPlace(INDArray logits, int[] targets) {
    LogitWorkspace.requireLogits(logits, targets);
    double[] unused = new double[targets.length];
    return natsAndGradient(MatrixRows.toHost(logits), targets, unused);
  }

  @Override
  public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
    LogitWorkspace.requireLogits(logits, targets);
    LogitWorkspace.requireWeights(weights, targets);
    double[] values = MatrixRows.toHost(logits);
    double[] nats = natsAndGradient(values, targets, weights);
    try (INDArray gradient = Nd4j.createFromArray(values)) {
      logits.assign(gradient.reshape('c', logits.shape()));
    }
    return nats;
  }

  /** Puts the weighted gradients in place of the logits, [P * V]. */
  private double[] natsAndGradient(double[] values, int[] targets, double[] weights) {
    int size = values.length / targets.length;
    double[] nats = new double[targets.length];
    for (int p = 0; p < targets.length; p++) {
      double[] gradient = new double[size];
      nats[p] =
          row.nats(Arrays.copyOfRange(values, p * size, (p + 1) * size), targets[p], gradient);
      for (int v = 0; v < size; v++) {
        values[p * size + v] = weights[p] == 0 ? 0 : weights[p] * gradient[v];
      }
    }
    return nats;
  }
}
