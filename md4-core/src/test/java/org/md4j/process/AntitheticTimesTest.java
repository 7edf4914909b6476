package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.CHI_SQUARE_LEVEL;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.golden.GoldenVectors;

class AntitheticTimesTest {
  private static final CounterRandom RANDOM = new CounterRandom(17);

  /** Golden vector {@code time/antithetic}. */
  @Test
  void antitheticTimesMatchTheGoldenOnes() {
    String id = "time/antithetic";
    double offset = GoldenVectors.inputs(id).get("t0").doubleValue();
    int batchSize = GoldenVectors.inputs(id).get("B").intValue();
    JsonNode expected = GoldenVectors.expected(id);

    double[] times = AntitheticTimes.sample(batchSize, (example, index) -> offset);

    assertThat(times).hasSize(expected.size());
    for (int b = 0; b < times.length; b++) {
      GoldenVectors.assertMatches(id, "time " + b, times[b], expected.get(b));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 49, 98, 103, 107, 196, 512, 1000})
  void antitheticTimesAreEvenlySpacedForEveryBatchSize(int batchSize) {
    double[] times = AntitheticTimes.sample(batchSize, RANDOM.uniforms(Purpose.TIME, batchSize));

    Arrays.sort(times);
    assertThat(times).hasSize(batchSize);
    assertThat(times[0]).isNotNegative().isLessThan(1.0 / batchSize);
    for (int b = 1; b < batchSize; b++) {
      assertThat(times[b] - times[b - 1]).isCloseTo(1.0 / batchSize, within(EXACT_DOUBLE));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1 - 0x1.0p-53})
  void antitheticTimesStayBelowOne(double offset) {
    double[] times = AntitheticTimes.sample(4, (example, index) -> offset);

    assertThat(Arrays.stream(times)).allMatch(t -> t >= 0 && t < 1);
  }

  @Test
  void eachRowsTimeIsUniformByItself() {
    int cells = 20;
    int draws = 20_000;
    long[] counts = new long[cells];
    for (int step = 0; step < draws; step++) {
      double time = AntitheticTimes.sample(3, RANDOM.uniforms(Purpose.TIME, step))[2];
      counts[(int) (time * cells)]++;
    }

    double[] expected = new double[cells];
    Arrays.fill(expected, (double) draws / cells);
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(CHI_SQUARE_LEVEL);
  }

  @Test
  void rejectsEmptyBatches() {
    assertThatThrownBy(() -> AntitheticTimes.sample(0, RANDOM.uniforms(Purpose.TIME, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batchSize (0) must be at least 1");
  }
}
