package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.golden.GoldenVectors;
import org.md4j.model.TimeConditioning;
import org.md4j.train.ImagePreset;

class UNetConfigTest {
  private static final int IMAGENET_CLASSES = 1000;

  /** The parameters of this network, as counted before there were values that know neighbours. */
  private static final long SMALL_PARAMETERS = 2_343_968;

  private static final UNetConfig SMALL =
      UNetConfig.builder(28, 28, 1)
          .embeddingWidth(32)
          .channels(32)
          .blocksPerLevel(1)
          .middle(Middle.Transformer.builder().layers(4).width(192).heads(3).patch(4).build())
          .blockConditioning(BlockConditioning.SCALE_SHIFT)
          .groups(8)
          .build();

  @Test
  void thePapersNetworksHaveTheGoldenNumbersOfParameters() {
    JsonNode counts = GoldenVectors.expected("net/parameter_counts");

    assertThat(ImageDenoiser.parameterCount(UNetConfig.cifar10()))
        .isEqualTo(counts.get("cifar10").longValue());
    assertThat(ImageDenoiser.parameterCount(UNetConfig.imageNet64()))
        .isEqualTo(counts.get("imagenet64_likelihood_24res_12dit").longValue());
    assertThat(ImageDenoiser.parameterCount(UNetConfig.imageNet64Samples()))
        .isEqualTo(counts.get("imagenet64_sample_8res_20dit").longValue());
  }

  /** Neither heads nor groups nor dropout change the numbers of parameters (spec 7.3, 7.4). */
  @Test
  void thePapersNetworksHaveTheSpecifiedHeadsGroupsAndDropout() {
    UNetConfig cifar10 = UNetConfig.cifar10();
    assertThat(cifar10.middle()).isEqualTo(new Middle.Attention(1));
    assertThat(cifar10.blockConditioning()).isEqualTo(BlockConditioning.BIAS);
    assertThat(UNetConfig.imageNet64().middle())
        .isEqualTo(Middle.Transformer.builder().layers(12).width(768).heads(12).patch(2).build());
    assertThat(UNetConfig.imageNet64Classes().middle())
        .isEqualTo(Middle.Transformer.builder().layers(20).width(768).heads(12).patch(2).build());
    for (UNetConfig config : new UNetConfig[] {cifar10, UNetConfig.imageNet64()}) {
      assertThat(config.groups()).isEqualTo(32);
      assertThat(config.dropout()).isEqualTo(0.1);
      assertThat(config.conditioning().tellsTime()).isTrue();
    }
  }

  @Test
  void aShortConvolutionIsOffUnlessAskedForAndAddsTwoKernelsABlock() {
    UNetConfig plain = UNetConfig.imageNet64();
    Middle.Transformer transformer = (Middle.Transformer) plain.middle();
    Middle.Transformer convolving = transformer.toBuilder().shortConvolution(15).build();

    assertThat(transformer.shortConvolution()).isZero();
    assertThat(convolving.toBuilder().build()).isEqualTo(convolving);
    assertThat(ImageDenoiser.parameterCount(plain.toBuilder().middle(convolving).build()))
        .isEqualTo(ImageDenoiser.parameterCount(plain) + 12 * 2 * 15 * 768);
  }

  /** Ours has one row more in its table of classes: the null label. */
  @Test
  void theClassConditionalNetworkHasTheGoldenNumberAndANullLabel() {
    UNetConfig config = UNetConfig.imageNet64Classes();
    long golden =
        GoldenVectors.expected("net/parameter_counts")
            .get("imagenet64_class_conditional_8res_20dit")
            .longValue();

    assertThat(config.classes()).isEqualTo(IMAGENET_CLASSES);
    assertThat(ImageDenoiser.parameterCount(config)).isEqualTo(golden + config.embeddingWidth());
  }

  @Test
  void noPresetOfThePaperHasValuesThatKnowTheirNeighbours() {
    assertThat(
            List.of(
                ImagePreset.CIFAR10,
                ImagePreset.IMAGENET64,
                ImagePreset.IMAGENET64_SAMPLES,
                ImagePreset.IMAGENET64_CLASS))
        .extracting(ImagePreset::network)
        .allSatisfy(
            network -> {
              assertThat(network.valueEmbedding()).isEqualTo(ValueEmbedding.TABLE);
              assertThat(network.logitHead()).isEqualTo(LogitHead.FREE);
            });
    assertThat(ImageDenoiser.parameterCount(SMALL)).isEqualTo(SMALL_PARAMETERS);
  }

  /** Weights and biases of the neighbours within two rows and columns, and of a peak's shape. */
  @Test
  void aPredictiveHeadHasAFewWeightsMore() {
    UNetConfig colours = SMALL.toBuilder().colours(3).build();

    assertThat(ImageDenoiser.parameterCount(UNets.predictive(SMALL)))
        .isEqualTo(ImageDenoiser.parameterCount(UNets.smooth(SMALL)) + 33 * 25 + (9 * 32 + 1) * 2);
    assertThat(ImageDenoiser.parameterCount(UNets.predictive(colours)))
        .isEqualTo(
            ImageDenoiser.parameterCount(UNets.smooth(colours))
                + 3 * (33 * 3 * 25 + (9 * 32 + 1) * 2));
  }

  /** 15 vectors in place of 257, a channel of the mask a colour, and 32 outputs a colour. */
  @Test
  void valuesThatKnowTheirNeighboursHaveFewerVectorsAndAFewWeightsMore() {
    UNetConfig colours = SMALL.toBuilder().colours(3).build();

    assertThat(ImageDenoiser.parameterCount(UNets.smooth(SMALL)))
        .isEqualTo(SMALL_PARAMETERS + (15 - 257) * 32 + 9 * 32 + 9 * 32 * 32);
    assertThat(ImageDenoiser.parameterCount(UNets.smooth(colours)))
        .isEqualTo(
            ImageDenoiser.parameterCount(colours) + (15 - 257) * 32 + 3 * (9 * 32 + 9 * 32 * 32));
  }

  @Test
  void sizesThatDoNotFitAreNamed() {
    UNetConfig pyramid = UNets.pyramid();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.toBuilder().height(3).width(4).build())
        .withMessageContaining("height (3) must be a multiple of");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.toBuilder().height(2).width(5).build())
        .withMessageContaining("width (5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UNets.transformer().toBuilder().height(4).width(3).build())
        .withMessageContaining("width of the lowest level (3) must be a multiple of patch (2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Middle.Transformer.builder().shortConvolution(4).build())
        .withMessage("shortConvolution (4) must be 0 for none, or odd and at most 31");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                UNets.transformer().toBuilder()
                    .conditioning(told -> told.time(TimeConditioning.NONE))
                    .build())
        .withMessageContaining("time (NONE) must be TIME");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                UNetConfig.builder(2, 2, 1)
                    .vocabularySize(3)
                    .embeddingWidth(4)
                    .channels(3)
                    .channelMultipliers(List.of(2))
                    .blocksPerLevel(1)
                    .middle(new Middle.Attention(1))
                    .groups(2)
                    .build())
        .withMessageContaining("channels (3) must be a multiple of groups (2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.toBuilder().dropout(1).build())
        .withMessageContaining("dropout (1.0) must be in [0, 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Middle.Transformer.builder().layers(1).width(6).heads(2).patch(2).build())
        .withMessageContaining("width (6) must be a multiple of 4");
  }

  @Test
  void oneFieldIsChangedAndTheOthersAreNot() {
    UNetConfig pyramid = UNets.pyramid();
    assertThat(pyramid.toBuilder().height(4).width(8).height(2).width(4).build())
        .isEqualTo(pyramid);
    assertThat(pyramid.toBuilder().colours(3).build().colours()).isEqualTo(3);
    assertThat(pyramid.toBuilder().conditioning(told -> told.classes(2)).build().classes())
        .isEqualTo(2);
    assertThat(pyramid.toBuilder().dropout(0.25).build().dropout()).isEqualTo(0.25);
    UNetConfig smooth = UNets.smooth(pyramid);
    assertThat(smooth.toBuilder().build()).isEqualTo(smooth).isNotEqualTo(pyramid);
    assertThat(
            smooth.toBuilder()
                .valueEmbedding(ValueEmbedding.TABLE)
                .logitHead(LogitHead.FREE)
                .build())
        .isEqualTo(pyramid);
    assertThat(
            pyramid.toBuilder()
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()
                .conditioning()
                .tellsTime())
        .isFalse();
    assertThat(pyramid.length()).isEqualTo(2 * 4 * 2);
  }
}
