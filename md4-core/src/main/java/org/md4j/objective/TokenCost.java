package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cost of predictions, position by position, and its gradient in closed form: {@link
 * MaskedCrossEntropy}, {@link ScoreEntropy}, or one of your own, as a function of a row on the host
 * ({@link HostCost}) or of matrix operations ({@link LogitWorkspace}).
 *
 * <p>Logits are [P, V] in c order, FLOAT or DOUBLE, and are <em>overwritten</em>. P may differ from
 * call to call. Results on the host are double, but carry no more digits than the type of the
 * logits. Logits that are not finite give a value that is not finite.
 *
 * <p>One instance is used by one thread.
 */
public interface TokenCost {
  /**
   * Computes the cost of each row.
   *
   * @param logits [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @return nats, [P]
   * @throws IllegalArgumentException if shape, order or type of the logits, or a target, is wrong;
   *     the logits are then unchanged
   */
  double[] natsInPlace(INDArray logits, int[] targets);

  /**
   * Computes what a denoiser's predictions cost, block by block.
   *
   * @param targets [P], in 0..V-1, of the positions asked about
   * @return nats, [P]
   */
  default double[] nats(Denoiser denoiser, DenoiserInput question, int[] targets) {
    double[] nats = new double[targets.length];
    denoiser.readLogits(
        question,
        (from, logits) -> {
          int to = from + (int) logits.size(0);
          double[] costs = natsInPlace(logits, Arrays.copyOfRange(targets, from, to));
          System.arraycopy(costs, 0, nats, from, costs.length);
        });
    return nats;
  }

  /**
   * Computes the cost of each row and leaves the gradient of their weighted sum in {@code logits}.
   *
   * @param logits [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @param weights [P], the factor of each row in the loss
   * @return nats, [P], not weighted
   * @throws IllegalArgumentException if shape, order or type of the logits, or a target, or the
   *     number of weights is wrong; the logits are then unchanged
   */
  double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights);
}
