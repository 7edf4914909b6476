package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchGradientTest {
  @Test
  void noiseLevelsAreDealtInTheOrderOfTheirReversedDigits() {
    assertThat(BatchGradient.dealt(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 1))
        .containsExactly(0, 4, 2, 6, 1, 5, 3, 7);
  }

  @Test
  void levelsOfAPairStayTogetherAndAnOddOneLast() {
    assertThat(BatchGradient.dealt(new double[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, 2))
        .containsExactly(0, 1, 4, 5, 2, 3, 6, 7, 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 32, 49, 128})
  void everyNoiseLevelIsDealtOnce(int batch) {
    double[] levels = levels(batch, 0.3);

    assertThat(BatchGradient.dealt(levels, 1)).containsExactlyInAnyOrder(levels);
  }

  /** Parts are those of equal replicas; times in the order of the rows differ by up to a half. */
  @ParameterizedTest
  @CsvSource({"8, 2", "32, 2", "32, 4", "32, 16", "12, 2", "24, 4", "128, 8"})
  void everyPartOfABatchIsMaskedAlike(int batch, int parts) {
    for (double offset = 0; offset < 1; offset += 0.01) {
      double[] dealt = BatchGradient.dealt(levels(batch, offset), 1);
      int rows = batch / parts;
      for (int part = 0; part < parts; part++) {
        double mean = Arrays.stream(dealt, part * rows, (part + 1) * rows).average().orElseThrow();

        assertThat(mean).isCloseTo(0.5, within(0.5 / rows));
      }
    }
  }

  /** Evenly spaced around the circle. */
  private static double[] levels(int batch, double offset) {
    double[] levels = new double[batch];
    Arrays.setAll(levels, b -> (offset + (double) b / batch) % 1);
    return levels;
  }
}
