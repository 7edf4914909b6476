package org.md4j.objective;

import org.nd4j.linalg.api.buffer.DataType;
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
 * <p>The logits of all positions are copied to the host in double and the gradient back: 16 P V
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
  /** The cost of one prediction and its gradient. */
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
    return costs(logits, targets, new double[logits.rows()][logits.columns()]);
  }

  @Override
  public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
    LogitWorkspace.requireLogits(logits, targets);
    LogitWorkspace.requireWeights(weights, targets);
    double[][] gradient = new double[logits.rows()][logits.columns()];
    double[] nats = costs(logits, targets, gradient);
    for (int p = 0; p < targets.length; p++) {
      for (int v = 0; v < gradient[p].length; v++) {
        gradient[p][v] = weights[p] == 0 ? 0 : weights[p] * gradient[p][v];
      }
    }
    try (INDArray values = Nd4j.createFromArray(gradient)) {
      logits.assign(values);
    }
    return nats;
  }

  private double[] costs(INDArray logits, int[] targets, double[][] gradient) {
    double[][] rows = rows(logits);
    double[] nats = new double[targets.length];
    for (int p = 0; p < targets.length; p++) {
      nats[p] = row.nats(rows[p], targets[p], gradient[p]);
    }
    return nats;
  }

  private static double[][] rows(INDArray logits) {
    try (INDArray doubles = logits.dup('c').castTo(DataType.DOUBLE)) {
      return doubles.toDoubleMatrix();
    }
  }
}
