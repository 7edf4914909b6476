package org.md4j.train;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Settings of AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019), as
 * a DL4J updater; DL4J 1.0.0-M2.1 has none.
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
 *   p = p - lr * ( (m / (1 - beta1^k)) / (sqrt(v / (1 - beta2^k)) + epsilon) + weightDecay * p ),  k = 1, 2, ...
 * </pre>
 *
 * The decay is of every parameter, biases and embeddings included, as in MD4's runs (reference code
 * b9fbf29).
 *
 * <p>In DL4J's own fit loop an updater sees gradients only, so the decay has to be given to each
 * layer's builder again: {@code weightDecay(c).weightDecayBias(c)}. Do not give it to the global
 * {@code NeuralNetConfiguration.Builder}: with a graph, M2.1 registers it twice. {@link Trainer}
 * needs nothing of this.
 */
public final class AdamW implements IUpdater {
  private static final long serialVersionUID = 1;

  private double learningRate;
  private @Nullable ISchedule learningRateSchedule;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;

  /**
   * Makes settings with a learning rate or a schedule of it.
   *
   * @param learningRate learning rate, at least 0; not used if there is a schedule
   * @param learningRateSchedule the rate by iteration, or null for a constant one
   * @param beta1 decay of the mean of gradients, in [0, 1)
   * @param beta2 decay of the mean of their squares, in [0, 1)
   * @param epsilon added to the root of the mean square, above 0
   * @param weightDecay weight decay, at least 0; in DL4J's own fit loop it does nothing unless each
   *     layer's builder is given the same {@code weightDecay} and {@code weightDecayBias}
   */
  @JsonCreator
  public AdamW(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
      @JsonProperty("beta1") double beta1,
      @JsonProperty("beta2") double beta2,
      @JsonProperty("epsilon") double epsilon,
      @JsonProperty("weightDecay") double weightDecay) {
    if (learningRateSchedule == null) {
      Settings.requireNotNegative("learningRate", learningRate);
    }
    Settings.requireRate("beta1", beta1);
    Settings.requireRate("beta2", beta2);
    Settings.requirePositive("epsilon", epsilon);
    Settings.requireNotNegative("weightDecay", weightDecay);
    this.learningRate = learningRate;
    this.learningRateSchedule = learningRateSchedule;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
  }

  /**
   * Returns settings of a constant learning rate with beta1 0.9, beta2 0.999 and epsilon 1e-8.
   *
   * @param learningRate learning rate, at least 0
   * @param weightDecay weight decay, at least 0; in DL4J's own fit loop it does nothing unless each
   *     layer's builder is given the same {@code weightDecay} and {@code weightDecayBias}
   */
  public static AdamW of(double learningRate, double weightDecay) {
    return new AdamW(learningRate, null, 0.9, 0.999, 1e-8, weightDecay);
  }

  /**
   * Returns the AdamW that a run's settings ask for.
   *
   * @param multiplier factor of the run's learning rate
   * @param weightDecay weight decay in place of the run's
   */
  static AdamW of(TrainerConfig config, double multiplier, double weightDecay) {
    OptimizerConfig settings = config.optimizer();
    double learningRate = settings.learningRate() * multiplier;
    return new AdamW(
        learningRate,
        settings.schedule(learningRate, config.steps()),
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        weightDecay);
  }

  /** The decay of the mean of gradients. */
  public double beta1() {
    return beta1;
  }

  /** The decay of the mean of squared gradients. */
  public double beta2() {
    return beta2;
  }

  /** The term that keeps the division finite. */
  public double epsilon() {
    return epsilon;
  }

  /** The share of a parameter, times the learning rate, that a step takes away. */
  public double weightDecay() {
    return weightDecay;
  }

  @Override
  public long stateSize(long numParams) {
    return 2 * numParams;
  }

  /**
   * Makes an updater whose state lies in one vector, the means first, the mean squares second.
   *
   * @param viewArray [1, 2 n] or [2 n], written to by every update
   */
  @Override
  public AdamWUpdater instantiate(INDArray viewArray, boolean initializeViewArray) {
    AdamWUpdater updater = new AdamWUpdater(this);
    INDArray state = viewArray.reshape(viewArray.length());
    updater.setStateViewArray(
        state, new long[] {state.length() / 2}, state.ordering(), initializeViewArray);
    return updater;
  }

  @Override
  public AdamWUpdater instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    AdamWUpdater updater = new AdamWUpdater(this);
    updater.setState(updaterState, initializeStateArrays);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
    this.learningRate = lr;
    this.learningRateSchedule = lrSchedule;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // Built anew, as DL4J's own updaters are.
  public AdamW clone() {
    return new AdamW(
        learningRate,
        learningRateSchedule == null ? null : learningRateSchedule.clone(),
        beta1,
        beta2,
        epsilon,
        weightDecay);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AdamW that
        && Double.compare(learningRate, that.learningRate) == 0
        && Objects.equals(learningRateSchedule, that.learningRateSchedule)
        && beta1 == that.beta1
        && beta2 == that.beta2
        && epsilon == that.epsilon
        && weightDecay == that.weightDecay;
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, learningRateSchedule, beta1, beta2, epsilon, weightDecay);
  }

  @Override
  public String toString() {
    return "AdamW[learningRate="
        + (learningRateSchedule == null ? learningRate : learningRateSchedule)
        + ", beta1="
        + beta1
        + ", beta2="
        + beta2
        + ", epsilon="
        + epsilon
        + ", weightDecay="
        + weightDecay
        + "]";
  }
}
