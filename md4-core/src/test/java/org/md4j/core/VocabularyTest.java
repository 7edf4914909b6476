package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void maskIsTheIdAfterTheLastRealToken() {
    assertThat(new Vocabulary(27).maskId()).isEqualTo(27);
    assertThat(new Vocabulary(27).embeddingRows()).isEqualTo(28);
  }

  @Test
  void uniformNatsAreTheLogOfTheSize() {
    assertThat(Math.exp(new Vocabulary(27).uniformNats()) / 27).isCloseTo(1, within(EXACT_DOUBLE));
    assertThat(new Vocabulary(1).uniformNats()).isZero();
  }

  @Test
  void rejectsAnEmptyVocabulary() {
    assertThatThrownBy(() -> new Vocabulary(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size (0) must be at least 1");
  }
}
