package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Rows;
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
    Rows clean = rows.clean();
    NoisedBatch batch = objective.noise(clean, rows.levels(), rows.masks());
    nats +=
        clean.count()
            * (objective.reconstruction(clean.length(), clean.vocabulary())
                + objective.prior(clean.length(), clean.vocabulary()));
    int[] wanted = objective.positions(batch);
    if (wanted.length == 0) {
      return;
    }
    AskedPositions asked = new AskedPositions(wanted, clean.count() * clean.length());
    int[] positions = asked.all();
    double[] training = objective.trainingWeights(batch);
    double[] factors = new double[positions.length];
    Arrays.setAll(
        factors, i -> asked.isWanted(i) ? training[batch.rowOf(positions[i])] * scale : 0);
    int[] targets = asked.targets(clean.tokens());
    INDArray logits = network.forwardForTraining(batch.question(positions), rows.dropout());
    double[] costs = cost.natsAndGradientInPlace(logits, targets, factors);
    network.backward(logits, hasGradient);
    hasGradient = true;
    double[] weights = objective.weights(batch);
    for (int i = 0; i < positions.length; i++) {
      nats += asked.isWanted(i) ? weights[batch.rowOf(positions[i])] * costs[i] : 0;
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
