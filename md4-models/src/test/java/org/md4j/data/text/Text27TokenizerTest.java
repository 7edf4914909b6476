package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.models.contract.TokenizerContract;

class Text27TokenizerTest extends TokenizerContract {
  private final Tokenizer tokenizer = new Text27Tokenizer();

  @Override
  protected Tokenizer tokenizer() {
    return new Text27Tokenizer();
  }

  @Override
  protected List<String> texts() {
    return List.of("the quick brown fox jumps over a lazy dog", " ", "z");
  }

  @Override
  protected Map<String, Integer> unknown() {
    return Map.of("abC", 2, "\tab", 0, "a_", 1, "caf\u00e9", 3);
  }

  /** By sha256sum: of the symbols in the order of their ids. */
  @Test
  void identityNeverChanges() {
    assertThat(tokenizer.identity())
        .isEqualTo(
            new TokenizerIdentity(
                "text27", "0e307f9434f0e2bf7f431d710e15f78b9907f45c1eae3587e596f35f195506f4"));
  }

  @Test
  void lettersAreZeroToTwentyFiveAndTheSpaceIsTwentySix() {
    assertThat(tokenizer.vocabulary()).isEqualTo(new Vocabulary(27));
    assertThat(tokenizer.encode("ab yz")).containsExactly(0, 1, 26, 24, 25);
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
