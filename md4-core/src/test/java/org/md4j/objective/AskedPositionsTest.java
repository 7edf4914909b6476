package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class AskedPositionsTest {
  private static final int NUMBERS = 64;

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64, 65, 1000, 4096})
  void whatIsWantedIsAskedAndFewNumbersOccur(int cells) {
    Set<Integer> numbers = new HashSet<>();
    for (int count = 1; count <= cells; count++) {
      int spread = cells / count;
      int[] wanted = IntStream.range(0, count).map(i -> i * spread).toArray();
      AskedPositions asked = new AskedPositions(wanted, cells);

      assertThat(asked.all()).isSorted().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(cells);
      assertThat(
              IntStream.range(0, asked.all().length)
                  .filter(asked::isWanted)
                  .map(i -> asked.all()[i])
                  .toArray())
          .isEqualTo(wanted);
      numbers.add(asked.all().length);
    }
    assertThat(numbers).hasSizeLessThanOrEqualTo(NUMBERS + 1);
  }

  @Test
  void smallQuestionsAreNotFilledUp() {
    int[] wanted = {3, 17, 40};

    assertThat(new AskedPositions(wanted, NUMBERS).all()).isEqualTo(wanted);
    assertThat(new AskedPositions(Arrays.copyOf(wanted, 1), 10 * NUMBERS).all())
        .hasSize(10)
        .contains(3);
  }
}
