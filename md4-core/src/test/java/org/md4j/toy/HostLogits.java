package org.md4j.toy;

import org.md4j.core.DenoiserInput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns a formula for the logits of one position into an answer of a denoiser, in double. */
@FunctionalInterface
interface HostLogits {
  /**
   * The logits of a position.
   *
   * @param row the noisy row, [N]
   * @return [V]
   */
  double[] at(int[] row, int position, double time);

  /** Answers a question position by position, [P, V]. */
  default INDArray answer(DenoiserInput input) {
    int length = input.tokens().length();
    double[] logits = {};
    int cachedRow = -1;
    int[] tokens = {};
    for (int p = 0; p < input.positions().length; p++) {
      int b = input.positions()[p] / length;
      if (b != cachedRow) {
        tokens = input.tokens().row(b);
        cachedRow = b;
      }
      double[] row = at(tokens, input.positions()[p] % length, input.times()[b]);
      if (p == 0) {
        logits = new double[input.positions().length * row.length];
      }
      System.arraycopy(row, 0, logits, p * row.length, row.length);
    }
    return Nd4j.createFromArray(logits).reshape(input.positions().length, -1);
  }

  /** An answer of a denoiser on the host, [P * V]; {@code toDoubleMatrix} is very slow. */
  static double[] flat(INDArray logits) {
    try (INDArray copy = logits.dup('c')) {
      return copy.data().asDouble();
    }
  }
}
