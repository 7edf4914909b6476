package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowGroupsTest {
  /** Sums of the same few numbers in another order. */
  private static final double SUMMATION_ORDER = 1e-14;

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 16", "16, 16", "17, 16", "36, 16", "5, 1"})
  void groupsHoldEveryRowOnce(long rows, int size) {
    RowGroups groups = new RowGroups(rows, size);

    assertThat(LongStream.range(0, groups.count()).map(groups::rowsOf).sum()).isEqualTo(rows);
    assertThat(LongStream.range(0, groups.count()).map(groups::rowsOf))
        .allMatch(count -> count >= 1 && count <= size);
  }

  @Test
  void equalGroupsHaveTheErrorOfAMeanOfIndependentNumbers() {
    double[] means = {1.5, -2, 0.25, 7};
    RowGroups groups = new RowGroups(4 * 8, 8);
    SampleMean expected = SampleMean.of(means);

    double mean = groups.mean(means);

    assertThat(mean).isCloseTo(expected.mean(), within(SUMMATION_ORDER));
    assertThat(groups.standardError(means, mean))
        .isCloseTo(expected.standardError(), within(SUMMATION_ORDER));
  }

  @Test
  void aSmallerLastGroupCountsByItsRows() {
    RowGroups groups = new RowGroups(5, 4);
    double[] means = {1, 11};

    double mean = groups.mean(means);

    assertThat(mean).isCloseTo((4 * 1 + 11) / 5.0, within(SUMMATION_ORDER));
    // sqrt(2/1 ((4/5 (1 - 3))^2 + (1/5 (11 - 3))^2)) = sqrt(2 (1.6^2 + 1.6^2))
    assertThat(groups.standardError(means, mean)).isCloseTo(3.2, within(SUMMATION_ORDER));
  }

  @Test
  void oneGroupHasNoError() {
    RowGroups groups = new RowGroups(3, 16);

    assertThat(groups.mean(new double[] {2})).isEqualTo(2);
    assertThat(groups.standardError(new double[] {2}, 2)).isNaN();
  }

  @Test
  void emptyGroupsAndMeansOfOtherGroupsAreRefused() {
    assertThatThrownBy(() -> new RowGroups(0, 4)).hasMessage("rows (0) must be at least 1");
    assertThatThrownBy(() -> new RowGroups(4, 0)).hasMessage("size (0) must be at least 1");
    assertThatThrownBy(() -> new RowGroups(5, 4).mean(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("means must be one of each group, [G] = [2], got [3]");
  }
}
