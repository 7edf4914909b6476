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
   * Writes twice the activation; whoever multiplies it can halve it at no cost.
   *
   * @param z kept for the backward pass
   * @param tanh array of the shape of z, becomes T, kept for the backward pass
   * @param out array of the shape of z, becomes z (1 + T)
   */
  static void twiceForward(INDArray z, INDArray tanh, INDArray out) {
    Operations.square(z, tanh);
    tanh.muli(CUBIC).addi(LINEAR).muli(z);
    Operations.tanhInPlace(tanh);
    tanh.addi(1, out);
    out.muli(z);
  }

  /**
   * Replaces the gradient of twice the activation by that of its argument; destroys tanh.
   *
   * @param gradient gradient of twice the activation, of the shape of z
   * @param work array of the shape of z, overwritten
   */
  static void twiceBackwardInPlace(INDArray z, INDArray tanh, INDArray gradient, INDArray work) {
    // 2 gelu' = (1 + T) (1 + (1 - T) z (a + 3 b z²))
    Operations.square(z, work);
    work.muli(3 * CUBIC).addi(LINEAR).muli(z);
    work.muli(tanh.rsubi(1)).addi(1);
    work.muli(tanh.rsubi(2));
    gradient.muli(work);
  }
}
