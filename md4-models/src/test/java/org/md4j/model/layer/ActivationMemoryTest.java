package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.model.layer.image.PatchAttentionLayer;
import org.md4j.model.layer.image.PatchFeedForwardLayer;
import org.md4j.model.layer.image.PixelHeadLayer;
import org.md4j.model.layer.image.ResidualBlockLayer;
import org.md4j.model.layer.image.SpatialAttentionLayer;
import org.nd4j.linalg.factory.Nd4j;

/** What a layer keeps for a further pixel, position or example, as docs/memory.md states it. */
class ActivationMemoryTest {
  private static final int C = 3;

  @ParameterizedTest(name = "{0} + {1} to {2} channels, scale and shift {3}, dropout {4}")
  @CsvSource({
    "4, 0, 4, false, 0",
    "4, 0, 4, true, 0.1",
    "4, 4, 4, true, 0.1",
    "2, 4, 4, false, 0.1"
  })
  void aResidualBlockKeepsItsInputsTwiceAndItsResultFourTimes(
      int input, int skip, int channels, boolean scaleShift, double dropout) {
    long pixels = 8;

    long further =
        block(4, input, skip, channels, scaleShift, dropout)
            - block(2, input, skip, channels, scaleShift, dropout);

    assertThat(further).isEqualTo(pixels * (2L * (input + skip) + 4L * channels));
  }

  private static long block(
      int height, int input, int skip, int channels, boolean scaleShift, double dropout) {
    int pixels = 4 * height;
    LayerProbe probe =
        new LayerProbe(
            new ResidualBlockLayer(height, 4, input, skip, channels, 2, C, scaleShift, dropout));
    return skip > 0
        ? probe.kept(
            LayerProbe.table(1, 1, pixels, input),
            LayerProbe.table(2, 1, pixels, skip),
            LayerProbe.table(3, 1, C))
        : probe.kept(LayerProbe.table(1, 1, pixels, input), LayerProbe.table(3, 1, C));
  }

  @Test
  void attentionOverPixelsKeepsSevenWidthsAndItsProbabilities() {
    int channels = 4;
    int heads = 2;

    long further = attention(12, channels, heads) - attention(6, channels, heads);

    assertThat(further).isEqualTo(6L * 7 * channels + (long) heads * (12 * 12 - 6 * 6));
  }

  private static long attention(int pixels, int channels, int heads) {
    return new LayerProbe(new SpatialAttentionLayer(channels, heads, 2))
        .kept(LayerProbe.table(1, 1, pixels, channels));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 2"})
  void attentionOverPatchesKeepsSevenWidthsAndItsProbabilities(double dropout, int copies) {
    int heads = 2;
    int width = 6;
    PatchAttentionLayer layer = new PatchAttentionLayer(heads, width / heads, C, dropout);

    long further = patches(layer, 10, width) - patches(layer, 5, width);

    // Two numbers more a position: its mean and variance.
    assertThat(further).isEqualTo(5 * (7L * width + 2) + (long) copies * heads * (10 * 10 - 5 * 5));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0.1, 3"})
  void feedForwardOverPatchesKeepsThreeWidthsAndItsHiddenOnes(double dropout, int copies) {
    int width = 6;
    int hidden = 24;
    PatchFeedForwardLayer layer = new PatchFeedForwardLayer(width, hidden, C, dropout);

    long further = patches(layer, 10, width) - patches(layer, 5, width);

    assertThat(further).isEqualTo(5 * (3L * width + 2 + (long) copies * hidden));
  }

  private static long patches(LayerSpec layer, int positions, int width) {
    return new LayerProbe(layer)
        .kept(LayerProbe.table(1, 1, positions, width), LayerProbe.table(3, 1, C));
  }

  @Test
  void theHeadKeepsThreeImagesAndNinePixelsAWantedLogit() {
    int channels = 4;
    int values = 5;
    int colours = 3;
    int pixels = 64;

    long further =
        head(2, pixels, channels, colours, values) - head(1, pixels, channels, colours, values);

    // What an example adds beside its pixels: four numbers a channel of its normalisation.
    assertThat(further)
        .isEqualTo(
            pixels * 3L * channels
                + (long) pixels * colours * (9L * channels + values)
                + 4L * channels);
  }

  private static long head(int rows, int pixels, int channels, int colours, int values) {
    LayerProbe probe = new LayerProbe(new PixelHeadLayer(8, 8, channels, colours, values, 2, 0));
    int[] all = IntStream.range(0, rows * pixels * colours).toArray();
    return probe.kept(Nd4j.createFromArray(all), LayerProbe.table(1, rows, pixels, channels));
  }
}
