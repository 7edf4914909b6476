package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the sums over rows and columns of every {@link Compute}, and its copies of rows, to ours.
 */
class RowTest {
  private final Tensors tensors = new Tensors();

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void sumsOverRows(Formats formats) {
    Compute compute = formats.compute();
    Tensor x = tensors.draw(formats.in(), 2, 5, 3);
    double[] all = values(x);
    double[] examples = new double[6];
    double[] rows = new double[3];
    for (int i = 0; i < all.length; i++) {
      examples[i / 15 * 3 + i % 3] += all[i];
      rows[i % 3] += all[i];
    }
    double bound = 12 * 10 * formats.rounding();

    Tensor out = Tensors.empty(formats.out(), 2, 3);
    compute.sumRows(x, out, false);
    assertClose(out, examples, bound);

    Tensor parts = Tensors.empty(formats.out(), 2, 3, 3);
    compute.zero(parts);
    compute.sumRows(x, parts.interval(1, 2, 3), false);
    assertClose(parts.interval(1, 2, 3), examples, bound);
    assertThat(values(parts.interval(1, 0, 2))).containsOnly(0);

    Tensor row = tensors.draw(formats.out(), 3);
    double[] before = values(row);
    compute.sumRows(x.reshape(10, 3), row, true);
    assertClose(row, zip(before, rows, Double::sum), bound);
  }

  /** As in 8 binary digits they are not: there 256 and 1 are 256. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void onesAreCountedExactly(Formats formats) {
    Tensor ones = Tensors.filled(formats.in(), 1, 4096, 3);
    Tensor row = Tensors.empty(formats.out(), 1, 3);

    formats.compute().sumRows(ones, row, false);
    assertThat(values(row)).containsOnly(4096);
    formats.compute().sumRows(ones.interval(0, 0, 1), row, true);
    assertThat(values(row)).containsOnly(4097);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void sumsOverColumns(Formats formats) {
    Tensor x = tensors.draw(formats.in(), 10, 3);
    double[] all = values(x);
    double[] columns = new double[10];
    for (int i = 0; i < all.length; i++) {
      columns[i / 3] += all[i];
    }
    Tensor column = Tensors.empty(formats.out(), 10, 1);

    formats.compute().sumColumns(x, column);

    assertClose(column, columns, 12 * 10 * formats.rounding());
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofOneOfEither")
  void rowsAreGathered(Formats formats) {
    Tensor table = tensors.draw(formats.in(), 6, 3);
    double[] entries = values(table);
    int[] numbers = {5, 0, 5, 2, 2, 2, 1};
    Tensor out = Tensors.empty(formats.out(), numbers.length, 3);

    formats.compute().gatherRows(table, Tensor.of(Nd4j.createFromArray(numbers)), out);

    double[] expected = new double[numbers.length * 3];
    Arrays.setAll(expected, i -> entries[numbers[i / 3] * 3 + i % 3]);
    assertThat(values(out)).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void rowsAreAdded(Formats formats) {
    Tensor table = tensors.draw(formats.out(), 6, 3);
    int[] numbers = {5, 0, 5, 2, 2, 2, 1};
    Tensor x = tensors.draw(formats.in(), numbers.length, 3);
    double[] expected = values(table);
    double[] added = values(x);
    for (int i = 0; i < added.length; i++) {
      expected[numbers[i / 3] * 3 + i % 3] += added[i];
    }

    formats.compute().addToRows(x, Tensor.of(Nd4j.createFromArray(numbers)), table);

    assertClose(table, expected, 8 * formats.rounding());
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void rowsAreWrittenAndTheOthersStay(Formats formats) {
    Tensor table = tensors.draw(formats.out(), 6, 3);
    Tensor two = tensors.draw(formats.in(), 2, 3);
    double[] expected = values(table);
    System.arraycopy(values(two), 0, expected, 12, 3);
    System.arraycopy(values(two), 3, expected, 3, 3);

    formats.compute().scatterRows(two, Tensor.of(Nd4j.createFromArray(4, 1)), table);

    assertThat(values(table)).containsExactly(expected);
  }
}
