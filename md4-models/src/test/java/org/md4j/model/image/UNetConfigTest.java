package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.golden.GoldenVectors;

class UNetConfigTest {
  private static final int IMAGENET_CLASSES = 1000;

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
    assertThat(cifar10.scaleShift()).isFalse();
    assertThat(UNetConfig.imageNet64().middle()).isEqualTo(new Middle.Transformer(12, 768, 12, 2));
    assertThat(UNetConfig.imageNet64Classes().middle())
        .isEqualTo(new Middle.Transformer(20, 768, 12, 2));
    for (UNetConfig config : new UNetConfig[] {cifar10, UNetConfig.imageNet64()}) {
      assertThat(config.groups()).isEqualTo(32);
      assertThat(config.dropout()).isEqualTo(0.1);
      assertThat(config.timeConditioned()).isTrue();
    }
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
  void sizesThatDoNotFitAreNamed() {
    UNetConfig pyramid = UNets.pyramid();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.withSize(3, 4))
        .withMessageContaining("height (3) must be a multiple of");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.withSize(2, 5))
        .withMessageContaining("width (5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UNets.transformer().withSize(4, 3))
        .withMessageContaining("width of the lowest level (3) must be a multiple of patch (2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UNets.transformer().withTimeConditioned(false))
        .withMessageContaining("timeConditioned (false) must be true");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new UNetConfig(
                    3, 2, 2, 1, 4, 3, List.of(2), 1, new Middle.Attention(1), false, 2, true, 0, 0))
        .withMessageContaining("channels (3) must be a multiple of groups (2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pyramid.withDropout(1))
        .withMessageContaining("dropout (1.0) must be in [0, 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Middle.Transformer(1, 6, 2, 2))
        .withMessageContaining("width (6) must be a multiple of 4");
  }

  @Test
  void oneFieldIsChangedAndTheOthersAreNot() {
    UNetConfig pyramid = UNets.pyramid();
    assertThat(pyramid.withSize(4, 8).withSize(2, 4)).isEqualTo(pyramid);
    assertThat(pyramid.withColours(3).colours()).isEqualTo(3);
    assertThat(pyramid.withClasses(2).classes()).isEqualTo(2);
    assertThat(pyramid.withDropout(0.25).dropout()).isEqualTo(0.25);
    assertThat(pyramid.withTimeConditioned(false).timeConditioned()).isFalse();
    assertThat(pyramid.length()).isEqualTo(2 * 4 * 2);
  }
}
