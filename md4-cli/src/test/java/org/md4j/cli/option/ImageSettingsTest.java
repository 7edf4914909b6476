package org.md4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.image.ImageShape;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.train.ImagePreset;
import picocli.CommandLine;

class ImageSettingsTest {
  @Test
  void theShortConvolutionIsTheTransformersOverPatches() {
    Middle.Transformer transformer = (Middle.Transformer) ImagePreset.FASHION.network().middle();

    assertThat(network("--short-convolution=15").middle())
        .isEqualTo(transformer.toBuilder().shortConvolution(15).build());
    assertThat(network("--short-convolution=0").middle())
        .isEqualTo(transformer.toBuilder().shortConvolution(0).build());
    assertThat(network().middle()).isEqualTo(transformer);
  }

  @Test
  void withoutATransformerThereIsNothingToConvolve() {
    assertThat(network("--preset=cifar10", "--short-convolution=0").middle())
        .isEqualTo(ImagePreset.CIFAR10.network().middle());
    assertThatThrownBy(() -> network("--preset=cifar10", "--short-convolution=5"))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("--short-convolution is of no use with --preset cifar10");
  }

  @Test
  void theHeadIsTheNamedOneOrThePresets() {
    assertThat(network("--head=predictive").logitHead()).isEqualTo(LogitHead.PREDICTIVE);
    assertThat(network("--head=free").logitHead()).isEqualTo(LogitHead.FREE);
    assertThat(network().logitHead()).isEqualTo(ImagePreset.FASHION.network().logitHead());
  }

  private static UNetConfig network(String... options) {
    ImageSettings settings = CommandLine.populateCommand(new ImageSettings(), options);
    return settings.config(null, null, new ImageShape(28, 28, 1), List.of()).network();
  }
}
