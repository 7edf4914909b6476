package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;

class RowOrderTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 7, 16, 17, 64, 100, 1023, 1024, 1025})
  void everyRowComesOnce(long rows) {
    RowOrder order = new RowOrder(rows, new CounterRandom(5));

    assertThat(LongStream.range(0, rows).map(order::at).sorted().toArray())
        .isEqualTo(LongStream.range(0, rows).toArray());
  }

  @Test
  void anotherSeedIsAnotherOrder() {
    RowOrder first = new RowOrder(100, new CounterRandom(1));
    RowOrder second = new RowOrder(100, new CounterRandom(2));

    assertThat(LongStream.range(0, 100).map(first::at).toArray())
        .isNotEqualTo(LongStream.range(0, 100).map(second::at).toArray())
        .isNotEqualTo(LongStream.range(0, 100).toArray());
  }

  /** A budget below a pass sees the first rows of the order: any pair must be as likely. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 9})
  void firstRowsAreEquallyLikely(int rows) {
    int seeds = 40_000;
    long[] counts = new long[rows * rows];
    for (int seed = 0; seed < seeds; seed++) {
      RowOrder order = new RowOrder(rows, new CounterRandom(seed));
      counts[(int) (order.at(0) * rows + order.at(1))]++;
    }

    long[] pairs = Arrays.stream(counts).filter(count -> count > 0).toArray();
    double[] expected = new double[rows * (rows - 1)];
    Arrays.fill(expected, (double) seeds / expected.length);
    assertThat(pairs).hasSameSizeAs(expected);
    assertThat(new ChiSquareTest().chiSquareTest(expected, pairs))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void endlessTextIsReachedAllOver() {
    long rows = 3L << 40;
    RowOrder order = new RowOrder(rows, new CounterRandom(3));
    long[] thirds = new long[3];
    for (int place = 0; place < 3_000; place++) {
      thirds[(int) (order.at(place) >> 40)]++;
    }

    assertThat(new ChiSquareTest().chiSquareTest(new double[] {1000, 1000, 1000}, thirds))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }
}
