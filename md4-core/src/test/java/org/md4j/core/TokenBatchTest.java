package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenBatchTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final TokenBatch BATCH =
      TokenBatch.of(VOCABULARY, new int[] {0, 3, 2}, new int[] {3, 1, 3});

  @Test
  void keepsRowsInOrder() {
    assertThat(BATCH.rows()).isEqualTo(2);
    assertThat(BATCH.length()).isEqualTo(3);
    assertThat(BATCH.vocabulary()).isEqualTo(VOCABULARY);
    assertThat(BATCH.row(0)).containsExactly(0, 3, 2);
    assertThat(BATCH.row(1)).containsExactly(3, 1, 3);
    assertThat(BATCH.toFlat()).containsExactly(0, 3, 2, 3, 1, 3);
    assertThat(BATCH.token(1, 1)).isEqualTo(1);
    assertThat(BATCH.token(4)).isEqualTo(1);
  }

  @Test
  void flatTokensFillRowAfterRow() {
    assertThat(TokenBatch.ofFlat(VOCABULARY, 2, new int[] {0, 3, 2, 3, 1, 3})).isEqualTo(BATCH);
  }

  @Test
  void findsItsMasks() {
    assertThat(BATCH.maskedPositions()).containsExactly(1, 3, 5);
    assertThat(BATCH.isMasked(1)).isTrue();
    assertThat(BATCH.isMasked(2)).isFalse();
    assertThat(TokenBatch.allMasked(VOCABULARY, 1, 2).maskedPositions()).containsExactly(0, 1);
  }

  @Test
  void someRowsAreABatchOfTheirOwn() {
    assertThat(BATCH.rows(1, 2)).isEqualTo(TokenBatch.of(VOCABULARY, new int[] {3, 1, 3}));
    assertThat(BATCH.rows(0, 2)).isEqualTo(BATCH);
  }

  @Test
  void isUntouchedByChangesToItsArrays() {
    int[] given = {0, 1};
    TokenBatch batch = TokenBatch.ofFlat(VOCABULARY, 1, given);
    given[0] = 2;
    batch.toFlat()[0] = 2;
    batch.row(0)[0] = 2;

    assertThat(batch.token(0)).isZero();
  }

  @Test
  void equalsByVocabularyShapeAndTokens() {
    int[] tokens = {0, 3, 2, 3, 1, 3};
    TokenBatch same = TokenBatch.ofFlat(VOCABULARY, 2, tokens);

    assertThat(BATCH).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(BATCH)
        .isNotEqualTo(TokenBatch.ofFlat(new Vocabulary(4), 2, tokens))
        .isNotEqualTo(TokenBatch.ofFlat(VOCABULARY, 3, tokens))
        .isNotEqualTo(TokenBatch.allMasked(VOCABULARY, 2, 3));
    assertThat(BATCH).hasToString("TokenBatch[B=2, N=3, V=3]");
  }

  @Test
  void rejectsEmptyAndUnevenRows() {
    assertThatThrownBy(() -> TokenBatch.of(VOCABULARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows must hold at least one row of at least one token, got none");
    assertThatThrownBy(() -> TokenBatch.of(VOCABULARY, new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one token");
    assertThatThrownBy(() -> TokenBatch.of(VOCABULARY, new int[2], new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows[1] must have length 2 like rows[0], got 3");
    assertThatThrownBy(() -> TokenBatch.ofFlat(VOCABULARY, 2, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows (2) must be at least 1 and divide the number of tokens, got 3 tokens");
    assertThatThrownBy(() -> TokenBatch.ofFlat(VOCABULARY, 0, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rows (0)");
    assertThatThrownBy(() -> TokenBatch.allMasked(VOCABULARY, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows (1) and length (0) must be at least 1");
  }

  @Test
  void rejectsTokensOutsideTheVocabularyWithTheirPlace() {
    assertThatThrownBy(() -> TokenBatch.of(VOCABULARY, new int[] {0, 1}, new int[] {2, 4}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token (4) at row 1, position 1 must be in 0..3 (the last is the mask)");
    assertThatThrownBy(() -> TokenBatch.of(VOCABULARY, new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("token (-1) at row 0, position 0");
  }

  @Test
  void rejectsPartsThatAreEmptyOrOutside() {
    assertThatThrownBy(() -> BATCH.rows(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows [1, 1) must be a non-empty part of [0, 2)");
    assertThatThrownBy(() -> BATCH.rows(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BATCH.rows(0, 3)).isInstanceOf(IllegalArgumentException.class);
  }
}
