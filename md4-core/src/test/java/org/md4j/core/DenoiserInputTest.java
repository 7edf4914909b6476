package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenoiserInputTest {
  private static final TokenBatch TOKENS = TokenBatch.allMasked(new Vocabulary(3), 2, 3);
  private static final double[] TIMES = {0, 1};
  private static final int[] POSITIONS = {0, 5};

  @Test
  void labelsMayBeLeftOut() {
    assertThat(new DenoiserInput(TOKENS, TIMES, POSITIONS).labels()).isEmpty();
    assertThat(
            new DenoiserInput(Rows.of(TOKENS).withLabels(new int[] {4, 2}), TIMES, POSITIONS)
                .labels())
        .containsExactly(4, 2);
  }

  @Test
  void everywhereAsksForEveryPositionOfEveryRow() {
    assertThat(DenoiserInput.everywhere(Rows.of(TOKENS), TIMES).positions())
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void rejectsTimesOfAnotherShape() {
    assertThatThrownBy(() -> new DenoiserInput(TOKENS, new double[3], POSITIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times must have shape [B] = [2], got [3]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void rejectsTimesOutsideZeroToOne(double time) {
    assertThatThrownBy(() -> new DenoiserInput(TOKENS, new double[] {0, time}, POSITIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time (" + time + ") must be in [0, 1]");
  }

  @Test
  void rejectsLabelsForSomeRowsOnly() {
    assertThatThrownBy(
            () -> new DenoiserInput(Rows.of(TOKENS).withLabels(new int[1]), TIMES, POSITIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels must be empty or have shape [B] = [2], got [1]");
  }

  @Test
  void rejectsAQuestionAboutNothing() {
    assertThatThrownBy(() -> new DenoiserInput(TOKENS, TIMES, new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("positions must hold at least one position, got none");
  }

  @Test
  void rejectsPositionsOutsideTheRowsOrOutOfOrder() {
    for (int[] positions : new int[][] {{6}, {-1}, {2, 1}, {2, 2}}) {
      assertThatThrownBy(() -> new DenoiserInput(TOKENS, TIMES, positions))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be in 0..5 and greater than the one before it");
    }
  }
}
