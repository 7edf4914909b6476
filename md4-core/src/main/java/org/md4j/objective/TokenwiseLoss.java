package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Rows;
import org.md4j.process.NoisedBatch;

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
    double[] training = trainingWeights(batch, rows, scale);
    double[] factors = new double[positions.length];
    Arrays.setAll(factors, i -> asked.isWanted(i) ? training[batch.rowOf(positions[i])] : 0);
    int[] targets = asked.targets(clean.tokens());
    double[] costs = new double[positions.length];
    network.train(
        batch.question(positions),
        rows.dropout(),
        (from, logits) -> {
          int to = from + (int) logits.size(0);
          double[] some =
              cost.natsAndGradientInPlace(
                  logits,
                  Arrays.copyOfRange(targets, from, to),
                  Arrays.copyOfRange(factors, from, to));
          System.arraycopy(some, 0, costs, from, some.length);
        },
        hasGradient);
    hasGradient = true;
    double[] weights = objective.weights(batch);
    for (int i = 0; i < positions.length; i++) {
      int row = batch.rowOf(positions[i]);
      nats += asked.isWanted(i) ? weights[row] * rows.factors()[row] * costs[i] : 0;
    }
  }

  /** Returns the factor of each row's cost in what is differentiated, [B]. */
  private double[] trainingWeights(NoisedBatch batch, TrainingRows rows, double scale) {
    double[] own = objective.trainingWeights(batch);
    double[] weights = new double[own.length];
    Arrays.setAll(weights, b -> rows.weight().applyAsDouble(own[b]) * rows.factors()[b] * scale);
    return weights;
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
