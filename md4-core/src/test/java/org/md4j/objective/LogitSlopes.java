package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.md4j.Tolerance;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.process.NoisedBatch;
import org.md4j.toy.GradientRecorder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of losses of one question against finite differences, for given masks. */
final class LogitSlopes {
  private static final double STEP = 1e-5;
  private static final double SCALE = 0.3;

  private LogitSlopes() {}

  /**
   * Asserts that the gradient in every logit, DOUBLE and FLOAT, is that of a value of all rows.
   *
   * @param value of the noised rows and a denoiser
   */
  static void assertGradient(
      TokenwiseObjective objective,
      Denoiser denoiser,
      TokenBatch clean,
      double[] levels,
      Uniforms masks,
      ToDoubleBiFunction<NoisedBatch, Denoiser> value) {
    NoisedBatch batch = objective.noise(Rows.of(clean), levels, masks);
    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      double tolerance =
          type == DataType.FLOAT ? 10 * Tolerance.EXACT_FLOAT : Tolerance.FINITE_DIFFERENCE;
      GradientRecorder network = new GradientRecorder(input -> denoiser.logits(input).castTo(type));
      objective
          .trainingLoss(new LogitWorkspace())
          .add(network, new TrainingRows(Rows.of(clean), levels, masks, masks), SCALE);

      assertThat(network.gradients()).hasSize(1);
      double[] gradient = network.gradients().get(0);
      assertThat(gradient).hasSize(objective.positions(batch).length * clean.vocabulary().size());
      for (int i = 0; i < gradient.length; i++) {
        double slope =
            (value.applyAsDouble(batch, nudged(denoiser, i, STEP))
                    - value.applyAsDouble(batch, nudged(denoiser, i, -STEP)))
                / (2 * STEP);
        assertThat(gradient[i])
            .as("%s, %s, logit %s", objective, type, i)
            .isCloseTo(SCALE * slope, within(tolerance * (1 + Math.abs(slope))));
      }
    }
  }

  /** The cross-entropy of all masked tokens, from the formula. */
  static double crossEntropy(NoisedBatch batch, Denoiser denoiser) {
    double[][] logits =
        denoiser
            .logits(new DenoiserInput(batch.noisy(), batch.times(), batch.maskedPositions()))
            .toDoubleMatrix();
    double nats = 0;
    for (int p = 0; p < logits.length; p++) {
      double sum = 0;
      for (double logit : logits[p]) {
        sum += Math.exp(logit);
      }
      nats += Math.log(sum) - logits[p][batch.targets()[p]];
    }
    return nats;
  }

  private static Denoiser nudged(Denoiser denoiser, int logit, double by) {
    return input -> {
      INDArray logits = denoiser.logits(input);
      logits.putScalar(logit, logits.getDouble(logit) + by);
      return logits;
    };
  }
}
