package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.md4j.cli.data.TextData;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.Text27Tokenizer;

class TextQualityTest {
  /** A few logarithms and sums of doubles. */
  private static final Offset<Double> EXACT = within(1e-12);

  /** Rounding of 193,655 logarithms added up. */
  private static final Offset<Double> ROUNDING = within(1e-9);

  /**
   * Of the validation part of austen27.txt, order 6, from the formula of {@link NgramModel} by a
   * separate program (Python 3, 64-bit floats, dictionaries of strings): 1.7165057018186403.
   */
  private static final double AUSTEN_BITS = 1.7165057018;

  private static final int V = 27;
  private static final TokenSplits AUSTEN = TextData.text(null).split();
  private static final NgramModel MODEL = NgramModel.of(AUSTEN.train(), NgramModel.CHARACTERS);

  @Test
  void entropiesByHand() {
    TextQuality quality = quality("aaaaaaaa", "bbbbbbbb");

    assertThat(quality.unigramEntropy()).isCloseTo(1, EXACT);
    assertThat(quality.sixGramEntropy()).isCloseTo(1, EXACT);
  }

  /** Windows abcdef, bcdefg, cdefgh of the one text and aaaaaa, three times, of the other. */
  @Test
  void sixGramsStayWithinTheirText() {
    TextQuality quality = quality("abcdefgh", "aaaaaaaa");

    assertThat(quality.sixGramEntropy()).isCloseTo(0.5 + 0.5 * (1 + log2(3)), EXACT);
  }

  @Test
  void bitsAreTheMeanOverTextsWithItsStandardError() {
    double one = MODEL.bitsPerToken(encode("it is a truth"));
    double other = MODEL.bitsPerToken(encode("zqx jvkw qqzz"));

    TextQuality quality = quality("it is a truth", "zqx jvkw qqzz");

    assertThat(quality.bitsPerCharacter()).isCloseTo((one + other) / 2, EXACT);
    assertThat(quality.standardError()).isCloseTo(Math.abs(one - other) / 2, EXACT);
  }

  @Test
  void heldOutProseCostsWhatASeparateProgramSays() {
    int[] heldOut = new int[(int) AUSTEN.valid().length()];
    AUSTEN.valid().copy(0, heldOut);

    assertThat(MODEL.bitsPerToken(heldOut)).isCloseTo(AUSTEN_BITS, ROUNDING);
  }

  @Test
  void countsOfManyGramsSurviveTheGrowthOfTheTable() {
    int[] text = new int[(int) AUSTEN.valid().length()];
    AUSTEN.valid().copy(0, text);
    HashedGramCounts counts = GramCounts.of(V, List.of(text), 6);

    assertThat(counts.distinct()).isGreaterThan(10_000);
    assertThat(counts.count(gram(text, 100))).isEqualTo(occurrences(text, 100)).isPositive();
    assertThat(counts.count(gram(text, 7_000))).isEqualTo(occurrences(text, 7_000));
    assertThat(counts.entropyBits()).isBetween(10.0, log2(text.length));
  }

  @Test
  void aSpreadNeedsTwoTexts() {
    assertThatThrownBy(() -> quality("one text")).hasMessageContaining("got 1 of 8");
    assertThatThrownBy(() -> quality("short", "short")).hasMessageContaining("got 2 of 5");
  }

  private static TextQuality quality(String... texts) {
    return TextQuality.of(MODEL, V, List.of(texts).stream().map(TextQualityTest::encode).toList());
  }

  private static int[] encode(String text) {
    return new Text27Tokenizer().encode(text);
  }

  private static int gram(int[] text, int from) {
    int gram = 0;
    for (int i = 0; i < 6; i++) {
      gram = gram * V + text[from + i];
    }
    return gram;
  }

  private static int occurrences(int[] text, int from) {
    int count = 0;
    for (int start = 0; start + 6 <= text.length; start++) {
      count += gram(text, start) == gram(text, from) ? 1 : 0;
    }
    return count;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
