package org.md4j.objective;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The cost of predictions at masked positions under a state-dependent schedule, and its closed-form
 * gradients.
 *
 * <pre>
 *   nats[p]           = sum over v of r[v] mu[v] - r[x] (1 + ln mu[x])     mu = softmax(logits[p])
 *   d nats/d logits[v] = r[v] mu[v] + (r[x] - sum of r mu) mu[v] - r[x] [v = x]
 *   d nats/d r[v]      = mu[v] - (1 + ln mu[x]) [v = x]
 * </pre>
 *
 * <p>with r the weights of the token values at the time of the position's row and x its target. In
 * matrices: one softmax, one gather, one product of two matrices of the size of the logits.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, the integrand of equation (32).
 */
final class StateDependentCost {
  private final LogitWorkspace workspace;

  StateDependentCost(LogitWorkspace workspace) {
    this.workspace = workspace;
  }

  /**
   * The weights of token values in each row, and the row of each position.
   *
   * @param byRow of all token values at the time of each row, [R][V]; a row of zeros for positions
   *     that are to have no cost and no gradient
   * @param rows the row of each position, [P], in 0..R-1
   */
  record Rates(double[][] byRow, int[] rows) {
    double at(int position, int token) {
      return byRow[rows[position]][token];
    }

    /** Those of some consecutive positions. */
    Rates of(int from, int to) {
      return new Rates(byRow, Arrays.copyOfRange(rows, from, to));
    }
  }

  /** Computes the cost of each position, [P]; overwrites the logits. */
  double[] natsInPlace(INDArray logits, int[] targets, Rates rates) {
    LogitWorkspace.requireLogits(logits, targets);
    double[] crossEntropies = workspace.softmaxInPlace(logits, targets);
    logits.muli(expanded(logits, rates));
    return nats(crossEntropies, workspace.rowSums(logits), targets, rates);
  }

  /**
   * Computes the cost of each position, [P]; leaves the gradient of their sum, each times the
   * factor of its row, in the logits.
   *
   * @param factors of the rows, [R], or one less if the last row of the rates is of zeros
   * @param byWeight derivatives of the sum, without factors, by the weights of each row: added to,
   *     [R][V]
   */
  double[] natsAndGradientInPlace(
      INDArray logits, int[] targets, Rates rates, double[] factors, double[][] byWeight) {
    LogitWorkspace.requireLogits(logits, targets);
    double[] crossEntropies = workspace.softmaxInPlace(logits, targets);
    addSumsByRow(logits, rates, byWeight);
    INDArray weighted = expanded(logits, rates);
    weighted.muli(logits); // r mu, [P, V]
    double[] modelRates = workspace.rowSums(weighted);
    double[] targetRates = new double[targets.length];
    double[] difference = new double[targets.length];
    for (int p = 0; p < targets.length; p++) {
      targetRates[p] = rates.at(p, targets[p]);
      difference[p] = targetRates[p] - modelRates[p];
      byWeight[rates.rows()[p]][targets[p]] -= 1 - crossEntropies[p];
    }
    workspace.scaleRowsInPlace(logits, difference);
    logits.addi(weighted);
    workspace.subtractOneHotInPlace(logits, targets, targetRates);
    workspace.scaleRowsInPlace(logits, byPosition(factors, rates));
    return nats(crossEntropies, modelRates, targets, rates);
  }

  private static double[] byPosition(double[] factors, Rates rates) {
    double[] byPosition = new double[rates.rows().length];
    Arrays.setAll(byPosition, p -> rates.rows()[p] < factors.length ? factors[rates.rows()[p]] : 0);
    return byPosition;
  }

  private static double[] nats(
      double[] crossEntropies, double[] modelRates, int[] targets, Rates rates) {
    double[] nats = new double[targets.length];
    Arrays.setAll(nats, p -> modelRates[p] - rates.at(p, targets[p]) * (1 - crossEntropies[p]));
    return nats;
  }

  /** Returns the weights of each position, [P, V]. */
  private INDArray expanded(INDArray logits, Rates rates) {
    INDArray expanded = workspace.matrixLike(logits);
    try (INDArray doubles = Nd4j.createFromArray(rates.byRow());
        INDArray byRow = doubles.castTo(logits.dataType())) {
      Nd4j.pullRows(byRow, expanded, 1, rates.rows());
    }
    return expanded;
  }

  /** Adds the sum of the positions of each row of [P, V]. */
  private static void addSumsByRow(INDArray matrix, Rates rates, double[][] sums) {
    int rows = sums.length;
    int positions = rates.rows().length;
    double[][] belongs = new double[rows][positions];
    for (int p = 0; p < positions; p++) {
      belongs[rates.rows()[p]][p] = 1;
    }
    try (INDArray doubles = Nd4j.createFromArray(belongs);
        INDArray selection = doubles.castTo(matrix.dataType());
        INDArray product = selection.mmul(matrix)) { // [R, P] [P, V] -> [R, V]
      double[] values = product.dup('c').data().asDouble();
      for (int row = 0; row < rows; row++) {
        int size = sums[row].length;
        for (int v = 0; v < size; v++) {
          sums[row][v] += values[row * size + v];
        }
      }
    }
  }
}
