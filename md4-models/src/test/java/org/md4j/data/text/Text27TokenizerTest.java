package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;

class Text27TokenizerTest {
  private final Tokenizer tokenizer = new Text27Tokenizer();

  @Test
  void lettersAreZeroToTwentyFiveAndTheSpaceIsTwentySix() {
    assertThat(tokenizer.vocabulary()).isEqualTo(new Vocabulary(27));
    assertThat(tokenizer.encode("ab yz")).containsExactly(0, 1, 26, 24, 25);
  }

  @Test
  void decodingUndoesEncoding() {
    String alphabet = "the quick brown fox jumps over a lazy dog";

    assertThat(tokenizer.decode(tokenizer.encode(alphabet))).isEqualTo(alphabet);
  }

  @Test
  void writesTheMaskAsUnderscore() {
    assertThat(tokenizer.decode(new int[] {0, 27, 26, 1})).isEqualTo("a_ b");
  }

  @Test
  void errorNamesSymbolAndPosition() {
    assertThatThrownBy(() -> tokenizer.encode("abC"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'C' at position 2")
        .hasMessageContaining("lower case");
    assertThatThrownBy(() -> tokenizer.encode("\tab")).hasMessageContaining("0x09 at position 0");
    assertThatThrownBy(() -> tokenizer.encode("a_")).hasMessageContaining("'_' at position 1");
  }

  @Test
  void rejectsIdsOutsideTheVocabulary() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {28}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token (28) must be in 0..27");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).hasMessageContaining("-1");
  }
}
