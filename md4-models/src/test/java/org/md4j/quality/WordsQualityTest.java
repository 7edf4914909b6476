package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WordsQualityTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final int V = 50_257;
  private static final KnownWords.Share HALF = new KnownWords.Share(4, 2);

  @Test
  void smallCaseByHand() {
    // Entropies 1 and 2 bits; pairs 12 21 12, 34 45 56; triples 121 212, 345 456.
    List<int[]> texts = List.of(new int[] {1, 2, 1, 2}, new int[] {3, 4, 5, 50_256});

    WordsQuality quality = WordsQuality.of(V, texts, HALF);

    assertThat(quality.textEntropy().mean()).isCloseTo(1.5, EXACT);
    assertThat(quality.distinctPairs()).isCloseTo(5.0 / 6, EXACT);
    assertThat(quality.distinctTriples()).isCloseTo(1, EXACT);
    assertThat(quality.knownWords()).isEqualTo(0.5);
  }

  @Test
  void aTextThatRepeatsItselfShowsInEveryNumber() {
    WordsQuality quality = WordsQuality.of(V, List.of(new int[] {7, 7, 7, 7, 7, 7}), HALF);

    assertThat(quality.textEntropy().mean()).isCloseTo(0, EXACT);
    assertThat(quality.distinctPairs()).isCloseTo(1.0 / 5, EXACT);
    assertThat(quality.distinctTriples()).isCloseTo(1.0 / 4, EXACT);
  }

  @Test
  void textsWithoutTriplesAreRefused() {
    assertThatThrownBy(() -> WordsQuality.of(V, List.of(new int[] {1, 2}), HALF))
        .hasMessageContaining("at least 3 tokens");
    assertThatThrownBy(() -> WordsQuality.of(V, List.of(), HALF)).hasMessageContaining("got 0");
  }
}
