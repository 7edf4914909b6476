package org.md4j.train;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaWork;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingRows;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;

/**
 * The memory outside the Java heap that a training takes, in bytes, counted before anything is
 * made.
 *
 * <p>Counted to the byte but for the masks, which are drawn: activations are those of the most
 * logits that are asked for, in training or in an evaluation, where the levels of a batch are as
 * great as they can be. Not counted are the rows themselves, the scratch of Muon and of losses,
 * what a checkpoint holds while it is restored, what libraries hold for themselves and the Java
 * virtual machine.
 *
 * @param parameters of the network, once
 * @param gradients of all replicas
 * @param optimizer averages of parameters, gradients and their squares
 * @param activations of all replicas, scratch among them
 */
public record TrainingMemory(long parameters, long gradients, long optimizer, long activations) {
  /** Rows of an evaluation that have levels spread evenly over them. */
  private static final int EVALUATED = 16;

  /** Parts of a batch whose masks are drawn. */
  private static final int MOST_PARTS = 8;

  /**
   * Positions whose masks are drawn at most, if a row has no more; of others they are like those.
   */
  private static final long MOST_POSITIONS = 1 << 16;

  /** The greatest shift of evenly spread levels, but for rounding. */
  private static final Uniforms GREATEST = (example, index) -> 1 - 0x1p-20;

  /** The vectors beside the parameters: their average and both of AdamW's. */
  private static final int OPTIMIZER_VECTORS = 3;

  private static final CounterRandom RANDOM = new CounterRandom(0);

  /**
   * Counts the memory of a training in 32-bit floats or mixed precision.
   *
   * @param config with a number of replicas that is not 0
   * @return empty if the network does not say what it needs
   * @throws OutOfMemoryError if there is no room for the parameters alone
   */
  public static Optional<TrainingMemory> of(
      NetworkConfig network, Objective objective, TrainerConfig config, Precision precision) {
    if (config.replicas() < 1) {
      throw new IllegalArgumentException("replicas (0) must be set, to be counted");
    }
    OptionalLong parameters = network.parameterCount();
    if (parameters.isEmpty()) {
      return Optional.empty();
    }
    Counted counted = new Counted(network, objective, config);
    OptionalLong activations = network.activationBytes(counted.work(precision));
    if (activations.isEmpty()) {
      return Optional.empty();
    }
    long vector = parameters.getAsLong() * Float.BYTES;
    int replicas = config.replicas();
    return Optional.of(
        new TrainingMemory(
            vector,
            vector * replicas,
            vector * OPTIMIZER_VECTORS,
            times(activations.getAsLong(), replicas)));
  }

  /** The product, or the largest number there is. */
  private static long times(long bytes, int count) {
    return bytes > Long.MAX_VALUE / count ? Long.MAX_VALUE : bytes * count;
  }

  /** The sum of all, or the largest number there is. */
  public long bytes() {
    long vectors = parameters + gradients + optimizer;
    return activations > Long.MAX_VALUE - vectors ? Long.MAX_VALUE : vectors + activations;
  }

  /** What one replica is asked. */
  private record Counted(NetworkConfig network, Objective objective, TrainerConfig config) {
    ReplicaWork work(Precision precision) {
      int together = rowsOfReplica();
      int some = (int) Math.max(1, Math.min(together, MOST_POSITIONS / network.length()));
      LargestQuestion training = new LargestQuestion();
      train(some, training);
      LargestQuestion evaluation = new LargestQuestion();
      evaluate(Math.min(some, EVALUATED), evaluation);
      double share = Math.max(training.share(), evaluation.share());
      int rows = (int) ((long) Math.max(1, training.rows()) * together / some);
      long positions = (long) rows * network.length();
      long wanted = Math.min(positions, (long) Math.ceil(share * positions));
      return new ReplicaWork(
          rows, (int) Math.max(1, Math.min(Integer.MAX_VALUE, wanted)), true, precision);
    }

    /** The rows of a micro-batch that fall to a replica, at most. */
    private int rowsOfReplica() {
      return (config.microBatchRows() + config.replicas() - 1) / config.replicas();
    }

    private Rows clean(int rows) {
      TokenBatch tokens =
          TokenBatch.ofFlat(
              network.vocabulary(), rows, new int[Math.multiplyExact(rows, network.length())]);
      return Rows.of(tokens).withLabels(new int[network.classes() > 0 ? rows : 0]);
    }

    private void train(int rows, LargestQuestion question) {
      TrainingNoise noise = config.noise();
      double[] levels =
          BatchGradient.dealt(
              noise.levels(config.batchSize(), GREATEST), noise.complementaryPairs() ? 2 : 1);
      double[] factors = noise.factors(levels);
      TrainingLoss loss = noise.estimatorOf(objective).trainingLoss(new LogitWorkspace());
      long affordable = MOST_POSITIONS / ((long) rows * network.length());
      int parts = (int) Math.max(1, Math.min(MOST_PARTS, affordable));
      int last = Math.min(levels.length, parts * rows) - rows;
      for (int from = 0; from <= last; from += rows) {
        loss.add(
            question,
            new TrainingRows(
                clean(rows).withFirstExample(from),
                Arrays.copyOfRange(levels, from, from + rows),
                Arrays.copyOfRange(factors, from, from + rows),
                DoubleUnaryOperator.identity(),
                noise.masks(RANDOM.uniforms(Purpose.MASK, 0)),
                RANDOM.uniforms(Purpose.DROPOUT, 0)),
            1);
      }
    }

    /** The rows of an evaluation that are noised most. */
    private void evaluate(int rows, LargestQuestion question) {
      double[] levels = AntitheticTimes.sample(EVALUATED, GREATEST);
      Arrays.sort(levels);
      NoisedBatch batch =
          objective.noise(
              clean(rows),
              Arrays.copyOfRange(levels, EVALUATED - rows, EVALUATED),
              RANDOM.uniforms(Purpose.EVALUATION_MASK, 0));
      objective.estimate(batch, question);
    }
  }
}
