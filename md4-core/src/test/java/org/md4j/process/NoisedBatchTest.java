package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

class NoisedBatchTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final TokenBatch CLEAN =
      TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {2, 1, 0});
  private static final TokenBatch NOISY =
      TokenBatch.of(VOCABULARY, new int[] {3, 1, 3}, new int[] {2, 3, 0});
  private static final double[] TIMES = {0.75, 0.25};

  @Test
  void readsOffMaskedPositionsTargetsAndRows() {
    NoisedBatch batch = NoisedBatch.of(Rows.of(CLEAN), NOISY, TIMES);

    assertThat(batch.maskedPositions()).containsExactly(0, 2, 4);
    assertThat(batch.targets()).containsExactly(0, 2, 1);
    assertThat(batch.rowOf(0)).isEqualTo(0);
    assertThat(batch.rowOf(2)).isEqualTo(0);
    assertThat(batch.rowOf(4)).isEqualTo(1);
  }

  @Test
  void someRowsAreABatchOfTheirOwn() {
    NoisedBatch second = NoisedBatch.of(Rows.of(CLEAN), NOISY, TIMES).part(1, 2);

    assertThat(second.clean().tokens()).isEqualTo(CLEAN.rows(1, 2));
    assertThat(second.noisy()).isEqualTo(NOISY.rows(1, 2));
    assertThat(second.times()).containsExactly(0.25);
    assertThat(second.maskedPositions()).containsExactly(1);
    assertThat(second.targets()).containsExactly(1);
  }

  @Test
  void rejectsNoisyRowsOfAnotherShapeOrVocabulary() {
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), NOISY.rows(0, 1), TIMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("noisy must have the shape and vocabulary of clean")
        .hasMessageContaining("B=2, N=3, V=3")
        .hasMessageContaining("B=1, N=3, V=3");
    TokenBatch wider = TokenBatch.ofFlat(new Vocabulary(4), 2, CLEAN.toFlat());
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), wider, TIMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("V=4");
    TokenBatch reshaped = TokenBatch.ofFlat(VOCABULARY, 2, new int[] {0, 1, 2, 0});
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), reshaped, TIMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("N=2");
  }

  @Test
  void rejectsTokensThatChangedIntoOthers() {
    TokenBatch changed = TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {2, 0, 0});

    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), changed, TIMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noisy token (0) at row 1, position 1 must be the clean token or the mask, got clean"
                + " token 1");
  }

  @Test
  void rejectsCleanRowsWithMasks() {
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(NOISY), NOISY, TIMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clean must not hold masks, got one at row 0, position 0");
  }

  @Test
  void rejectsTimesOfAnotherShapeOrRange() {
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), NOISY, new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times must have shape [B] = [2], got [1]");
    assertThatThrownBy(() -> NoisedBatch.of(Rows.of(CLEAN), NOISY, new double[] {0.5, 1.5}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times[1] (1.5) must be in [0, 1]");
  }

  @Test
  void rejectsMaskedPositionsThatAreNotThoseOfTheMasks() {
    for (int[] positions : new int[][] {{0, 2}, {2, 0, 4}, {0, 2, 5}}) {
      assertThatThrownBy(() -> new NoisedBatch(Rows.of(CLEAN), NOISY, TIMES, positions))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("maskedPositions must list every mask of noisy in ascending order");
    }
  }
}
