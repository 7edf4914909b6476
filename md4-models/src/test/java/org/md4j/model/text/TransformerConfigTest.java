package org.md4j.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.golden.GoldenVectors;
import org.md4j.model.TimeConditioning;

class TransformerConfigTest {
  @Test
  void parameterCountsAreTheGoldenOnes() {
    JsonNode counts = GoldenVectors.expected("net/parameter_counts");

    assertThat(TransformerDenoiser.parameterCount(TransformerConfig.text8()))
        .isEqualTo(counts.get("text8").get("total").longValue());
    assertThat(TransformerDenoiser.parameterCount(TransformerConfig.gpt2Small()))
        .isEqualTo(counts.get("owt_small").get("total").longValue());
    assertThat(TransformerDenoiser.parameterCount(TransformerConfig.gpt2Medium()))
        .isEqualTo(counts.get("owt_medium").get("total").longValue());
  }

  @Test
  void everyPartOfTheText8NetworkHasItsGoldenSize() {
    JsonNode counts = GoldenVectors.expected("net/parameter_counts").get("text8");
    Map<String, org.deeplearning4j.nn.conf.graph.GraphVertex> parts =
        TransformerGraph.configuration(
                TransformerConfig.text8(), org.nd4j.linalg.api.buffer.DataType.FLOAT)
            .getVertices();

    assertThat(parts.get("embedding").numParams(true))
        .isEqualTo(counts.get("embedding").longValue());
    assertThat(parts.get("conditioning").numParams(true)).isEqualTo(counts.get("cond").longValue());
    assertThat(
            parts.get("attention11").numParams(true) + parts.get("feedForward11").numParams(true))
        .isEqualTo(counts.get("per_block").longValue());
    assertThat(parts.get("logits").numParams(true)).isEqualTo(counts.get("final").longValue());
  }

  @Test
  void classesAddATableWithANullLabelAndWidenTheConditioning() {
    TransformerConfig plain = TransformerConfig.text8();
    long table = (10 + 1) * 64;
    long hiddenRows = 64L * 4 * 64;

    assertThat(
            TransformerDenoiser.parameterCount(
                plain.toBuilder().conditioning(told -> told.classes(10)).build()))
        .isEqualTo(TransformerDenoiser.parameterCount(plain) + table + hiddenRows);
    assertThat(plain.toBuilder().conditioning(told -> told.classes(10).classes(0)).build())
        .isEqualTo(plain);
    assertThat(
            plain.toBuilder()
                .conditioning(told -> told.classes(10))
                .dropout(0.3)
                .length(8)
                .build()
                .classes())
        .isEqualTo(10);
  }

  @Test
  void causalityIsOffUnlessAskedForAndAddsNoParameter() {
    TransformerConfig plain = TransformerConfig.text8();
    TransformerConfig causal = plain.toBuilder().attention(Attention.CAUSAL).build();

    assertThat(plain.attention()).isEqualTo(Attention.BIDIRECTIONAL);
    assertThat(
            TransformerConfig.builder(27, 8)
                .layers(1)
                .heads(1)
                .headSize(8)
                .conditioning(told -> told.time(TimeConditioning.NONE).classes(2))
                .build()
                .attention())
        .isEqualTo(Attention.BIDIRECTIONAL);
    assertThat(
            causal.toBuilder()
                .conditioning(told -> told.classes(2))
                .dropout(0.3)
                .length(8)
                .build()
                .attention())
        .isEqualTo(Attention.CAUSAL);
    assertThat(causal.toBuilder().attention(Attention.BIDIRECTIONAL).build())
        .isEqualTo(plain)
        .isNotEqualTo(causal);
    assertThat(TransformerDenoiser.parameterCount(causal))
        .isEqualTo(TransformerDenoiser.parameterCount(plain));
  }

  @Test
  void aShortConvolutionIsOffUnlessAskedForAndAddsTwoKernelsABlock() {
    TransformerConfig plain = TransformerConfig.text8();
    TransformerConfig convolving = plain.toBuilder().shortConvolution(5).build();

    assertThat(plain.shortConvolution()).isZero();
    assertThat(TransformerConfig.gpt2Small().shortConvolution()).isZero();
    assertThat(TransformerConfig.gpt2Medium().shortConvolution()).isZero();
    assertThat(convolving.toBuilder().dropout(0.3).build().shortConvolution()).isEqualTo(5);
    assertThat(convolving.toBuilder().shortConvolution(0).build())
        .isEqualTo(plain)
        .isNotEqualTo(convolving);
    assertThat(TransformerDenoiser.parameterCount(convolving))
        .isEqualTo(TransformerDenoiser.parameterCount(plain) + 12 * 2 * 5 * 768);
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, -1, 2, 4, 33})
  void rejectsShortConvolutionsWithoutAMiddleOrTooWide(int width) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransformerConfig.text8().toBuilder().shortConvolution(width).build())
        .withMessage("shortConvolution (" + width + ") must be 0 for none, or odd and at most 31");
  }

  @Test
  void feedForwardWidthIsTheGoldenOne() {
    GoldenVectors.expected("net/ffn_hidden")
        .fields()
        .forEachRemaining(
            width ->
                assertThat(
                        TransformerConfig.builder(27, 8)
                            .layers(1)
                            .heads(Integer.parseInt(width.getKey()) / 64)
                            .headSize(64)
                            .build()
                            .feedForwardWidth())
                    .as("width %s", width.getKey())
                    .isEqualTo(width.getValue().intValue()));
  }

  @Test
  void rejectsWhatNoNetworkCanHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TransformerConfig.builder(27, 256).layers(4).heads(4).headSize(63).build())
        .withMessage("headSize (63) must be even: rotary positions turn pairs of channels");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TransformerConfig.builder(27, 256).layers(0).heads(4).headSize(64).build())
        .withMessage("layers (0) must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransformerConfig.text8().toBuilder().dropout(1).build())
        .withMessage("dropout (1.0) must be in [0, 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TransformerConfig.text8().toBuilder()
                    .conditioning(told -> told.classes(-1))
                    .build())
        .withMessage("classes (-1) must be at least 0");
  }
}
