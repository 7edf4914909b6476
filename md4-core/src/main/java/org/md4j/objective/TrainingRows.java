package org.md4j.objective;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;

/**
 * The rows of a training step, with their randomness and what they weigh.
 *
 * <p>The arrays are not copied.
 *
 * @param clean x_0, [B, N], no masks; numbered as they are within the step
 * @param levels the noise level of each row, [B], in [0, 1)
 * @param factors of each row's loss and gradient, [B], at least 0: 1 / density of the law its level
 *     was drawn by
 * @param weight a row's weight in training as a function of that in the bound
 * @param masks the masks' randomness
 * @param dropout the randomness of the network's dropout
 */
public record TrainingRows(
    Rows clean,
    double[] levels,
    double[] factors,
    DoubleUnaryOperator weight,
    Uniforms masks,
    Uniforms dropout) {
  /** Checks that every row has a level and a factor. */
  public TrainingRows {
    if (levels.length != clean.count()) {
      throw new IllegalArgumentException(
          "levels must have shape [B] = [%d], got [%d]".formatted(clean.count(), levels.length));
    }
    if (factors.length != clean.count()) {
      throw new IllegalArgumentException(
          "factors must have shape [B] = [%d], got [%d]".formatted(clean.count(), factors.length));
    }
  }

  /** Makes rows with uniform levels that are trained on the bound itself. */
  public TrainingRows(Rows clean, double[] levels, Uniforms masks, Uniforms dropout) {
    this(clean, levels, ones(levels.length), DoubleUnaryOperator.identity(), masks, dropout);
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
