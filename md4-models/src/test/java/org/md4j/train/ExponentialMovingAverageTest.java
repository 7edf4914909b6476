package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.md4j.golden.GoldenVectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ExponentialMovingAverageTest {
  private static final double RATE = 0.9999;

  /** Rounding to float, once a step and to either side, on values near 1 over 20,000 steps. */
  private static final double NO_DRIFT = 1e-5;

  @Test
  void matchesVectorTrainEma() {
    INDArray average = Nd4j.ones(DataType.DOUBLE, 1, 3);
    ExponentialMovingAverage ema = new ExponentialMovingAverage(average, RATE);

    for (int step = 0; step < 3; step++) {
      double parameter = GoldenVectors.inputs("train/ema").get("params").get(step).doubleValue();
      ema.update(Nd4j.valueArrayOf(new long[] {1, 3}, parameter, DataType.DOUBLE));

      for (double value : average.toDoubleVector()) {
        GoldenVectors.assertMatches(
            "train/ema",
            "average after step " + (step + 1),
            value,
            GoldenVectors.expected("train/ema").get(step));
      }
    }
    assertThat(ema.average()).isSameAs(average);
  }

  @Test
  void ofConstantParametersStaysWhereItIsInFloat() {
    float[] values = {1, 0.1f, -0.7f, 3.3f};
    INDArray parameters = Nd4j.createFromArray(values).reshape(1, 4);
    INDArray average = parameters.dup();
    ExponentialMovingAverage ema = new ExponentialMovingAverage(average, RATE);

    for (int step = 0; step < 20_000; step++) {
      ema.update(parameters);
    }

    for (int i = 0; i < values.length; i++) {
      assertThat(average.getDouble(i)).isCloseTo(values[i], within(NO_DRIFT * Math.abs(values[i])));
    }
  }

  @Test
  void rateZeroIsTheParametersThemselves() {
    INDArray average = Nd4j.ones(DataType.FLOAT, 1, 2);

    new ExponentialMovingAverage(average, 0).update(Nd4j.createFromArray(5f, -2f).reshape(1, 2));

    assertThat(average.toFloatVector()).containsExactly(5f, -2f);
  }

  @Test
  void rejectsRateOne() {
    assertThatThrownBy(() -> new ExponentialMovingAverage(Nd4j.ones(1), 1))
        .hasMessage("rate (1.0) must be in [0, 1)");
  }
}
