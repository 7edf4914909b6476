package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
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

  /** GPT-2's tokens hold the space before a word: "the", " of", "s", the mask. */
  @Test
  void aBlankTakesTheSpaceBeforeItWhereTokensHoldIt() {
    Tokenizer gpt2 = new Gpt2Tokenizer();
    int the = gpt2.encode("the")[0];
    int of = gpt2.encode(" of")[0];
    int s = gpt2.encode("s")[0];
    int mask = gpt2.vocabulary().maskId();

    for (String text : List.of("the _ _ of _s", "the__ of_s", "the __ of _s")) {
      assertThat(TextTemplate.parse(gpt2, text).row().row(0))
          .as(text)
          .containsExactly(the, mask, mask, of, mask, s);
    }
    assertThat(TextTemplate.parse(gpt2, " _").row().row(0)).containsExactly(mask);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no blank"})
  void aTextWithNothingToFillIsRefused(String text) {
    assertThatThrownBy(() -> TextTemplate.parse(TOKENIZER, text))
        .isInstanceOf(DataException.class)
        .hasMessage("template (" + text + ") must hold at least one blank, written _, got none");
  }

  @Test
  void blanksCountTokensAndTheTextBetweenThemIsEncodedPieceByPiece() {
    Template words = TextTemplate.parse(new WordTokenizer(), "bbb __a_");

    assertThat(words.row().row(0)).containsExactly(1, 3, 3, 0, 3);
    assertThat(new WordTokenizer().decode(words.row().row(0))).isEqualTo("bbb __a_");
  }

  @Test
  void blanksOfBytesAreBytes() {
    Template template = TextTemplate.parse(new ByteTokenizer(), "\u00e9_");

    assertThat(template.row().row(0)).containsExactly(0xC3, 0xA9, 256);
  }

  @Test
  void theTokenizerSaysHowABlankIsWritten() {
    Tokenizer bytes = new ByteTokenizer("[?]");

    assertThat(TextTemplate.parse(bytes, "a_[?][?]b").row().row(0))
        .containsExactly('a', '_', 256, 256, 'b');
    assertThatThrownBy(() -> TextTemplate.parse(bytes, "a_b"))
        .hasMessage("template (a_b) must hold at least one blank, written [?], got none");
  }

  @Test
  void aWordThatIsUnknownIsTheTokenizersError() {
    assertThatThrownBy(() -> TextTemplate.parse(new WordTokenizer(), "a_x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("position 2");
  }

  /**
   * Knows three words of different lengths: {@code a}, {@code bbb} with a space after it, {@code
   * cc}.
   */
  private static final class WordTokenizer implements Tokenizer {
    private static final List<String> WORDS = List.of("a", "bbb ", "cc");

    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(WORDS.size());
    }

    @Override
    public TokenizerIdentity identity() {
      return new TokenizerIdentity("words", Sha256.of(WORDS.toString()));
    }

    @Override
    public int[] encode(String text) {
      IntStream.Builder ids = IntStream.builder();
      int at = 0;
      while (at < text.length()) {
        String rest = text.substring(at);
        int place = at;
        String word =
            WORDS.stream()
                .filter(rest::startsWith)
                .findFirst()
                .orElseThrow(() -> new DataException("no word begins at position " + place));
        ids.add(WORDS.indexOf(word));
        at += word.length();
      }
      return ids.build().toArray();
    }

    @Override
    public String decode(int[] tokens) {
      return Arrays.stream(tokens)
          .mapToObj(id -> id == WORDS.size() ? blank() : WORDS.get(id))
          .collect(Collectors.joining());
    }
  }
}
