package org.md4j.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MatrixRowsTest {
  private static final int COLUMNS = 4;
  private static final int ROWS = 6;

  /** The matrix [rows, 4] whose numbers count up from {@code 4 first}, inside a larger array. */
  private static INDArray inside(DataType type, int first, int rows) {
    return Nd4j.arange((first + rows + 1) * COLUMNS)
        .castTo(type)
        .reshape('c', first + rows + 1, COLUMNS)
        .get(NDArrayIndex.interval(first, first + rows), NDArrayIndex.all());
  }

  private static double[] counting(int from, int to) {
    double[] numbers = new double[(to - from) * COLUMNS];
    Arrays.setAll(numbers, i -> from * COLUMNS + i);
    return numbers;
  }

  /** The bug. When this fails, ND4J has mended it: cut rows with {@code get} again. */
  @Test
  void plainNd4jTakesRowsBeyondTheViewsLengthInItsArrayForEmpty() {
    INDArray matrix = inside(DataType.DOUBLE, 4, ROWS);

    INDArray early = matrix.get(NDArrayIndex.interval(1, ROWS), NDArrayIndex.all());
    INDArray late = matrix.get(NDArrayIndex.interval(2, ROWS), NDArrayIndex.all());

    assertThat(early.isEmpty()).isFalse();
    assertThat(late.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"DOUBLE, 0", "DOUBLE, 1", "DOUBLE, 4", "DOUBLE, 50", "FLOAT, 4", "FLOAT, 50"})
  void rowsAreThoseOfTheMatrixWhereverItBegins(DataType type, int first) {
    INDArray matrix = inside(type, first, ROWS);

    assertThat(MatrixRows.isDense(matrix)).isTrue();
    assertThat(MatrixRows.toHost(matrix)).containsExactly(counting(first, first + ROWS));
    for (int from = 0; from < ROWS; from++) {
      for (int to = from + 1; to <= ROWS; to++) {
        double[] expected = counting(first + from, first + to);
        INDArray view = MatrixRows.view(matrix, from, to);

        assertThat(view.shape()).containsExactly(to - from, COLUMNS);
        assertThat(view.dup('c').data().asDouble()).containsExactly(expected);
        assertThat(MatrixRows.toHost(matrix, from, to)).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "4", "50"})
  void whatIsWrittenToAViewIsWrittenToTheMatrix(int first) {
    INDArray matrix = inside(DataType.DOUBLE, first, ROWS);

    MatrixRows.view(matrix, 2, 5).muli(-1);

    double[] expected = counting(first, first + ROWS);
    for (int i = 2 * COLUMNS; i < 5 * COLUMNS; i++) {
      expected[i] = -expected[i];
    }
    assertThat(MatrixRows.toHost(matrix)).containsExactly(expected);
  }

  @Test
  void otherLayoutsAreCopiedToTheHostAndNotViewed() {
    INDArray columns =
        Nd4j.arange(ROWS * COLUMNS)
            .castTo(DataType.FLOAT)
            .reshape('c', ROWS, COLUMNS)
            .get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));

    assertThat(MatrixRows.isDense(columns)).isFalse();
    assertThat(MatrixRows.toHost(columns, 4, 6)).containsExactly(17, 18, 21, 22);
    assertThat(MatrixRows.toHost(columns.dup('f'), 4, 6)).containsExactly(17, 18, 21, 22);
    assertThatThrownBy(() -> MatrixRows.view(columns, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be dense in c order")
        .hasMessageContaining("dup('c')");
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "2, 2", "0, 7"})
  void rowsThatAreNotThereAreRefused(int from, int to) {
    INDArray matrix = inside(DataType.DOUBLE, 0, ROWS);

    assertThatThrownBy(() -> MatrixRows.view(matrix, from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows [%d, %d)".formatted(from, to))
        .hasMessageContaining("[6, 4]");
    assertThatThrownBy(() -> MatrixRows.toHost(matrix, from, to))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
