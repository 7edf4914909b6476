package org.md4j.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * AdamW on flat vectors, in place; the formula is at {@link AdamW}.
 *
 * <p>One pass of ND4J's {@code adam_updater} over gradient and state, and one over the parameters
 * for the decay. The operation computes {@code lr' m / (sqrt(v) + epsilon')} with its own bias
 * correction in {@code lr'} alone, which is not Adam's formula, and works the correction out in the
 * arrays' type, where {@code 1 - beta2^k} keeps four digits at first. So the correction is done
 * here in double, in both terms, and the operation is told an iteration so late that its own is 1.
 *
 * <p>Owns no memory: the state is a view of what it was given.
 */
public final class AdamWUpdater implements GradientUpdater<AdamW> {
  /** The key of the means of gradients in {@link #getState}. */
  public static final String M_STATE = "M";

  /** The key of the means of squared gradients in {@link #getState}. */
  public static final String V_STATE = "V";

  /**
   * The last step with a bias correction: beta^(this + 1) is below 1e-90 for every beta below 1 -
   * 1e-7.
   */
  private static final int LONG_AFTER = Integer.MAX_VALUE - 1;

  private final AdamW config;
  private @Nullable INDArray mean;
  private @Nullable INDArray meanSquare;

  /** Makes an updater that still has to be given its state. */
  public AdamWUpdater(AdamW config) {
    this.config = config;
  }

  @Override
  public AdamW getConfig() {
    return config;
  }

  /**
   * Uses these arrays as the state.
   *
   * @param stateMap {@link #M_STATE} and {@link #V_STATE}, of the shape of the gradients to come
   * @param initialize true to set them to zero
   */
  @Override
  public void setState(Map<String, INDArray> stateMap, boolean initialize) {
    INDArray m = stateMap.get(M_STATE);
    INDArray v = stateMap.get(V_STATE);
    if (m == null || v == null || stateMap.size() != 2) {
      throw new IllegalArgumentException(
          "stateMap must hold exactly [M, V], got " + stateMap.keySet());
    }
    use(m, v, initialize);
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(M_STATE, required(mean), V_STATE, required(meanSquare));
  }

  @Override
  public void setStateViewArray(
      INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
    INDArray state = viewArray.reshape(viewArray.length());
    long half = state.length() / 2;
    use(
        state.get(NDArrayIndex.interval(0, half)).reshape(gradientOrder, gradientShape),
        state.get(NDArrayIndex.interval(half, 2 * half)).reshape(gradientOrder, gradientShape),
        initialize);
  }

  private void use(INDArray m, INDArray v, boolean initialize) {
    if (initialize) {
      m.assign(0);
      v.assign(0);
    }
    mean = m;
    meanSquare = v;
  }

  /**
   * Replaces a gradient by the update to subtract from the parameters, the decay apart.
   *
   * @param gradient gradient, of the state's length, FLOAT or DOUBLE, overwritten
   * @param iteration counted from 0
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    INDArray m = required(mean);
    INDArray v = required(meanSquare);
    DataType type = gradient.dataType();
    double beta1 = rounded(config.beta1(), type);
    double beta2 = rounded(config.beta2(), type);
    double rootOfCorrection = Math.sqrt(1 - Math.pow(beta2, iteration + 1.0));
    double rate =
        config.getLearningRate(iteration, epoch)
            * rootOfCorrection
            / (1 - Math.pow(beta1, iteration + 1.0));
    // The operation takes a rate of 0 for a mistake and puts epsilon in its place.
    Nd4j.exec(
        new AdamUpdater(
            gradient.reshape(v.shape()),
            v,
            m,
            rate == 0 ? 1 : rate,
            beta1,
            beta2,
            config.epsilon() * rootOfCorrection,
            LONG_AFTER));
    if (rate == 0) {
      gradient.assign(0);
    }
  }

  /**
   * Multiplies parameters by {@code 1 - lr * weightDecay}; to be done once a step, before the
   * update is subtracted.
   */
  public void decayInPlace(INDArray parameters, int iteration, int epoch) {
    double decay = config.getLearningRate(iteration, epoch) * config.weightDecay();
    if (decay != 0) {
      parameters.muli(1 - decay);
    }
  }

  /** The number that the operation will use, which rounds its arguments to the arrays' type. */
  private static double rounded(double beta, DataType type) {
    return type == DataType.FLOAT ? (float) beta : beta;
  }

  private static INDArray required(@Nullable INDArray state) {
    if (state == null) {
      throw new IllegalStateException("setState or setStateViewArray must be called first");
    }
    return state;
  }
}
