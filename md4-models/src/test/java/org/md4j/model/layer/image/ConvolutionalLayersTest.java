package org.md4j.model.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.model.layer.LayerLaws;
import org.md4j.model.layer.LayerProbe;
import org.md4j.model.layer.LayerSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds the layers of U-Nets and of classifiers of images to their laws. */
@Tag("slow")
class ConvolutionalLayersTest extends LayerLaws {
  /** Sums of a few numbers, in double. */
  private static final double ROUNDING = 1e-15;

  private static final int BATCH = 2;

  private static final INDArray TOKENS =
      Nd4j.createFromArray(
          new int[][] {{0, 2, 3, 1, 1, 3, 0, 3, 2, 2, 3, 0}, {3, 3, 3, 1, 0, 2, 2, 1, 3, 0, 1, 3}});

  private static final INDArray ONE_VALUE =
      Nd4j.createFromArray(new int[][] {{0, 1, 1, 0, 1, 0}, {1, 1, 0, 0, 0, 1}});

  private static final INDArray CONDITIONING = LayerProbe.table(50, BATCH, 3);

  static Stream<Arguments> layers() {
    return Stream.of(
        layer("block", block(4, 0, 4, 0, false, 0), image(4)),
        layer("block, added bias", block(4, 0, 4, 3, false, 0), image(4), CONDITIONING),
        layer("block, scale, dropout", block(4, 0, 6, 3, true, 0.3), image(4), CONDITIONING),
        layer("block of two", block(4, 2, 2, 3, true, 0), image(4), image(2), CONDITIONING),
        layer("block of equal ones", block(2, 2, 4, 3, true, 0), image(2), image(2), CONDITIONING),
        layer(
            "block of two, added bias, dropout",
            block(2, 4, 4, 3, false, 0.3),
            image(2),
            image(4),
            CONDITIONING),
        layer("halved", new DownsamplingLayer(2, 4, 3), LayerProbe.table(51, BATCH, 8, 3)),
        layer("doubled", new UpsamplingLayer(2, 3, 4), image(4)),
        layer("mean of pixels", new PixelMeanLayer(4), image(4)),
        layer("embedding", new PixelEmbeddingLayer(4, 2, 3, 2, 2, 5, 0), TOKENS),
        layer("features, grey", new PixelEmbeddingLayer(4, 2, 3, 4, 1, 5, 3), TOKENS),
        layer("features, colours", new PixelEmbeddingLayer(4, 2, 2, 2, 3, 5, 2), TOKENS),
        layer("features of one value", new PixelEmbeddingLayer(2, 3, 2, 3, 1, 2, 2), ONE_VALUE),
        layer("head, grey", head(1, 0, 0), wanted(6, 0, 1, 3, 4), image(4)),
        layer("head, all wanted", head(1, 0, 0), wanted(6, 0, 1, 2, 3, 4, 5), image(4)),
        layer("head, colours", head(2, 0, 0), wanted(12, 0, 3, 4, 5, 8, 11), image(4)),
        layer("head, one colour wanted", head(2, 0, 0), wanted(12, 2, 8), image(4)),
        layer("head, scale", head(2, 3, 0), wanted(12, 0, 3, 4, 5, 8), image(4), CONDITIONING),
        layer("smooth head, grey", head(1, 0, 3), wanted(6, 0, 1, 3, 4), image(4)),
        layer("smooth head, all wanted", head(1, 0, 5), wanted(6, 0, 1, 2, 3, 4, 5), image(4)),
        layer("smooth head, colours", head(3, 0, 3), wanted(18, 0, 4, 5, 8, 11), image(4)),
        layer("smooth head, one colour wanted", head(3, 0, 3), wanted(18, 2, 8), image(4)),
        layer("smooth head, scale", head(2, 3, 2), wanted(12, 0, 3, 8), image(4), CONDITIONING),
        layer(
            "smooth head of one value",
            new PixelHeadLayer(2, 3, 4, 2, 1, 2, 0, 1, 0),
            wanted(12, 0, 3, 8),
            image(4)),
        layer("head with a peak, some", peak(1, 0), wanted(6, 1, 4), image(4), tokens(1)),
        layer(
            "head with a peak, all", peak(1, 0), wanted(6, 0, 1, 2, 3, 4, 5), image(4), tokens(1)),
        layer(
            "head with a peak, scale, two colours",
            peak(2, 3),
            wanted(12, 0, 3, 8),
            image(4),
            tokens(2),
            CONDITIONING),
        layer(
            "head with a peak, cells of one colour",
            peak(2, 0),
            wanted(12, 1, 3, 7),
            image(4),
            tokens(2)),
        layer(
            "head with a peak of one value",
            new PixelHeadLayer(2, 3, 4, 2, 1, 2, 0, 1, 1),
            wanted(12, 0, 3, 8),
            image(4),
            tokens(2, 1)));
  }

  private static Arguments layer(String name, LayerSpec configuration, INDArray... inputs) {
    return Arguments.of(name, configuration, inputs);
  }

  private static ResidualBlockLayer block(
      int input, int skip, int channels, int conditioning, boolean scaleShift, double dropout) {
    return new ResidualBlockLayer(
        2, 3, input, skip, channels, 2, conditioning, scaleShift, dropout);
  }

  private static PixelHeadLayer head(int colours, int conditioning, int cosines) {
    return new PixelHeadLayer(2, 3, 4, colours, 5, 2, conditioning, cosines, 0);
  }

  private static PixelHeadLayer peak(int colours, int conditioning) {
    return new PixelHeadLayer(2, 3, 4, colours, 5, 2, conditioning, 2, 1);
  }

  /** Values 0 to 4 and the mask, 5. */
  private static INDArray tokens(int colours) {
    return tokens(colours, 5);
  }

  /** Values and the mask after them. */
  private static INDArray tokens(int colours, int values) {
    int cells = 6 * colours;
    return Nd4j.createFromArray(
            IntStream.range(0, BATCH * cells).map(i -> (7 * i + i / 5) % (values + 1)).toArray())
        .reshape(BATCH, cells);
  }

  private static INDArray image(int channels) {
    return LayerProbe.table(channels, BATCH, 6, channels);
  }

  /** The same cells of every example. */
  private static INDArray wanted(int cells, int... ofAnExample) {
    return Nd4j.createFromArray(
        IntStream.range(0, BATCH)
            .flatMap(b -> Arrays.stream(ofAnExample).map(cell -> b * cells + cell))
            .toArray());
  }

  @Test
  void aBlockOfTwoImagesIsThatOfBothBesideEachOther() {
    LayerProbe two = new LayerProbe(block(2, 4, 4, 0, false, 0));
    LayerProbe joined = new LayerProbe(block(6, 0, 4, 0, false, 0));
    for (String same :
        new String[] {
          "firstGain",
          "firstBias",
          "firstConvolutionBias",
          "secondGain",
          "secondBias",
          "secondWeight",
          "secondConvolutionBias",
          "projectionBias"
        }) {
      joined.parameter(same).assign(two.parameter(same));
    }
    joined
        .parameter("firstWeight0")
        .assign(Nd4j.concat(2, two.parameter("firstWeight0"), two.parameter("firstWeight1")));
    joined
        .parameter("projectionWeight0")
        .assign(
            Nd4j.concat(0, two.parameter("projectionWeight0"), two.parameter("projectionWeight1")));
    INDArray x = image(2);
    INDArray skip = image(4);

    LayerProbe.assertClose(two.infer(x, skip), joined.infer(Nd4j.concat(2, x, skip)));
  }

  /** Rounding may take mean(x²) below mean²; no root of that is taken. */
  @Test
  void imagesWithoutContrastAreNormalised() {
    LayerProbe layer = new LayerProbe(block(4, 0, 4, 0, false, 0));
    for (int i = 1; i < 20; i++) {
      INDArray constant = Nd4j.valueArrayOf(new long[] {1, 6, 4}, 1e6 / i, DataType.DOUBLE);
      assertThat(layer.infer(constant).sumNumber().doubleValue()).as("of %s", 1e6 / i).isFinite();
    }
  }

  @Test
  void downsamplingAveragesSquares() {
    LayerProbe layer = new LayerProbe(new DownsamplingLayer(2, 4, 1));
    INDArray x = Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 9).reshape('c', 1, 8, 1);

    assertThat(layer.infer(x).data().asDouble()).containsExactly(3.5, 5.75);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DownsamplingLayer(3, 2, 1))
        .withMessageContaining("height (3)");
  }

  @Test
  void upsamplingRepeatsPixels() {
    LayerProbe layer = new LayerProbe(new UpsamplingLayer(1, 2, 1));
    INDArray x = Nd4j.createFromArray(1.0, 2).reshape('c', 1, 2, 1);

    assertThat(layer.infer(x).data().asDouble()).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
  }

  @Test
  void pixelsAreAveraged() {
    INDArray x = Nd4j.createFromArray(1.0, 2, 3, 4, 5, 9).reshape('c', 1, 3, 2);
    double[] mean = new LayerProbe(new PixelMeanLayer(2)).infer(x).data().asDouble();

    assertThat(mean).containsExactly(new double[] {3, 5}, within(ROUNDING));
  }

  @Test
  void examplesWithMoreFewerOrNoWantedPositionsShareABatch() {
    LayerProbe layer = new LayerProbe(head(2, 0, 0));
    layer.assertGradients(Nd4j.createFromArray(0, 2, 3, 4, 8, 9, 10, 12, 14, 23), image(4));
    layer.assertGradients(Nd4j.createFromArray(2, 8), image(4));
  }

  /** The whole convolution runs only for inference; patches always do in training. */
  @ParameterizedTest
  @CsvSource({"1, 0", "3, 0", "1, 3", "3, 3"})
  void logitsOfPatchesAreThoseOfTheWholeConvolution(int colours, int cosines) {
    LayerProbe layer = new LayerProbe(head(colours, 0, cosines));
    INDArray all = Nd4j.createFromArray(IntStream.range(0, 12 * colours).toArray());
    INDArray some = Nd4j.createFromArray(IntStream.range(1, 12 * colours).toArray());

    INDArray whole = layer.infer(all, image(4));

    LayerProbe.assertClose(layer.train(all, image(4)), whole);
    INDArray fewer = layer.infer(some, image(4));
    for (int p = 0; p < some.length(); p++) {
      LayerProbe.assertClose(fewer.getRow(p), whole.getRow(p + 1L));
    }
  }
}
