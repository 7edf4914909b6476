package org.md4j.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NgramEmbeddingTest {
  static Stream<List<Integer>> refused() {
    return Stream.of(List.of(1), List.of(3, 3), List.of(5, 3), List.of(0), List.of(3, 9));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void ordersMustAscendWithinTheirRange(List<Integer> orders) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NgramEmbedding(orders, 10, 4))
        .withMessage("orders (%s) must ascend within 2..8", orders);
  }

  @Test
  void tablesMustHaveRowsAndAWidth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NgramEmbedding(List.of(3), 0, 4))
        .withMessage("rows (0) must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NgramEmbedding(List.of(3), 10, 0))
        .withMessage("width (0) must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NgramEmbedding(List.of(3, 5), 400_000_000, 4))
        .withMessage(
            "rows (400000000) must be at most 357913941 for orders [3, 5], which have 6 n-grams of a position");
  }

  @Test
  void networksAreToldOfNoneUnlessAsked() {
    assertThat(NgramEmbedding.none().tellsAnything()).isFalse();
    assertThat(NgramEmbedding.of(3, 5).tellsAnything()).isTrue();
    assertThat(TransformerConfig.text8().ngrams()).isEqualTo(NgramEmbedding.none());
    assertThat(TransformerConfig.gpt2Small().ngrams()).isEqualTo(NgramEmbedding.none());
    assertThat(TransformerConfig.gpt2Medium().ngrams()).isEqualTo(NgramEmbedding.none());
  }

  /** Of 28 tokens all trigrams have rows, of those of order 5 some share one. */
  @Test
  void theParametersAreATableAndItsProjection() {
    TransformerConfig plain = TransformerConfig.builder(27, 64).layers(2).build();
    TransformerConfig told = plain.toBuilder().ngrams(NgramEmbedding.of(3, 5)).build();

    assertThat(TransformerDenoiser.parameterCount(told))
        .isEqualTo(
            TransformerDenoiser.parameterCount(plain)
                + 3L * (28 * 28 * 28 + 65_536) * 32
                + 6L * 32 * plain.width());
    assertThat(told.toBuilder().dropout(0.1).build().ngrams()).isEqualTo(told.ngrams());
    assertThat(told.toBuilder().ngrams(NgramEmbedding.none()).build()).isEqualTo(plain);
  }
}
