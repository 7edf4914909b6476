package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.schedule.MaskingSchedule;

class DilatedOrderTest {
  /** Of the most that M / k allows, on the grids of the tests. */
  private static final double LEAST_SHARE = 0.5;

  private static final PositionOrder DILATED = PositionOrder.dilated();

  /** Numbers of blanks and the sizes of steps, of equal and of any size. */
  static Stream<Arguments> divisions() {
    return Stream.concat(
        IntStream.of(37, 100, 200, 256)
            .boxed()
            .flatMap(
                blanks ->
                    Stream.of(4, 8, 16, 32)
                        .flatMap(
                            steps ->
                                Stream.of(TimeGrid.uniform(steps), TimeGrid.cosine(steps))
                                    .map(grid -> Arguments.of(blanks, sizes(grid, blanks))))),
        Stream.of(
            Arguments.of(6, new int[] {6}),
            Arguments.of(30, new int[] {5, 10, 15}),
            Arguments.of(30, new int[] {15, 10, 5}),
            Arguments.of(64, new int[] {1, 1, 30, 2, 30})));
  }

  /** Between two blanks of a step of k lie at least floor(size / k) of each step, its own one. */
  @ParameterizedTest
  @MethodSource("divisions")
  void blanksOfAStepAreAsFarApartAsPromised(int blanks, int[] sizes) {
    int[][] steps = steps(blanks, sizes);

    for (int[] step : steps) {
      int promised = IntStream.of(sizes).map(size -> size / step.length).sum();
      assertThat(leastDistance(step)).as("%s", step).isGreaterThanOrEqualTo(promised);
    }
  }

  /** What the grids of samplers come to; far more than the bound for any sizes. */
  @ParameterizedTest
  @CsvSource({"256, 8", "256, 16", "256, 32", "256, 64", "200, 16", "100, 8", "100, 32", "37, 8"})
  void blanksOfAStepAreHalfAsFarApartAsCanBeOnTheCosineGrid(int blanks, int steps) {
    for (int[] step : steps(blanks, sizes(TimeGrid.cosine(steps), blanks))) {
      assertThat(leastDistance(step))
          .isGreaterThan((int) (LEAST_SHARE * blanks / step.length) - 1)
          .isGreaterThan(1);
    }
  }

  /** There is no larger distance than M / k: k blanks, k - 1 distances and a rest. */
  @ParameterizedTest
  @CsvSource({"256, 8", "256, 32", "24, 3", "24, 12", "15, 5", "15, 15", "9, 1"})
  void equalStepsAreTheMostThereCanBeApart(int blanks, int steps) {
    int[] sizes = new int[steps];
    Arrays.fill(sizes, blanks / steps);

    for (int[] step : steps(blanks, sizes)) {
      for (int i = 1; i < step.length; i++) {
        assertThat(step[i] - step[i - 1]).isEqualTo(steps);
      }
    }
  }

  /** The offsets of the steps of T = 8: 0, 1/2, 1/4, 3/4, 1/8, 5/8, 3/8, 7/8. */
  @Test
  void stepsGoFromCoarseToFine() {
    int[] sizes = new int[8];
    Arrays.fill(sizes, 4);

    int[][] steps = steps(32, sizes);

    assertThat(IntStream.range(0, 8).map(i -> steps[i][0])).containsExactly(0, 4, 2, 6, 1, 5, 3, 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void oneByOneItIsTheBitReversedRank(int bits) {
    int blanks = 1 << bits;
    int[] sizes = new int[blanks];
    Arrays.fill(sizes, 1);

    int[] order = DILATED.order(blanks, all(blanks), sizes);

    assertThat(order)
        .containsExactly(
            IntStream.range(0, blanks).map(i -> Integer.reverse(i) >>> (32 - bits)).toArray());
  }

  /**
   * By hand, sizes 1, 2, 5: the places are 0; 0.25, 0.75; 0.05, 0.25, 0.45, 0.65, 0.85. Of the two
   * at 0.25 the earlier step's comes first.
   */
  @Test
  void placesOfAllStepsInOrderAreTheBlanks() {
    assertThat(steps(8, new int[] {1, 2, 5}))
        .isDeepEqualTo(new int[][] {{0}, {2, 6}, {1, 3, 4, 5, 7}});
  }

  @Test
  void onlyTheRanksOfBlanksMatter() {
    int[] blanks = {1, 2, 3, 5, 8, 13, 21, 34};
    int[] sizes = {1, 2, 5};

    assertThat(DILATED.order(40, blanks, sizes))
        .containsExactly(
            IntStream.of(DILATED.order(8, all(8), sizes)).map(rank -> blanks[rank]).toArray());
  }

  private static int[] sizes(TimeGrid grid, int blanks) {
    return new MasksLeft(MaskingSchedule.linear(), grid).sizes(blanks);
  }

  private static int[] all(int length) {
    return IntStream.range(0, length).toArray();
  }

  /** The blanks of each step of a row without given tokens, ascending. */
  private static int[][] steps(int blanks, int[] sizes) {
    int[] order = DILATED.order(blanks, all(blanks), sizes);
    int[][] steps = new int[sizes.length][];
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      steps[i] = IntStream.of(order).skip(from).limit(sizes[i]).sorted().toArray();
      from += sizes[i];
    }
    return steps;
  }

  private static int leastDistance(int[] ascending) {
    return IntStream.range(1, ascending.length)
        .map(i -> ascending[i] - ascending[i - 1])
        .min()
        .orElse(Integer.MAX_VALUE);
  }
}
