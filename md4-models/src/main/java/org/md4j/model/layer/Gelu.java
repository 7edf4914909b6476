package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activation GELU (Hendrycks and Gimpel, arXiv 1606.08415) in its approximation by tanh, which
 * is Flax's default:
 *
 * <pre>
 * gelu(z) = z (1 + T) / 2                         T = tanh(a z + b z³), a = sqrt(2/π), b = 0.044715 a
 * gelu'(z) = (1 + T) / 2 + z (1 - T²) (a + 3 b z²) / 2
 * </pre>
 */
final class Gelu {
  private static final double LINEAR = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715 * LINEAR;

  private Gelu() {}

  /**
   * Writes the activation.
   *
   * @param z kept for the backward pass
   * @param tanh of the shape of z, becomes T, kept for the backward pass
   * @param out of the shape of z
   */
  static void forward(INDArray z, INDArray tanh, INDArray out) {
    Operations.square(z, tanh);
    tanh.muli(CUBIC).addi(LINEAR).muli(z);
    Operations.tanhInPlace(tanh);
    tanh.addi(1, out);
    out.muli(z).muli(0.5);
  }

  /**
   * Replaces the gradient of the activation by that of its argument; destroys z and tanh.
   *
   * @param gradient of the shape of z
   */
  static void backwardInPlace(INDArray z, INDArray tanh, INDArray gradient) {
    // With u = (1 + T) / 2: gelu' = u + 2 u (1 - u) z (a + 3 b z²).
    INDArray u = tanh.addi(1).muli(0.5);
    INDArray slope = z.mul(z).muli(3 * CUBIC).addi(LINEAR).muli(z).muli(2);
    slope.muli(u.rsub(1)).addi(1).muli(u);
    gradient.muli(slope);
  }
}
