package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The function that an {@link AdaptiveNormalization} applies to the conditioning vector before its
 * dense layer.
 *
 * <p>Its arrays have one row an example, so it is written for clarity.
 */
enum ConditioningActivation {
  /** The sigmoid: 1 / (1 + exp(-x)). */
  SIGMOID {
    @Override
    void apply(INDArray x, INDArray out) {
      sigmoidInPlace(out.assign(x));
    }

    @Override
    void multiplyByDerivative(INDArray x, INDArray activated, INDArray gradient) {
      gradient.muli(activated).muli(activated.rsub(1));
    }
  },

  /** The swish: x sigmoid(x). */
  SWISH {
    @Override
    void apply(INDArray x, INDArray out) {
      sigmoidInPlace(out.assign(x));
      out.muli(x);
    }

    @Override
    void multiplyByDerivative(INDArray x, INDArray activated, INDArray gradient) {
      // s + x s (1 - s) = s + y (1 - s), with s = sigmoid(x) and y = x s.
      INDArray sigmoid = x.dup('c');
      sigmoidInPlace(sigmoid);
      gradient.muli(sigmoid.rsub(1).muli(activated).addi(sigmoid));
    }
  };

  /**
   * Writes the activation of x.
   *
   * @param out array of the shape of x, c order
   */
  abstract void apply(INDArray x, INDArray out);

  /**
   * Multiplies a gradient by the derivative.
   *
   * @param activated result of {@link #apply} for x
   */
  abstract void multiplyByDerivative(INDArray x, INDArray activated, INDArray gradient);

  /** Replaces x by sigmoid(x) = (1 + tanh(x/2)) / 2. */
  static void sigmoidInPlace(INDArray x) {
    x.muli(0.5);
    Operations.tanhInPlace(x);
    x.addi(1).muli(0.5);
  }
}
