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
  private final double labelDropout;
  private final MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
  private final int[] example;
  private boolean hasGradient;
  private double nats;

  /**
   * A worker.
   *
   * @param labelDropout probability that a row is given the null label
   */
  ReplicaWorker(
      TrainableDenoiser replica,
      Elbo objective,
      ExampleSource data,
      CounterRandom random,
      double labelDropout) {
    this.replica = replica;
    this.objective = objective;
    this.data = data;
    this.random = random;
    this.labelDropout = labelDropout;
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
    long[] indices = draw(step, from, to);
    NoisedBatch batch =
        objective.noise(
            tokens(indices),
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
            new DenoiserInput(batch.noisy(), batch.times(), labels(step, from, indices), positions),
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
   * Which examples the rows of a step are.
   *
   * <p>Deviation: the reference code shuffles the examples and goes through all of them; here each
   * row is drawn from all, independently, so that a resumed run needs no order to be kept.
   */
  private long[] draw(int step, int from, int to) {
    Uniforms uniforms = random.uniforms(Purpose.DATA, step);
    long[] indices = new long[to - from];
    Arrays.setAll(indices, i -> (long) (uniforms.at((long) from + i, 0) * data.size()));
    return indices;
  }

  private TokenBatch tokens(long[] indices) {
    int[] tokens = new int[indices.length * example.length];
    for (int i = 0; i < indices.length; i++) {
      data.example(indices[i], example);
      System.arraycopy(example, 0, tokens, i * example.length, example.length);
    }
    return TokenBatch.ofFlat(data.vocabulary(), indices.length, tokens);
  }

  /**
   * The labels of a step's rows, some of them replaced by the null label.
   *
   * <p>Deviation: the reference code (b9fbf29) never drops a label, so its networks cannot be
   * guided.
   */
  private int[] labels(int step, int from, long[] indices) {
    int[] labels = Labels.of(data, indices);
    Uniforms uniforms = random.uniforms(Purpose.LABEL_DROPOUT, step);
    for (int i = 0; i < labels.length; i++) {
      if (uniforms.at((long) from + i, 0) < labelDropout) {
        labels[i] = data.classes();
      }
    }
    return labels;
  }
}
