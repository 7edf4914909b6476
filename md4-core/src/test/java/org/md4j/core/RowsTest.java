package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RowsTest {
  private static final TokenBatch TOKENS =
      TokenBatch.of(new Vocabulary(3), new int[] {0, 1}, new int[] {2, 3}, new int[] {1, 1});
  private static final Rows LABELLED = Rows.of(TOKENS).withLabels(4, 0, 2).withFirstExample(7);

  @Test
  void aPartKeepsItsLabelsAndNumbers() {
    Rows part = LABELLED.part(1, 3);

    assertThat(part.tokens()).isEqualTo(TOKENS.rows(1, 3));
    assertThat(part.labels()).containsExactly(0, 2);
    assertThat(part.firstExample()).isEqualTo(8);
    assertThat(Rows.of(TOKENS).part(0, 2).hasLabels()).isFalse();
  }

  @Test
  void copiesOfARowAreBesideEachOther() {
    Rows repeated = LABELLED.repeated(2);

    assertThat(repeated.tokens().toFlat()).containsExactly(0, 1, 0, 1, 2, 3, 2, 3, 1, 1, 1, 1);
    assertThat(repeated.labels()).containsExactly(4, 4, 0, 0, 2, 2);
    assertThat(repeated.firstExample()).isEqualTo(7);
    assertThat(Rows.of(TOKENS).repeated(3).hasLabels()).isFalse();
  }

  @Test
  void otherTokensKeepLabelsAndNumbers() {
    Rows longer = LABELLED.withTokens(TokenBatch.allMasked(new Vocabulary(3), 3, 5));

    assertThat(longer.length()).isEqualTo(5);
    assertThat(longer.labels()).containsExactly(4, 0, 2);
    assertThat(longer.firstExample()).isEqualTo(7);
  }

  @Test
  void labelsOfSomeRowsAreInTheirOrder() {
    assertThat(LABELLED.labelsOf(2, 0, 2)).containsExactly(2, 4, 2);
    assertThat(LABELLED.withoutLabels().labelsOf(2, 0, 2)).isEmpty();
  }

  @Test
  void rejectsLabelsAndNumbersThatCannotBe() {
    Rows rows = Rows.of(TOKENS);

    assertThatThrownBy(() -> rows.withLabels(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels must be empty or have shape [B] = [3], got [2]");
    assertThatThrownBy(() -> rows.withLabels(1, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label (-1) of row 1 must be at least 0");
    assertThatThrownBy(() -> rows.withFirstExample(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstExample (-1) must be at least 0");
  }
}
