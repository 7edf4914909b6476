package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.process.NoisedBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The loss of objectives that are a weighted sum over positions: one question a part. */
final class TokenwiseLoss implements TrainingLoss {
  private final TokenwiseObjective objective;
  private final TokenCost cost;
  private double nats;
  private boolean hasGradient;

  TokenwiseLoss(TokenwiseObjective objective, LogitWorkspace workspace) {
    this.objective = objective;
    this.cost = objective.cost(workspace);
  }

  @Override
  public void add(DifferentiableDenoiser network, TrainingRows rows, double scale) {
    NoisedBatch batch =
        objective.noise(rows.clean(), rows.levels(), rows.firstExample(), rows.masks());
    int length = rows.clean().length();
    nats +=
        rows.clean().rows()
            * (objective.reconstruction(length, rows.clean().vocabulary())
                + objective.prior(length, rows.clean().vocabulary()));
    int[] wanted = objective.positions(batch);
    if (wanted.length == 0) {
      return;
    }
    AskedPositions asked = new AskedPositions(wanted, rows.clean().rows() * length);
    int[] positions = asked.all();
    double[] training = objective.trainingWeights(batch);
    double[] factors = new double[positions.length];
    Arrays.setAll(factors, i -> asked.isWanted(i) ? training[positions[i] / length] * scale : 0);
    int[] targets = asked.targets(rows.clean());
    INDArray logits =
        network.forwardForTraining(
            new DenoiserInput(batch.noisy(), batch.times(), rows.labels(), positions),
            rows.firstExample(),
            rows.dropout());
    double[] costs = cost.natsAndGradientInPlace(logits, targets, factors);
    network.backward(logits, hasGradient);
    hasGradient = true;
    double[] weights = objective.weights(batch);
    for (int i = 0; i < positions.length; i++) {
      nats += asked.isWanted(i) ? weights[positions[i] / length] * costs[i] : 0;
    }
  }

  @Override
  public double nats() {
    return nats;
  }

  @Override
  public boolean hasGradient() {
    return hasGradient;
  }
}
