package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;

class PermutationTest {
  private static Permutation permutation(long size, long seed) {
    return new Permutation(size, new CounterRandom(seed).uniforms(Purpose.ROW_ORDER, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 7, 16, 17, 64, 65, 100, 1023, 1024, 1025})
  void everyRowComesOnce(long rows) {
    Permutation order = permutation(rows, 5);

    assertThat(LongStream.range(0, rows).map(order::at).sorted().toArray())
        .isEqualTo(LongStream.range(0, rows).toArray());
  }

  @Test
  void anotherSeedIsAnotherOrder() {
    Permutation first = permutation(100, 1);
    Permutation second = permutation(100, 2);

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
      Permutation order = permutation(rows, seed);
      counts[(int) (order.at(0) * rows + order.at(1))]++;
    }

    long[] pairs = Arrays.stream(counts).filter(count -> count > 0).toArray();
    double[] expected = new double[rows * (rows - 1)];
    Arrays.fill(expected, (double) seeds / expected.length);
    assertThat(pairs).hasSameSizeAs(expected);
    assertThat(new ChiSquareTest().chiSquareTest(expected, pairs))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void allOrdersOfFewRowsAreEquallyLikely(int rows) {
    int orders = (int) CombinatoricsUtils.factorial(rows);
    long seeds = 400L * orders;
    Map<List<Long>, Long> counts =
        LongStream.range(0, seeds)
            .mapToObj(seed -> permutation(rows, seed))
            .map(order -> LongStream.range(0, rows).mapToObj(order::at).toList())
            .collect(Collectors.groupingBy(order -> order, Collectors.counting()));

    double[] expected = new double[orders];
    Arrays.fill(expected, (double) seeds / orders);
    long[] observed = counts.values().stream().mapToLong(count -> count).toArray();
    assertThat(observed).hasSameSizeAs(expected);
    assertThat(new ChiSquareTest().chiSquareTest(expected, observed))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void endlessTextIsReachedAllOver() {
    long rows = 3L << 40;
    Permutation order = permutation(rows, 3);
    long[] thirds = new long[3];
    for (int place = 0; place < 3_000; place++) {
      thirds[(int) (order.at(place) >> 40)]++;
    }

    assertThat(new ChiSquareTest().chiSquareTest(new double[] {1000, 1000, 1000}, thirds))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void placesAndSizesAreChecked() {
    assertThatThrownBy(() -> permutation(0, 1)).hasMessage("size (0) must be in [1, 2^62]");
    assertThatThrownBy(() -> permutation(5, 1).at(5)).hasMessage("place (5) must be in [0, 5)");
    assertThatThrownBy(() -> permutation(5, 1).at(-1)).hasMessage("place (-1) must be in [0, 5)");
  }
}
