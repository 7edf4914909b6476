package org.md4j.train;

import java.util.List;
import java.util.Optional;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.ReplicaPool;
import org.md4j.model.TrainableDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network and its replicas in training, each on a thread of its own.
 *
 * @param pool their threads, ended by {@link #close}
 * @param networks one a thread, all on the same parameters
 */
record Replicas(ReplicaPool pool, List<TrainableDenoiser> networks) implements AutoCloseable {
  /** The number of gradients looked at together. */
  private static final int LOOK_LENGTH = 1 << 20;

  private static final Logger LOGGER = LoggerFactory.getLogger(Trainer.class);

  /** Makes as many replicas as a configuration asks for on this machine. */
  static Replicas of(TrainableDenoiser network, TrainerConfig config) {
    int count =
        config.replicas() > 0
            ? config.replicas()
            : Math.min(ReplicaPool.defaultSize(), config.microBatchRows());
    warnOfThreads(count);
    return new Replicas(new ReplicaPool(count), ParallelDenoiser.replicate(network, count));
  }

  private static void warnOfThreads(int count) {
    Environment environment = Nd4j.getEnvironment();
    if (count > 1 && environment.isCPU() && environment.maxThreads() > 1) {
      LOGGER.warn(
          "{} replicas, each with up to {} threads an operation, compete for the cores: set the"
              + " environment variable OMP_NUM_THREADS=1",
          count,
          environment.maxThreads());
    }
  }

  /** The number of replicas. */
  int count() {
    return pool.size();
  }

  /** The gradients of each replica, not copies. */
  List<INDArray> gradients() {
    return networks.stream().map(TrainableDenoiser::gradients).toList();
  }

  /**
   * Finds the first number that is not finite in the sum of gradients, which the first replica
   * holds.
   *
   * @return its place in the flat vector
   */
  Optional<Long> firstNotFinite() {
    INDArray sum = networks.get(0).gradients();
    for (long from = 0; from < sum.length(); from += LOOK_LENGTH) {
      double[] part =
          OptimizerState.part(sum, from, Math.min(sum.length(), from + LOOK_LENGTH))
              .toDoubleVector();
      for (int i = 0; i < part.length; i++) {
        if (!Double.isFinite(part[i])) {
          return Optional.of(from + i);
        }
      }
    }
    return Optional.empty();
  }

  /** Makes a denoiser that spreads rows over all replicas. */
  ParallelDenoiser denoiser() {
    return new ParallelDenoiser(pool, networks);
  }

  @Override
  public void close() {
    pool.close();
  }
}
