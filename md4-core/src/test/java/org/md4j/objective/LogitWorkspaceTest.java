package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class LogitWorkspaceTest {
  /** The bug. When this fails, ND4J has mended it: leave the shift to its softmax. */
  @Test
  void plainNd4jLosesASoftmaxOfVeryNegativeLogits() {
    INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {-1e3, -1e3, -1e3}});

    Nd4j.exec(
        DynamicCustomOp.builder("softmax")
            .addInputs(logits)
            .addOutputs(logits)
            .addIntegerArguments(1)
            .build());

    assertThat(logits.getDouble(1, 0)).isNaN();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void operationsAreThoseOfPlainArithmetic(DataType type) {
    double rounding = type == DataType.FLOAT ? Tolerance.EXACT_FLOAT : Tolerance.EXACT_DOUBLE;
    INDArray matrix = Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 1, 3}}).castTo(type);
    int[] targets = {2, 0};
    LogitWorkspace workspace = new LogitWorkspace();

    assertThat(workspace.gather(matrix, targets)).containsExactly(4, -1);
    assertThat(workspace.rowSums(matrix)).containsExactly(7, 3);
    assertThat(workspace.matrixLike(matrix).shape()).containsExactly(2, 3);
    workspace.scaleRowsInPlace(matrix, new double[] {2, -1});
    assertThat(MatrixRows.toHost(matrix)).containsExactly(2, 4, 8, 1, -1, -3);
    workspace.subtractOneHotInPlace(matrix, targets);
    assertThat(MatrixRows.toHost(matrix)).containsExactly(2, 4, 7, 0, -1, -3);
    workspace.subtractOneHotInPlace(matrix, targets, new double[] {6, 0.5});
    assertThat(MatrixRows.toHost(matrix)).containsExactly(2, 4, 1, -0.5, -1, -3);

    double[] nats = workspace.softmaxInPlace(matrix, targets);
    double first = Math.exp(2) + Math.exp(4) + Math.exp(1);
    double second = Math.exp(-0.5) + Math.exp(-1) + Math.exp(-3);
    assertThat(nats)
        .containsExactly(
            new double[] {Math.log(first) - 1, Math.log(second) + 0.5}, within(rounding));
    assertThat(MatrixRows.toHost(matrix))
        .containsExactly(
            new double[] {
              Math.exp(2) / first, Math.exp(4) / first, Math.exp(1) / first,
              Math.exp(-0.5) / second, Math.exp(-1) / second, Math.exp(-3) / second
            },
            within(rounding));
  }

  /**
   * Logits that begin inside a larger array, before and beyond their own length, in one block of
   * rows and in several: the same numbers as of a copy, and nothing else of the array is touched.
   */
  @ParameterizedTest
  @CsvSource({
    "FLOAT, 1, 6, 3",
    "FLOAT, 9, 6, 3",
    "DOUBLE, 9, 6, 3",
    "FLOAT, 3, 300, 1000",
    "FLOAT, 301, 300, 1000",
    "DOUBLE, 301, 300, 1000"
  })
  void costsOfAViewInsideALargerArrayAreThoseOfACopy(
      DataType type, int first, int rows, int classes) {
    Random random = new Random(5);
    double[] values = random.doubles((first + rows + 1L) * classes, -2, 2).toArray();
    int[] targets = random.ints(rows, 0, classes).toArray();
    double[] weights = random.doubles(rows, 0, 2).toArray();
    LogitWorkspace workspace = new LogitWorkspace();
    for (TokenCost cost :
        List.of(
            new MaskedCrossEntropy(workspace),
            new ScoreEntropy(workspace),
            new StateDependentAtOneTime(workspace, classes),
            new HostCost(LogitWorkspaceTest::halfSquares))) {
      INDArray array = Nd4j.createFromArray(values).castTo(type).reshape('c', -1, classes);
      INDArray view = array.get(NDArrayIndex.interval(first, first + rows), NDArrayIndex.all());
      double[] expectedArray = MatrixRows.toHost(array);
      INDArray copy = view.dup('c');
      assertThat(view.offset()).isEqualTo((long) first * classes);

      double[] nats = cost.natsAndGradientInPlace(view, targets, weights);

      assertThat(nats).containsExactly(cost.natsAndGradientInPlace(copy, targets, weights));
      double[] gradient = MatrixRows.toHost(copy);
      System.arraycopy(gradient, 0, expectedArray, first * classes, gradient.length);
      assertThat(Arrays.equals(MatrixRows.toHost(array), expectedArray)).as("%s", cost).isTrue();
    }
  }

  private static double halfSquares(double[] logits, int target, double[] gradient) {
    double nats = logits[target];
    for (int v = 0; v < logits.length; v++) {
      nats += logits[v] * logits[v] / 2;
      gradient[v] = logits[v] + (v == target ? 1 : 0);
    }
    return nats;
  }

  /** {@link StateDependentCost} with every position in one row. */
  private record StateDependentAtOneTime(LogitWorkspace workspace, int classes)
      implements TokenCost {
    private StateDependentCost.Rates rates(int positions) {
      double[][] byRow = new double[1][classes];
      Arrays.setAll(byRow[0], v -> 1 + (double) v / classes);
      return new StateDependentCost.Rates(byRow, new int[positions]);
    }

    @Override
    public double[] natsInPlace(INDArray logits, int[] targets) {
      return new StateDependentCost(workspace).natsInPlace(logits, targets, rates(targets.length));
    }

    @Override
    public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
      return new StateDependentCost(workspace)
          .natsAndGradientInPlace(
              logits, targets, rates(targets.length), weights, new double[1][classes]);
    }
  }
}
