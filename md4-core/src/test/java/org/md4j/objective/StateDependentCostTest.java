package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StateDependentCostTest {
  private static final double STEP = 1e-5;

  /** Of the rows, each another. */
  private static final double[] FACTORS = {0.3, 1, 2, 0.7, 1, -0.5};

  /** Rounding of sums of a few dozen terms of size 10 in float. */
  private static final double FLOAT = 10 * Tolerance.EXACT_FLOAT;

  private final Random random = new Random(3);
  private final int positions = 40;
  private final int size = 5;
  private final double[][] logits = gaussians(positions, size);
  private final int[] targets = random.ints(positions, 0, size).toArray();

  /** Rows 1 and 4 have no position. */
  private final int[] rows =
      random.ints(positions, 0, 6).map(row -> row == 1 || row == 4 ? 0 : row).sorted().toArray();

  private final double[][] weights = absolute(gaussians(6, size));

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isTheFormulaAndItsDerivatives(DataType type) {
    double rounding = type == DataType.FLOAT ? FLOAT : Tolerance.EXACT_DOUBLE;
    double slopes = type == DataType.FLOAT ? FLOAT : Tolerance.FINITE_DIFFERENCE;
    StateDependentCost.Rates rates = new StateDependentCost.Rates(weights, rows);
    INDArray gradient = Nd4j.createFromArray(logits).castTo(type);
    double[][] byWeight = new double[6][size];

    double[] again =
        new StateDependentCost(new LogitWorkspace()).natsInPlace(gradient.dup(), targets, rates);
    double[] nats =
        new StateDependentCost(new LogitWorkspace())
            .natsAndGradientInPlace(gradient, targets, rates, FACTORS, byWeight);

    double[][] byLogit = gradient.toDoubleMatrix();
    for (int p = 0; p < positions; p++) {
      assertThat(nats[p]).isCloseTo(formula(p), within(rounding));
      assertThat(again[p]).isCloseTo(formula(p), within(rounding));
      for (int v = 0; v < size; v++) {
        assertThat(byLogit[p][v])
            .as("by logit %s of position %s", v, p)
            .isCloseTo(FACTORS[rows[p]] * slope(logits, p, v), within(slopes));
      }
    }
    for (int row = 0; row < weights.length; row++) {
      for (int v = 0; v < size; v++) {
        assertThat(byWeight[row][v])
            .as("by weight of %s in row %s", v, row)
            .isCloseTo(slope(weights, row, v), within(slopes));
      }
    }
  }

  /**
   * It is the divergence of two Poisson rates, {@code sum r mu >= r_x mu_x} and {@code mu - 1 >= ln
   * mu}.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isNeverNegative(DataType type) {
    double[] nats =
        new StateDependentCost(new LogitWorkspace())
            .natsInPlace(
                Nd4j.createFromArray(logits).castTo(type),
                targets,
                new StateDependentCost.Rates(weights, rows));

    assertThat(Arrays.stream(nats).min().orElseThrow()).isNotNegative();
  }

  private double formula(int p) {
    double[] r = weights[rows[p]];
    double total = Arrays.stream(logits[p]).map(Math::exp).sum();
    double nats = -r[targets[p]] * (1 + Math.log(Math.exp(logits[p][targets[p]]) / total));
    for (int v = 0; v < size; v++) {
      nats += r[v] * Math.exp(logits[p][v]) / total;
    }
    return nats;
  }

  private double slope(double[][] of, int i, int v) {
    double value = of[i][v];
    of[i][v] = value + STEP;
    double up = sum();
    of[i][v] = value - STEP;
    double down = sum();
    of[i][v] = value;
    return (up - down) / (2 * STEP);
  }

  private double sum() {
    double sum = 0;
    for (int p = 0; p < positions; p++) {
      sum += formula(p);
    }
    return sum;
  }

  private double[][] gaussians(int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, v -> random.nextGaussian());
    }
    return values;
  }

  private static double[][] absolute(double[][] values) {
    for (double[] row : values) {
      Arrays.setAll(row, v -> Math.abs(row[v]));
    }
    return values;
  }
}
