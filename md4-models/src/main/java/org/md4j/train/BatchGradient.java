package org.md4j.train;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.model.ReplicaPool;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;
import org.md4j.objective.TrainingNoise;

/**
 * The loss and the gradient of a batch: noise levels are spread evenly over all its rows, which are
 * then split into micro-batches and these over the replicas.
 */
final class BatchGradient {
  private final ReplicaPool pool;
  private final List<ReplicaWorker> workers;
  private final TrainerConfig config;
  private final CounterRandom random;
  private final RowSource training;
  private final RowDraws rows;

  BatchGradient(
      ReplicaPool pool,
      List<TrainableDenoiser> replicas,
      RowSource training,
      TrainerConfig config,
      CounterRandom random) {
    this.pool = pool;
    this.config = config;
    this.random = random;
    this.training = training;
    this.rows = new RowDraws(training, random, config);
    workers =
        replicas.stream()
            .map(replica -> new ReplicaWorker(replica, training, random, config))
            .toList();
  }

  /**
   * Leaves every replica with the gradient of its rows, and lets the data know which rows come
   * next.
   *
   * @param scale factor of the gradient of nats
   * @return the loss of each replica's rows
   */
  List<TrainingLoss> accumulate(Objective objective, int step, double scale) {
    training.prefetch(rows.indices(step + 1, 0, config.batchSize()));
    TrainingNoise noise = config.noise();
    double[] levels =
        dealt(
            noise.levels(config.batchSize(), random.uniforms(Purpose.TIME, step)),
            noise.complementaryPairs() ? 2 : 1);
    double[] factors = noise.factors(levels);
    Objective trained = noise.estimatorOf(objective);
    List<TrainingLoss> losses = workers.stream().map(worker -> worker.begin(trained)).toList();
    pool.run(
        r -> {
          ReplicaWorker worker = workers.get(r);
          for (int part = 0; part < config.accumulation(); part++) {
            int first = firstRow(part);
            long rows = (long) firstRow(part + 1) - first;
            int from = first + (int) (rows * r / pool.size());
            int to = first + (int) (rows * (r + 1) / pool.size());
            if (from < to) {
              worker.add(losses.get(r), step, from, to, levels, factors, scale);
            }
          }
          worker.finish(losses.get(r));
        });
    return losses;
  }

  /**
   * Deals evenly spaced noise levels in the order of their numbers' reversed binary digits:
   * wherever the rows are split, all parts have levels from everywhere. A masked token costs more
   * than a visible one, so replicas and micro-batches would otherwise wait for the noisiest.
   *
   * @param together levels that stay beside each other; the last group may be smaller and stays
   *     last
   */
  static double[] dealt(double[] levels, int together) {
    int groups = levels.length / together;
    double[] dealt = levels.clone();
    int[] order =
        IntStream.range(0, groups)
            .boxed()
            .sorted(Comparator.comparing(Integer::reverse, Integer::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int to = 0; to < groups; to++) {
      System.arraycopy(levels, order[to] * together, dealt, to * together, together);
    }
    return dealt;
  }

  /** The row of the batch where a micro-batch starts; sizes differ by one row at most. */
  private int firstRow(int part) {
    return (int) ((long) config.batchSize() * part / config.accumulation());
  }
}
