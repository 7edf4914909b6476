package org.md4j.train;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;
import org.md4j.objective.TrainingRows;

/** One replica's share of a step: draws rows and adds them to a loss. Used by one thread. */
final class ReplicaWorker {
  private final TrainableDenoiser replica;
  private final RowSource data;
  private final RowDraws rows;
  private final CounterRandom random;
  private final TrainerConfig config;
  private final LogitWorkspace workspace = new LogitWorkspace();

  /** Makes a worker of a replica. */
  ReplicaWorker(
      TrainableDenoiser replica, RowSource data, CounterRandom random, TrainerConfig config) {
    this.replica = replica;
    this.data = data;
    this.rows = new RowDraws(data, random, config);
    this.random = random;
    this.config = config;
  }

  /** Begins the loss of a step, with nothing added yet. */
  TrainingLoss begin(Objective objective) {
    return objective.trainingLoss(workspace);
  }

  /**
   * Adds rows {@code from} to {@code to} of a step's batch to a loss, and their gradient to the
   * replica's.
   *
   * @param levels noise levels of the whole batch, [B]
   * @param factors of the rows of the whole batch, [B]
   * @param scale factor of the gradient of nats
   */
  void add(
      TrainingLoss loss,
      int step,
      int from,
      int to,
      double[] levels,
      double[] factors,
      double scale) {
    double progress = Math.min(1, (double) step / config.steps());
    DoubleUnaryOperator weight = bound -> config.noise().weight().of(bound, progress);
    Rows clean = data.rows(rows.indices(step, from, to)).withFirstExample(from);
    loss.add(
        replica,
        new TrainingRows(
            clean.withLabels(labels(step, clean)),
            Arrays.copyOfRange(levels, from, to),
            Arrays.copyOfRange(factors, from, to),
            weight,
            config.noise().masks(random.uniforms(Purpose.MASK, step)),
            random.uniforms(Purpose.DROPOUT, step)),
        scale);
  }

  /** Makes the gradient zero if no row had a mask. */
  void finish(TrainingLoss loss) {
    if (!loss.hasGradient()) {
      replica.gradients().assign(0);
    }
  }

  /**
   * The labels of a step's rows, some of them replaced by the null label.
   *
   * <p>Deviation: the reference code (b9fbf29) never drops a label, so its networks cannot be
   * guided.
   */
  private int[] labels(int step, Rows clean) {
    int[] labels = clean.labels().clone();
    Uniforms uniforms = random.uniforms(Purpose.LABEL_DROPOUT, step);
    for (int i = 0; i < labels.length; i++) {
      if (uniforms.at(clean.firstExample() + i, 0) < config.labelDropout()) {
        labels[i] = data.classes();
      }
    }
    return labels;
  }
}
