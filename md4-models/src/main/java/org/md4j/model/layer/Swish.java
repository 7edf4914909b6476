package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activation {@code swish(z) = z sigmoid(z)}, of half its argument: with {@code u = z / 2} and
 * {@code T = 1 + tanh(u)}
 *
 * <pre>
 * swish(z) = u T                    d swish / du = T + u T (2 - T)
 * </pre>
 *
 * <p>tanh is the one squashing function that M2.1 runs through oneDNN, and whoever writes z can
 * halve it at no cost.
 */
final class Swish {
  private Swish() {}

  /**
   * Replaces u by the activation.
   *
   * @param u half the argument; becomes swish(2u)
   * @param twiceSigmoid becomes T
   */
  static void forwardInPlace(INDArray u, INDArray twiceSigmoid) {
    Operations.tanh(u, twiceSigmoid);
    twiceSigmoid.addi(1);
    u.muli(twiceSigmoid);
  }

  /**
   * Replaces u by the activation with dropout, {@code y = m u T}; the mask goes into T, so that
   * nobody need keep it.
   *
   * @param mask m: 0 or 1 / (1 - rate)
   * @param twiceSigmoid becomes m T
   */
  static void forwardInPlace(INDArray u, INDArray mask, INDArray twiceSigmoid) {
    Operations.tanh(u, twiceSigmoid);
    twiceSigmoid.addi(1).muli(mask);
    u.muli(twiceSigmoid);
  }

  /**
   * Replaces the gradient of the activation by that of u.
   *
   * <p>Where an entry was dropped both m T and y are 0, and so is the gradient; elsewhere T is m T
   * (1 - rate).
   *
   * @param gradient gradient of y; becomes that of u
   * @param y the activation, unchanged since the forward pass
   * @param twiceSigmoid array T or m T of the forward pass
   * @param rate rate of the dropout, 0 for none
   * @param work array of the same shape, overwritten
   */
  static void backwardInPlace(
      INDArray gradient, INDArray y, INDArray twiceSigmoid, double rate, INDArray work) {
    if (rate == 0) {
      twiceSigmoid.rsubi(2, work);
    } else {
      twiceSigmoid.muli(rate - 1, work);
      work.addi(2);
    }
    work.muli(y).addi(twiceSigmoid);
    gradient.muli(work);
  }
}
