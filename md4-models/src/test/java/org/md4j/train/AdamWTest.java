package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.golden.GoldenVectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class AdamWTest {
  /** Rounding of state and parameters, of order 1, over a hundred steps; of one type each. */
  private static final Map<DataType, Double> ROUNDING =
      Map.of(DataType.DOUBLE, 1e-12, DataType.FLOAT, 2e-6);

  /** Gradients of very different sizes: for the small ones epsilon decides. */
  private static final double[] GRADIENT_SIZES = {1e-10, 1e-8, 1e-6, 1e-3, 1, 100};

  private static final double EPSILON = 1e-8;
  private static final int STEPS = 100;

  @Test
  void matchesVectorTrainAdamw() {
    double[] gradients = {0.1, -0.2, 0.05};
    AdamW config = AdamW.of(1e-3, 0.03);
    INDArray parameter =
        Nd4j.createFromArray(GoldenVectors.inputs("train/adamw").get("p0").doubleValue())
            .reshape(1, 1);
    AdamWUpdater updater = config.instantiate(Nd4j.create(DataType.DOUBLE, 1, 2), true);

    for (int step = 0; step < gradients.length; step++) {
      update(updater, parameter, Nd4j.createFromArray(gradients[step]).reshape(1, 1), step);

      GoldenVectors.assertMatches(
          "train/adamw",
          "parameter after step " + (step + 1),
          parameter.getDouble(0),
          GoldenVectors.expected("train/adamw").get(step));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isThePapersFormulaForGradientsOfEverySize(DataType type) {
    int count = GRADIENT_SIZES.length;
    WarmupCosineSchedule schedule = new WarmupCosineSchedule(0.01, 10, STEPS);
    AdamW config = new AdamW(0, schedule, 0.9, 0.999, EPSILON, 0.03);
    INDArray parameters = Nd4j.ones(type, 1, count);
    AdamWUpdater updater = config.instantiate(Nd4j.create(type, 1, 2L * count), true);
    PlainAdamW plain = new PlainAdamW(parameters.toDoubleVector());
    double beta1 = type == DataType.FLOAT ? 0.9f : 0.9;
    double beta2 = type == DataType.FLOAT ? 0.999f : 0.999;

    for (int step = 0; step < STEPS; step++) {
      double[] gradient = gradient(step);
      update(
          updater, parameters, Nd4j.createFromArray(gradient).reshape(1, count).castTo(type), step);
      double[] expected =
          plain.step(gradient, schedule.at(step), beta1, beta2, EPSILON, config.weightDecay());

      assertThat(parameters.toDoubleVector())
          .as("parameters after step %d", step + 1)
          .containsExactly(expected, within(ROUNDING.get(type)));
    }
  }

  @Test
  void rateZeroChangesTheStateAlone() {
    AdamW config = AdamW.of(0, 0.5);
    INDArray state = Nd4j.create(DataType.FLOAT, 1, 4);
    AdamWUpdater updater = config.instantiate(state, true);
    INDArray parameters = Nd4j.createFromArray(1f, -2f).reshape(1, 2);

    update(updater, parameters, Nd4j.createFromArray(3f, 4f).reshape(1, 2), 0);

    assertThat(parameters.toFloatVector()).containsExactly(1f, -2f);
    assertThat(state.getFloat(0)).isCloseTo(0.3f, within(1e-6f));
    assertThat(state.getFloat(3)).isCloseTo(0.016f, within(1e-6f));
  }

  @Test
  void slicesGiveWhatTheWholeGives() {
    int count = 37;
    AdamW config = AdamW.of(0.01, 0.1);
    INDArray gradient = Nd4j.linspace(DataType.FLOAT, -1, 0.07, count).reshape(1, count);
    INDArray whole = Nd4j.linspace(DataType.FLOAT, 2, -0.1, count).reshape(1, count);
    INDArray sliced = whole.dup();
    INDArray state = Nd4j.create(DataType.FLOAT, 2L * count);
    INDArray slicedState = Nd4j.create(DataType.FLOAT, 2L * count);
    INDArray slicedGradient = gradient.dup();

    update(config.instantiate(state, true), whole, gradient, 3);
    for (int[] range : new int[][] {{0, 16}, {16, 17}, {17, count}}) {
      Map<String, INDArray> views =
          Map.of(
              AdamWUpdater.M_STATE, part(slicedState, range[0], range[1]),
              AdamWUpdater.V_STATE, part(slicedState, count + range[0], count + range[1]));
      update(
          config.instantiate(views, false),
          part(sliced, range[0], range[1]),
          part(slicedGradient, range[0], range[1]),
          3);
    }

    assertThat(sliced.toFloatVector()).containsExactly(whole.toFloatVector());
    assertThat(slicedState.toFloatVector()).containsExactly(state.toFloatVector());
  }

  @Test
  void stateIsAViewOfWhatWasGiven() {
    INDArray state = Nd4j.ones(DataType.FLOAT, 1, 6);
    AdamWUpdater updater = AdamW.of(0.1, 0).instantiate(state, true);

    assertThat(state.toFloatVector()).containsOnly(0f);
    updater.getState().get(AdamWUpdater.V_STATE).assign(7);
    assertThat(state.toFloatVector()).containsExactly(0, 0, 0, 7, 7, 7);
    assertThat(AdamW.of(0.1, 0).stateSize(3)).isEqualTo(6);
  }

  @Test
  void wantsItsStateFirst() {
    AdamWUpdater updater = new AdamWUpdater(AdamW.of(0.1, 0));

    assertThatThrownBy(() -> updater.applyUpdater(Nd4j.ones(1, 1), 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("setState");
    assertThatThrownBy(() -> updater.setState(Map.of("M", Nd4j.ones(1)), false))
        .hasMessage("stateMap must hold exactly [M, V], got [M]");
  }

  @Test
  void equalSettingsAreEqualAndACopyIsOne() {
    AdamW config = new AdamW(0.1, new WarmupCosineSchedule(1, 2, 3), 0.8, 0.99, 1e-6, 0.2);

    assertThat(config.clone()).isEqualTo(config).hasSameHashCodeAs(config).isNotSameAs(config);
    assertThat(config).isNotEqualTo(AdamW.of(0.1, 0.2));
    AdamW changed = config.clone();
    changed.setLrAndSchedule(0.5, null);
    assertThat(changed.getLearningRate(7, 0)).isEqualTo(0.5);
    assertThat(changed).isNotEqualTo(config);
  }

  @Test
  void rejectsSettingsOutOfRange() {
    assertThatThrownBy(() -> AdamW.of(-1, 0)).hasMessageContaining("learningRate (-1.0)");
    assertThatThrownBy(() -> AdamW.of(1, -1)).hasMessageContaining("weightDecay (-1.0)");
    assertThatThrownBy(() -> new AdamW(1, null, 1, 0.9, 1e-8, 0)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new AdamW(1, null, 0.9, -0.1, 1e-8, 0)).hasMessageContaining("beta2");
    assertThatThrownBy(() -> new AdamW(1, null, 0.9, 0.9, 0, 0))
        .hasMessageContaining("epsilon (0.0) must be above 0");
  }

  private static void update(
      AdamWUpdater updater, INDArray parameters, INDArray gradient, int step) {
    updater.applyUpdater(gradient, step, 0);
    updater.decayInPlace(parameters, step, 0);
    parameters.subi(gradient);
  }

  private static double[] gradient(int step) {
    Uniforms uniforms = new CounterRandom(1).uniforms(Purpose.DATA, step);
    double[] gradient = new double[GRADIENT_SIZES.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (GRADIENT_SIZES[i] * (uniforms.at(0, i) - 0.3));
    }
    return gradient;
  }

  private static INDArray part(INDArray vector, int from, int to) {
    return vector.reshape(vector.length()).get(NDArrayIndex.interval(from, to));
  }
}
