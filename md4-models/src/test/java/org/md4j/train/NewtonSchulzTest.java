package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NewtonSchulzTest {
  private static final int USUAL = 5;

  /**
   * The Frobenius distance from the iterations written out, whose singular values are about 1.
   * Small eigenvalues of X X' are known to one rounding of the largest.
   */
  private static final Map<DataType, Double> ROUNDING =
      Map.of(DataType.DOUBLE, 1e-10, DataType.FLOAT, 1e-3);

  static Stream<Arguments> cases() {
    return Stream.of(DataType.DOUBLE, DataType.FLOAT)
        .flatMap(
            type ->
                Stream.of(
                        new int[] {1, 1},
                        new int[] {1, 9},
                        new int[] {9, 1},
                        new int[] {8, 8},
                        new int[] {8, 24},
                        new int[] {24, 8},
                        new int[] {36, 5},
                        new int[] {65, 130})
                    .map(shape -> Arguments.of(type, shape[0], shape[1])));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isTheIterationWrittenOut(DataType type, int rows, int columns) {
    double[][] x = normalized(random(rows, columns, 1));
    for (int iterations : new int[] {1, 2, USUAL, 6, 12}) {
      RealMatrix expected = plain(new Array2DRowRealMatrix(x), iterations);
      RealMatrix actual = new Array2DRowRealMatrix(orthogonalized(x, iterations, type));
      assertThat(expected.subtract(actual).getFrobeniusNorm())
          .as("distance after %d iterations", iterations)
          .isLessThan(ROUNDING.get(type));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void singularValuesBecomeAboutOneAndSingularVectorsStay(DataType type, int rows, int columns) {
    if (rows == columns && rows > 1) {
      return; // One of a random square matrix' singular values is too small for five iterations.
    }
    double[][] x = normalized(random(rows, columns, 2));
    RealMatrix result = new Array2DRowRealMatrix(orthogonalized(x, USUAL, type));

    assertThat(Arrays.stream(singularValues(result)).boxed())
        .allSatisfy(value -> assertThat(value).isBetween(0.6, 1.3));
    RealMatrix product = new Array2DRowRealMatrix(x).transpose().multiply(result);
    // X' P X is symmetric and, since P is positive, so is it.
    assertThat(product.subtract(product.transpose()).getNorm()).isLessThan(ROUNDING.get(type));
    assertThat(product.getTrace()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {USUAL, 20})
  void directionsWithoutAGradientStayWithoutAnUpdate(int iterations) {
    double[][] left = random(40, 3, 3);
    double[][] right = random(3, 48, 4);
    double[][] x =
        normalized(
            new Array2DRowRealMatrix(left).multiply(new Array2DRowRealMatrix(right)).getData());

    double[] values =
        singularValues(new Array2DRowRealMatrix(orthogonalized(x, iterations, DataType.FLOAT)));

    assertThat(Arrays.stream(values, 0, 3).boxed())
        .allSatisfy(value -> assertThat(value).isBetween(0.6, 1.3));
    if (iterations == USUAL) {
      assertThat(values[3]).isLessThan(ROUNDING.get(DataType.FLOAT));
    } else {
      // Rounding alone has grown to something, but not beyond what singular values grow to.
      assertThat(values[3]).isLessThan(1.3);
    }
  }

  @Test
  void zerosStayZeros() {
    assertThat(flat(orthogonalized(new double[4][7], USUAL, DataType.FLOAT))).containsOnly(0);
  }

  @Test
  void mixedPrecisionMultipliesIn32Bits() {
    double[][] x = normalized(random(16, 40, 5));

    assertThat(flat(orthogonalized(x, USUAL, DataType.FLOAT, Precision.BF16)))
        .containsExactly(flat(orthogonalized(x, USUAL, DataType.FLOAT, Precision.F32)));
  }

  @Test
  void memoryIsSharedByMatricesOfAllSizes() {
    try (NewtonSchulz shared =
        new NewtonSchulz(ComputeBackend.preferred().open(DataType.FLOAT), USUAL)) {
      for (int round = 0; round < 2; round++) {
        for (int[] shape : new int[][] {{5, 30}, {20, 20}, {30, 5}, {3, 3}}) {
          double[][] x = normalized(random(shape[0], shape[1], 6));
          assertThat(flat(run(shared, x, DataType.FLOAT)))
              .containsExactly(flat(orthogonalized(x, USUAL, DataType.FLOAT)));
        }
      }
    }
  }

  @Test
  void costIsThatOfTheProducts() {
    assertThat(NewtonSchulz.cost(128, 128)).isEqualTo(38 * Math.pow(128, 3));
    assertThat(NewtonSchulz.cost(128, 256)).isEqualTo(NewtonSchulz.cost(256, 128));
  }

  /** The singular values of a matrix with small entries: of others a decomposition may not end. */
  private static double[] singularValues(RealMatrix matrix) {
    assertThat(Arrays.stream(flat(matrix.getData())).boxed())
        .allSatisfy(entry -> assertThat(entry).isBetween(-1.3, 1.3));
    return new SingularValueDecomposition(matrix).getSingularValues();
  }

  /** The iteration as it is defined, on the whole matrix. */
  private static RealMatrix plain(RealMatrix x, int iterations) {
    RealMatrix result = x;
    for (int i = 0; i < iterations; i++) {
      RealMatrix gram = result.multiply(result.transpose());
      RealMatrix cubic = gram.multiply(result);
      result =
          result
              .scalarMultiply(3.4445)
              .add(cubic.scalarMultiply(-4.7750))
              .add(gram.multiply(cubic).scalarMultiply(2.0315));
    }
    return result;
  }

  private static double[][] orthogonalized(double[][] x, int iterations, DataType type) {
    return orthogonalized(x, iterations, type, Precision.F32);
  }

  private static double[][] orthogonalized(
      double[][] x, int iterations, DataType type, Precision precision) {
    try (NewtonSchulz newtonSchulz =
        new NewtonSchulz(ComputeBackend.preferred(precision).open(type), iterations)) {
      return run(newtonSchulz, x, type);
    }
  }

  private static double[][] run(NewtonSchulz newtonSchulz, double[][] x, DataType type) {
    INDArray array = Nd4j.createFromArray(x).castTo(type);
    return newtonSchulz.orthogonalized(Tensor.of(array)).array().toDoubleMatrix();
  }

  private static double[][] random(int rows, int columns, long seed) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.DATA, 0);
    double[][] values = new double[rows][columns];
    for (int r = 0; r < rows; r++) {
      int row = r;
      Arrays.setAll(values[r], c -> uniforms.at(row, c) - 0.5);
    }
    return values;
  }

  private static double[][] normalized(double[][] x) {
    RealMatrix matrix = new Array2DRowRealMatrix(x);
    return matrix.scalarMultiply(1 / matrix.getFrobeniusNorm()).getData();
  }

  private static double[] flat(double[][] x) {
    return Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
  }
}
