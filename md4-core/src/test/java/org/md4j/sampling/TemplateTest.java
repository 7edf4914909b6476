package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

class TemplateTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);
  private static final Template TEMPLATE = Template.of(TERNARY, 3, 0, 3, 3, 2, 1, 3);

  @Test
  void blanksAreTheMasks() {
    assertThat(TEMPLATE.length()).isEqualTo(7);
    assertThat(TEMPLATE.blanks()).containsExactly(0, 2, 3, 6);
  }

  @Test
  void startsWithTheSameRowAsOftenAsWanted() {
    TokenBatch start = TEMPLATE.start(3);

    assertThat(start.rows()).isEqualTo(3);
    for (int row = 0; row < 3; row++) {
      assertThat(start.row(row)).containsExactly(3, 0, 3, 3, 2, 1, 3);
    }
  }

  @Test
  void everyRunOfBlanksTakesTheLengthGiven() {
    assertThat(TEMPLATE.withBlankLength(1)).isEqualTo(Template.of(TERNARY, 3, 0, 3, 2, 1, 3));
    assertThat(TEMPLATE.withBlankLength(3))
        .isEqualTo(Template.of(TERNARY, 3, 3, 3, 0, 3, 3, 3, 2, 1, 3, 3, 3));
    assertThat(Template.of(TERNARY, 3).withBlankLength(2)).isEqualTo(Template.of(TERNARY, 3, 3));
  }

  @Test
  void rejectsARowWithNothingToFill() {
    assertThatThrownBy(() -> Template.of(TERNARY, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row must hold at least one blank, got none");
  }

  @Test
  void rejectsSeveralRows() {
    assertThatThrownBy(() -> new Template(TokenBatch.allMasked(TERNARY, 2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row must have shape [1, N], got [2, 5]");
  }

  @Test
  void rejectsTokensOutsideTheVocabulary() {
    assertThatThrownBy(() -> Template.of(TERNARY, 3, 4))
        .hasMessage("token (4) at row 0, position 1 must be in 0..3 (the last is the mask)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void rejectsCountsBelowOne(int count) {
    assertThatThrownBy(() -> TEMPLATE.start(count))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows (" + count + ") must be at least 1");
    assertThatThrownBy(() -> TEMPLATE.withBlankLength(count))
        .hasMessage("length (" + count + ") must be at least 1");
  }
}
