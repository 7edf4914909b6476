package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.Template;

class TextTemplateTest {
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();

  @Test
  void underscoresAreBlanksAndAllElseIsKept() {
    Template template = TextTemplate.parse(TOKENIZER, "a_ __z");

    assertThat(template.row().row(0)).containsExactly(0, 27, 26, 27, 27, 25);
    assertThat(template.row().vocabulary()).isEqualTo(TOKENIZER.vocabulary());
    assertThat(template.blanks()).containsExactly(1, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_", "the ____ of the ____", "___ leading", "trailing _"})
  void isTheReverseOfDecoding(String text) {
    assertThat(TOKENIZER.decode(TextTemplate.parse(TOKENIZER, text).row().row(0))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"the C_t|'C' at position 4", "_, |',' at position 1", "___9|'9' at position 3"})
  void anUnknownSymbolIsNamedWithItsPositionInTheText(String text, String message) {
    assertThatThrownBy(() -> TextTemplate.parse(TOKENIZER, text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no blank"})
  void aTextWithNothingToFillIsRefused(String text) {
    assertThatThrownBy(() -> TextTemplate.parse(TOKENIZER, text))
        .isInstanceOf(DataException.class)
        .hasMessage("template (" + text + ") must hold at least one blank, written _, got none");
  }

  @Test
  void aTokenizerOfWholeWordsIsRefused() {
    Tokenizer words =
        new Tokenizer() {
          @Override
          public Vocabulary vocabulary() {
            return new Vocabulary(2);
          }

          @Override
          public int[] encode(String text) {
            return new int[text.split(" ", -1).length];
          }

          @Override
          public String decode(int[] tokens) {
            return "word";
          }
        };

    assertThatThrownBy(() -> TextTemplate.parse(words, "a _"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokenizer must have one token a character, got 2 tokens for 6 characters");
  }
}
