package org.md4j.train;

import java.util.Arrays;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.data.ExampleSource;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Elbo;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.process.NoisedBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One replica's share of a step: draws rows, masks them, and leaves the gradient of their loss in
 * the replica. Used by one thread.
 */
final class ReplicaWorker {
  private final TrainableDenoiser replica;
  private final Elbo objective;
  private final ExampleSource data;
  private final CounterRandom random;
  private final MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
  private final int[] example;
  private boolean hasGradient;
  private double nats;

  ReplicaWorker(
      TrainableDenoiser replica, Elbo objective, ExampleSource data, CounterRandom random) {
    this.replica = replica;
    this.objective = objective;
    this.data = data;
    this.random = random;
    this.example = new int[data.length()];
  }

  /** Forgets the last step. */
  void begin() {
    hasGradient = false;
    nats = 0;
  }

  /**
   * Adds rows {@code from} to {@code to} of a step's batch to loss and gradient.
   *
   * @param levels of the whole batch, [B]
   * @param scale what the gradient of nats is multiplied by
   */
  void add(int step, int from, int to, double[] levels, double scale) {
    NoisedBatch batch =
        objective.noise(
            draw(step, from, to),
            Arrays.copyOfRange(levels, from, to),
            from,
            random.uniforms(Purpose.MASK, step));
    int[] positions = batch.maskedPositions();
    if (positions.length == 0) {
      return;
    }
    double[] rowWeights = objective.weights(batch);
    double[] weights = new double[positions.length];
    Arrays.setAll(weights, i -> rowWeights[batch.row(i)] * scale);

    INDArray logits =
        replica.forwardForTraining(
            new DenoiserInput(batch.noisy(), batch.times(), positions),
            from,
            random.uniforms(Purpose.DROPOUT, step));
    double[] crossEntropies = crossEntropy.natsAndGradientInPlace(logits, batch.targets(), weights);
    replica.backward(logits, hasGradient);
    hasGradient = true;
    for (int i = 0; i < positions.length; i++) {
      nats += rowWeights[batch.row(i)] * crossEntropies[i];
    }
  }

  /** Makes the gradient zero if no row had a mask, and returns the nats of all rows added. */
  double finish() {
    if (!hasGradient) {
      replica.gradients().assign(0);
    }
    return nats;
  }

  /**
   * The clean rows of a step.
   *
   * <p>Deviation: the reference code shuffles the examples and goes through all of them; here each
   * row is drawn from all, independently, so that a resumed run needs no order to be kept.
   */
  private TokenBatch draw(int step, int from, int to) {
    Uniforms uniforms = random.uniforms(Purpose.DATA, step);
    int[] tokens = new int[(to - from) * example.length];
    for (int row = from; row < to; row++) {
      data.example((long) (uniforms.at(row, 0) * data.size()), example);
      System.arraycopy(example, 0, tokens, (row - from) * example.length, example.length);
    }
    return TokenBatch.ofFlat(data.vocabulary(), to - from, tokens);
  }
}
