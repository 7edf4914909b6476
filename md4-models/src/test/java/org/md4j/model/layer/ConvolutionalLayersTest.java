package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ConvolutionalLayersTest {
  private static final INDArray TOKENS =
      Nd4j.createFromArray(
          new int[][] {{0, 2, 3, 1, 1, 3, 0, 3, 2, 2, 3, 0}, {3, 3, 3, 1, 0, 2, 2, 1, 3, 0, 1, 3}});

  @ParameterizedTest(name = "{0} + {1} to {2} channels, C {3}, scale and shift {4}, dropout {5}")
  @CsvSource({
    "4, 0, 4, 0, false, 0",
    "4, 0, 4, 3, false, 0",
    "4, 0, 6, 3, true, 0.3",
    "2, 4, 4, 3, false, 0.3",
    "4, 2, 2, 3, true, 0",
    "2, 2, 4, 3, true, 0"
  })
  void residualBlocksGoBackAsTheyGoForward(
      int input, int skip, int channels, int conditioning, boolean scaleShift, double dropout) {
    LayerCheck layer =
        new LayerCheck(
            new ResidualBlockConfiguration(
                2, 3, input, skip, channels, 2, conditioning, scaleShift, dropout));
    INDArray x = LayerCheck.random(1, 2, 6, input);
    INDArray second = LayerCheck.random(2, 2, 6, Math.max(1, skip));
    INDArray cond = LayerCheck.random(3, 2, Math.max(1, conditioning));
    if (skip > 0) {
      layer.backwardEqualsCentralDifferences(x, second, cond);
    } else if (conditioning > 0) {
      layer.backwardEqualsCentralDifferences(x, cond);
    } else {
      layer.backwardEqualsCentralDifferences(x);
    }
  }

  @Test
  void aBlockOfTwoPicturesIsThatOfBothBesideEachOther() {
    LayerCheck two = new LayerCheck(new ResidualBlockConfiguration(2, 3, 2, 4, 4, 2, 0, false, 0));
    LayerCheck joined =
        new LayerCheck(new ResidualBlockConfiguration(2, 3, 6, 0, 4, 2, 0, false, 0));
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
    INDArray x = LayerCheck.random(1, 2, 6, 2);
    INDArray skip = LayerCheck.random(2, 2, 6, 4);

    assertEqual(two.forward(false, x, skip), joined.forward(false, Nd4j.concat(2, x, skip)));
  }

  @Test
  void downsamplingAveragesSquares() {
    LayerCheck layer = new LayerCheck(new DownsamplingConfiguration(2, 4, 1));
    INDArray x = Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 9).reshape('c', 1, 8, 1);

    assertThat(layer.forward(false, x).data().asDouble()).containsExactly(3.5, 5.75);
    layer.backwardEqualsCentralDifferences(LayerCheck.random(1, 2, 8, 1));
    new LayerCheck(new DownsamplingConfiguration(4, 2, 3))
        .backwardEqualsCentralDifferences(LayerCheck.random(1, 2, 8, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DownsamplingConfiguration(3, 2, 1))
        .withMessageContaining("height (3)");
  }

  @Test
  void upsamplingRepeatsPixels() {
    LayerCheck layer = new LayerCheck(new UpsamplingConfiguration(1, 2, 1));
    INDArray x = Nd4j.createFromArray(1.0, 2).reshape('c', 1, 2, 1);

    assertThat(layer.forward(false, x).data().asDouble()).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    new LayerCheck(new UpsamplingConfiguration(2, 3, 2))
        .backwardEqualsCentralDifferences(LayerCheck.random(1, 2, 6, 2));
  }

  @Test
  void pixelEmbeddingsGoBackAsTheyGoForward() {
    new LayerCheck(new PixelEmbeddingConfiguration(4, 2, 2, 3, 2, 3))
        .backwardEqualsCentralDifferences(TOKENS);
  }

  @ParameterizedTest(name = "{0} colours, C {1}")
  @CsvSource({"1, 0", "2, 0", "2, 3"})
  void headsGoBackAsTheyGoForward(int colours, int conditioning) {
    LayerCheck layer =
        new LayerCheck(new PixelHeadConfiguration(2, 3, 4, colours, 3, 2, conditioning));
    int[] some =
        IntStream.range(0, 12 * colours).filter(cell -> cell % 5 != 1 && cell != 7).toArray();
    INDArray x = LayerCheck.random(1, 2, 6, 4);
    if (conditioning == 0) {
      layer.backwardEqualsCentralDifferences(Nd4j.createFromArray(some), x);
      layer.backwardEqualsCentralDifferences(Nd4j.createFromArray(colours, 4 * colours), x);
    } else {
      INDArray cond = LayerCheck.random(2, 2, conditioning);
      layer.backwardEqualsCentralDifferences(Nd4j.createFromArray(some), x, cond);
    }
  }

  /** The whole convolution runs only for inference; patches always do in training. */
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void logitsOfPatchesAreThoseOfTheWholeConvolution(int colours) {
    LayerCheck layer = new LayerCheck(new PixelHeadConfiguration(2, 3, 4, colours, 5, 2, 0));
    INDArray x = LayerCheck.random(1, 2, 6, 4);
    INDArray all = Nd4j.createFromArray(IntStream.range(0, 12 * colours).toArray());
    INDArray some = Nd4j.createFromArray(IntStream.range(1, 12 * colours).toArray());

    INDArray whole = layer.forward(false, all, x);
    INDArray patches = layer.forward(true, all, x);

    assertEqual(patches, whole);
    INDArray fewer = layer.forward(false, some, x);
    for (int p = 0; p < some.length(); p++) {
      assertEqual(fewer.getRow(p).dup(), whole.getRow(p + 1L).dup());
    }
  }

  private static void assertEqual(INDArray actual, INDArray expected) {
    double[] found = actual.dup('c').data().asDouble();
    double[] wanted = expected.dup('c').data().asDouble();
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], within(LayerCheck.ROUNDING));
    }
  }
}
