package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.model.layer.image.PatchAttentionLayer;
import org.md4j.model.layer.image.PatchFeedForwardLayer;
import org.md4j.model.layer.image.PixelEmbeddingLayer;
import org.md4j.model.layer.image.PixelHeadLayer;
import org.md4j.model.layer.image.ResidualBlockLayer;
import org.md4j.model.layer.image.SpatialAttentionLayer;
import org.md4j.model.layer.text.FeedForwardLayer;
import org.md4j.model.layer.text.NgramEmbeddingLayer;
import org.md4j.model.layer.text.SelfAttentionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
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
    PatchAttentionLayer layer = new PatchAttentionLayer(heads, width / heads, C, dropout, 0);

    long further = patches(layer, 10, width) - patches(layer, 5, width);

    // Two numbers more a position: its mean and variance.
    assertThat(further).isEqualTo(5 * (7L * width + 2) + (long) copies * heads * (10 * 10 - 5 * 5));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0.1, 3"})
  void feedForwardOverPatchesKeepsThreeWidthsAndItsHiddenOnes(double dropout, int copies) {
    int width = 6;
    int hidden = 24;
    PatchFeedForwardLayer layer = new PatchFeedForwardLayer(width, hidden, C, dropout, 0);

    long further = patches(layer, 10, width) - patches(layer, 5, width);

    assertThat(further).isEqualTo(5 * (3L * width + 2 + (long) copies * hidden));
  }

  @ParameterizedTest
  @MethodSource("halves")
  void aShortConvolutionKeepsItsResult(IntFunction<LayerSpec> half) {
    int width = 6;
    LayerSpec layer = half.apply(5);
    LayerSpec plain = half.apply(0);

    long further = patches(layer, 10, width) - patches(layer, 5, width);
    long without = patches(plain, 10, width) - patches(plain, 5, width);

    assertThat(further - without).isEqualTo(5L * width);
  }

  /** The halves of blocks, of width 6, by the taps of their convolution. */
  static Stream<Named<IntFunction<LayerSpec>>> halves() {
    return Stream.of(
        Named.of("attention", taps -> new SelfAttentionLayer(1, 6, C, 0, false, taps)),
        Named.of("feed forward", taps -> new FeedForwardLayer(6, 10, 1, C, 0, false, taps, false)),
        Named.of("attention over patches", taps -> new PatchAttentionLayer(1, 6, C, 0, taps)),
        Named.of(
            "feed forward over patches", taps -> new PatchFeedForwardLayer(6, 10, C, 0, taps)));
  }

  private static long patches(LayerSpec layer, int positions, int width) {
    return new LayerProbe(layer)
        .kept(LayerProbe.table(1, 1, positions, width), LayerProbe.table(3, 1, C));
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "2, 4"})
  void theEmbeddingKeepsARowOfItsTableAColourAndItsResult(int octaves, int tableWidth) {
    int colours = 2;
    int channels = 5;

    long further =
        embedding(2, colours, channels, octaves) - embedding(1, colours, channels, octaves);

    assertThat(further).isEqualTo(8L * (colours * tableWidth + channels));
  }

  @Test
  void aTableOfFeaturesIsKept() {
    long colour = 8 * 2; // The indicator of the mask, a channel a colour.

    assertThat(embedding(1, 2, 5, 2) - embedding(1, 2, 5, 0)).isEqualTo(colour + 5 * (3 + 1));
  }

  /** Pictures of 2x4 pixels with four values, embedded at width 3. */
  private static long embedding(int rows, int colours, int channels, int octaves) {
    return new LayerProbe(new PixelEmbeddingLayer(5, 3, 2, 4, colours, channels, octaves))
        .kept(tokens(rows, 8L * colours));
  }

  @Test
  void ngramsKeepTheirVectorsAndTheResult() {
    int width = 7;
    long positions = 6;
    LayerSpec layer = new NgramEmbeddingLayer(5, List.of(2, 3), 100, 4, width, false);

    long kept =
        new LayerProbe(layer).kept(tokens(1, positions), LayerProbe.table(1, 1, positions, width));

    assertThat(kept).isEqualTo(positions * ((2 + 3) * 4 + width));
  }

  private static INDArray tokens(long rows, long length) {
    return Nd4j.createFromArray(IntStream.range(0, (int) (rows * length)).map(i -> i % 5).toArray())
        .reshape('c', rows, length);
  }

  @Test
  void aSmoothHeadKeepsTheSumOfItsKernels() {
    long free = head(1, 64, 4, 3, 5, 0);

    assertThat(head(1, 64, 4, 3, 5, 2) - free).isEqualTo(9L * 4 * 3 * 5);
  }

  @Test
  void theHeadKeepsThreeImagesAndNinePixelsAWantedLogit() {
    int channels = 4;
    int values = 5;
    int colours = 3;
    int pixels = 64;

    long further =
        head(2, pixels, channels, colours, values, 0)
            - head(1, pixels, channels, colours, values, 0);

    // What an example adds beside its pixels: four numbers a channel of its normalisation.
    assertThat(further)
        .isEqualTo(
            pixels * 3L * channels
                + (long) pixels * colours * (9L * channels + values)
                + 4L * channels);
  }

  @Test
  void aPeakKeepsTheNeighboursAndAValueEachAWantedLogit() {
    int rows = 8 * 8 * 3;
    long free = peak(0, Nd4j.createFromArray(all(rows)), image());

    long further = peak(1, Nd4j.createFromArray(all(rows)), image(), tokens(1, rows)) - free;

    // Neighbours of three colours in nine pixels; mean, prediction and sharpness.
    assertThat(further).isEqualTo(rows * (3L * 9 + 5 + 3));
  }

  private static INDArray image() {
    return LayerProbe.table(1, 1, 8 * 8, 4);
  }

  private static int[] all(int cells) {
    return IntStream.range(0, cells).toArray();
  }

  private static long peak(int reach, INDArray... inputs) {
    return new LayerProbe(new PixelHeadLayer(8, 8, 4, 3, 5, 2, 0, 0, reach)).kept(inputs);
  }

  private static long head(
      int rows, int pixels, int channels, int colours, int values, int cosines) {
    LayerProbe probe =
        new LayerProbe(new PixelHeadLayer(8, 8, channels, colours, values, 2, 0, cosines, 0));
    int[] all = IntStream.range(0, rows * pixels * colours).toArray();
    return probe.kept(Nd4j.createFromArray(all), LayerProbe.table(1, rows, pixels, channels));
  }

  /** Operands take two bytes each, everything else four. */
  @Nested
  class InMixedPrecision {
    @Test
    void aResidualBlockKeepsBothActivationsAsOperands() {
      long further = block(4) - block(2);

      // Eight pixels of 4 + 4 channels to 4: h, the result and what both derivatives need.
      assertThat(further).isEqualTo(8 * (4 * (8 + 3 * 4) + 2 * (8 + 4)));
    }

    private long block(int height) {
      LayerSpec block = new ResidualBlockLayer(height, 4, 4, 4, 4, 2, C, true, 0.1);
      return LayerProbe.inMixedPrecision(block)
          .keptBytes(
              LayerProbe.table(1, 1, 4L * height, 4),
              LayerProbe.table(2, 1, 4L * height, 4),
              LayerProbe.table(3, 1, C));
    }

    @Test
    void attentionOverPixelsKeepsFiveWidthsAndItsProbabilitiesAsOperands() {
      long further = pixels(12) - pixels(6);

      assertThat(further).isEqualTo(6 * 4 * (2 * 5 + 4 * 2) + 2 * 2 * (12 * 12 - 6 * 6));
    }

    private long pixels(int count) {
      return LayerProbe.inMixedPrecision(new SpatialAttentionLayer(4, 2, 2))
          .keptBytes(LayerProbe.table(1, 1, count, 4));
    }

    @Test
    void attentionOverPatchesKeepsItsMaskInFull() {
      long further = patches(10, 0.1) - patches(5, 0.1);
      long withoutMask = patches(10, 0) - patches(5, 0);

      long probabilities = 2 * (10 * 10 - 5 * 5);
      assertThat(withoutMask).isEqualTo(5 * (6 * (2 * 5 + 4 * 2) + 2 * 4) + 2 * probabilities);
      assertThat(further - withoutMask).isEqualTo(4 * probabilities);
    }

    private long patches(int positions, double dropout) {
      return LayerProbe.inMixedPrecision(new PatchAttentionLayer(2, 3, C, dropout, 0))
          .keptBytes(LayerProbe.table(1, 1, positions, 6), LayerProbe.table(3, 1, C));
    }

    @Test
    void feedForwardOverPatchesKeepsItsActivationAsOperand() {
      long further = feedForward(10) - feedForward(5);

      assertThat(further).isEqualTo(5 * (6 * (2 + 4 * 2) + 2 * 4 + 24 * (2 + 4)));
    }

    private long feedForward(int positions) {
      return LayerProbe.inMixedPrecision(new PatchFeedForwardLayer(6, 24, C, 0, 0))
          .keptBytes(LayerProbe.table(1, 1, positions, 6), LayerProbe.table(3, 1, C));
    }

    @ParameterizedTest
    @MethodSource("org.md4j.model.layer.ActivationMemoryTest#halves")
    void aShortConvolutionKeepsItsResultAsOperand(IntFunction<LayerSpec> half) {
      long further = half(half.apply(5), 10) - half(half.apply(5), 5);
      long without = half(half.apply(0), 10) - half(half.apply(0), 5);

      assertThat(further - without).isEqualTo(5 * 2 * 6);
    }

    private long half(LayerSpec layer, int positions) {
      return LayerProbe.inMixedPrecision(layer)
          .keptBytes(LayerProbe.table(1, 1, positions, 6), LayerProbe.table(3, 1, C));
    }

    @Test
    void theHeadKeepsItsActivationAndPatchesAsOperands() {
      long further = logits(2, 0) - logits(1, 0);

      long activation = 64 * 4 * (2 + 4 * 2);
      long wanted = 64 * 3 * (2 * 9 * 4 + 4 * 5);
      assertThat(further).isEqualTo(activation + wanted + 4 * 4 * 4);
    }

    @Test
    void aSmoothHeadRoundsTheSumOfItsKernelsInPlaceOfItsParameter() {
      assertThat(logits(1, 2)).isEqualTo(logits(1, 0));
    }

    @Test
    void aTableOfFeaturesIsKeptInFullAndRounded() {
      long colour = 8 * 2;
      long kernel = 9 * 2 * 5; // Of the indicators.

      assertThat(embedding(2) - embedding(0))
          .isEqualTo(2 * (colour + kernel) + (4 + 2) * 5 * (3 + 1) - 2 * 5 * 3);
    }

    private long embedding(int octaves) {
      return LayerProbe.inMixedPrecision(new PixelEmbeddingLayer(5, 3, 2, 4, 2, 5, octaves))
          .keptBytes(tokens(1, 8 * 2));
    }

    private long logits(int rows, int cosines) {
      int[] all = IntStream.range(0, rows * 64 * 3).toArray();
      return LayerProbe.inMixedPrecision(new PixelHeadLayer(8, 8, 4, 3, 5, 2, 0, cosines, 0))
          .keptBytes(Nd4j.createFromArray(all), LayerProbe.table(1, rows, 64, 4));
    }
  }
}
