package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HaltonOrderTest {
  /** Points 1 to 8 in base 2: 1/2, 1/4, 3/4, 1/8, 5/8, 3/8, 7/8, 1/16, times 16 rows. */
  private static final int[] ROWS = {8, 4, 12, 2, 10, 6, 14, 1};

  /** In base 3: 1/3, 2/3, 1/9, 4/9, 7/9, 2/9, 5/9, 8/9, times 9 columns. */
  private static final int[] COLUMNS = {3, 6, 1, 4, 7, 2, 5, 8};

  @Test
  void firstPixelsAreThoseOfTheKnownSequence() {
    int[] pixels = order(16, 9, 1);

    for (int i = 0; i < ROWS.length; i++) {
      assertThat(pixels[i] / 9).as("row of point %s", i + 1).isEqualTo(ROWS[i]);
      assertThat(pixels[i] % 9).as("column of point %s", i + 1).isEqualTo(COLUMNS[i]);
    }
  }

  /**
   * Three points of 2 x 2 pixels fall in (1, 0), (0, 1), (1, 0) again, (0, 0), (1, 1), by the
   * values above; the repeated pixel is left out.
   */
  @Test
  void pixelsVisitedAgainAreLeftOut() {
    assertThat(order(2, 2, 1)).containsExactly(2, 1, 0, 3);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "28, 28, 1", "32, 32, 3", "64, 64, 3", "5, 7, 2", "1, 50, 1", "50, 1, 3"})
  void visitsEveryColourOfEveryPixelOnce(int height, int width, int colours) {
    assertThat(Arrays.stream(order(height, width, colours)).sorted().toArray())
        .containsExactly(IntStream.range(0, height * width * colours).toArray());
  }

  /** Points 6 h to 6 h + 5 have one point in each of 2 x 3 cells; point 0 is not taken. */
  @Test
  void sixPointsInARowFallIntoSixCells() {
    int height = 16;
    int width = 27;
    int[] pixels = order(height, width, 1);

    for (int first = 6; first + 6 <= height * width; first += 6) {
      int begin = first - 1;
      assertThat(
              IntStream.range(begin, begin + 6)
                  .map(i -> pixels[i] / width / (height / 2) * 3 + pixels[i] % width / (width / 3)))
          .as("points from %s on", first)
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void oneColourComesAfterTheOther() {
    int[] grey = order(4, 5, 1);
    int[] coloured = order(4, 5, 3);

    for (int i = 0; i < coloured.length; i++) {
      assertThat(coloured[i]).isEqualTo(grey[i % grey.length] * 3 + i / grey.length);
    }
  }

  @Test
  void givenTokensAreLeftOut() {
    int[] blanks = {0, 3, 4, 7, 11, 19};

    assertThat(PositionOrder.halton(4, 5, 1).order(20, blanks, new int[] {2, 4}))
        .containsExactly(
            IntStream.of(order(4, 5, 1))
                .filter(position -> Arrays.binarySearch(blanks, position) >= 0)
                .toArray());
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> PositionOrder.halton(0, 4, 1))
        .hasMessage("height (0) must be at least 1");
    assertThatThrownBy(() -> PositionOrder.halton(4, -1, 1))
        .hasMessage("width (-1) must be at least 1");
    assertThatThrownBy(() -> PositionOrder.halton(4, 4, 0))
        .hasMessage("colours (0) must be at least 1");
    assertThatThrownBy(() -> PositionOrder.halton(1 << 16, 1 << 15, 1))
        .hasMessage("height * width * colours (65536 * 32768 * 1) must fit an int");
    assertThatThrownBy(() -> PositionOrder.halton(2, 3, 1).order(5, new int[] {0}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length (5) must be height * width * colours, 2 * 3 * 1");
  }

  private static int[] order(int height, int width, int colours) {
    int length = height * width * colours;
    return PositionOrder.halton(height, width, colours)
        .order(length, IntStream.range(0, length).toArray(), new int[] {length});
  }
}
