package org.md4j.train;

import org.md4j.core.CounterRandom;
import org.md4j.core.RowSource;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much the gradient of a training batch scatters about its expectation, for a network whose
 * parameters stay as they are. Measured at the same parameters, the {@link #ratio} compares
 * objectives and training noises with each other: it does not change if a loss is multiplied by a
 * number.
 *
 * <p>From K batches with gradients g_k, whose sum is S, both parts are unbiased:
 *
 * <pre>
 *   squaredNorm = (|S|^2 - sum of |g_k|^2) / (K (K - 1))          |E g|^2
 *   variance    = (sum of |g_k|^2) / K - squaredNorm              E |g - E g|^2
 * </pre>
 *
 * <p>Source: variance / squaredNorm of a batch of B rows is the "simple noise scale" of McCandlish
 * et al., "An empirical model of large-batch training", arXiv 1812.06162, section 2.2, over B.
 *
 * @param batches how many were measured, at least 2
 * @param squaredNorm estimate of the squared norm of the expected gradient, in squared bits a
 *     token; below 0 by chance where the expectation is small
 * @param variance estimate of the expected squared distance from it, in squared bits a token
 */
public record GradientNoise(int batches, double squaredNorm, double variance) {
  /**
   * Measures over the batches that a training with these settings would begin with. Rows, levels
   * and masks are those of steps 0 to {@code batches} - 1; nothing is updated.
   *
   * @param network its gradients are overwritten; its parameters are only read
   * @param objective what is differentiated; a learned schedule stays as it is
   * @param rows to draw from
   * @param config batch size, noise, seed and replicas; its optimiser is not used
   * @param batches K, at least 2
   * @throws IllegalArgumentException if network and rows do not fit each other, or rows of the
   *     objective cannot be noised as the settings say
   */
  public static GradientNoise measure(
      TrainableDenoiser network,
      Objective objective,
      RowSource rows,
      TrainerConfig config,
      int batches) {
    if (batches < 2) {
      throw new IllegalArgumentException(
          "batches (" + batches + ") must be at least 2: a single gradient has no scatter");
    }
    new TrainingData(rows, rows).requireFit(network, config);
    objective.requireFits(config.noise());
    double perToken = 1 / ((double) config.batchSize() * rows.length() * Math.log(2));
    INDArray sum = Nd4j.zeros(network.parameters().dataType(), network.parameters().shape());
    double squares = 0;
    try (Replicas replicas = Replicas.of(network, config)) {
      BatchGradient batch =
          new BatchGradient(
              replicas.pool(), replicas.networks(), rows, config, new CounterRandom(config.seed()));
      for (int step = 0; step < batches; step++) {
        batch.accumulate(objective, step, perToken);
        INDArray gradient = replicas.gradients().get(0);
        replicas.gradients().stream().skip(1).forEach(gradient::addi);
        squares += squared(gradient);
        sum.addi(gradient);
      }
    }
    double squaredNorm = (squared(sum) - squares) / ((double) batches * (batches - 1));
    return new GradientNoise(batches, squaredNorm, squares / batches - squaredNorm);
  }

  /**
   * The number of batches whose mean gradient is as far from its expectation as that is from zero:
   * variance / squaredNorm; infinite where the expected gradient was not told from zero.
   */
  public double ratio() {
    return squaredNorm > 0 ? variance / squaredNorm : Double.POSITIVE_INFINITY;
  }

  private static double squared(INDArray vector) {
    double norm = Nd4j.getBlasWrapper().level1().nrm2(vector);
    return norm * norm;
  }
}
