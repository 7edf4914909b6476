package org.md4j.model.layer.image;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.model.layer.LayerProbe;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds a table of Fourier features to one that was computed entry by entry. */
class FourierValueTableTest {
  private static final int VALUES = 7;
  private static final int WIDTH = 3;
  private static final int CHANNELS = 4;

  @ParameterizedTest
  @CsvSource({"1, 6", "3, 2"})
  void imagesAreThoseOfTheTableThatTheFormulaGives(int colours, int octaves) {
    LayerProbe features = layer(WIDTH, colours, octaves);
    LayerProbe table = layer(WIDTH + 1, colours, 0);
    table.parameter("weight").assign(features.parameter("weight"));
    table.parameter("bias").assign(features.parameter("bias"));
    INDArray given = features.parameter("featureWeight");
    INDArray rows = table.parameter("embedding");
    for (int value = 0; value < VALUES; value++) {
      for (int e = 0; e < WIDTH; e++) {
        rows.putScalar(value, e, entry(given, value, e, octaves));
      }
      rows.putScalar(value, WIDTH, 0);
    }
    for (int e = 0; e < WIDTH; e++) {
      rows.putScalar(VALUES, e, given.getDouble(2L * octaves + 2, e));
    }
    rows.putScalar(VALUES, WIDTH, 1);

    LayerProbe.assertClose(features.infer(tokens(colours)), table.infer(tokens(colours)));
    LayerProbe.assertClose(features.train(tokens(colours)), table.infer(tokens(colours)));
  }

  private static double entry(INDArray weight, int value, int column, int octaves) {
    double sum = weight.getDouble(2L * octaves + 1, column);
    sum += (2.0 * value / (VALUES - 1) - 1) * weight.getDouble(2L * octaves, column);
    double frequency = Math.PI / (VALUES - 1);
    for (int k = 0; k < octaves; k++) {
      sum += Math.sin(frequency * value) * weight.getDouble(2L * k, column);
      sum += Math.cos(frequency * value) * weight.getDouble(2L * k + 1, column);
      frequency *= 2;
    }
    return sum;
  }

  /** Two pictures of 2x2 pixels in which every value and the mask occur. */
  private static INDArray tokens(int colours) {
    int[][] tokens = new int[2][4 * colours];
    for (int i = 0; i < 8 * colours; i++) {
      tokens[i % 2][i / 2] = i % (VALUES + 1);
    }
    return Nd4j.createFromArray(tokens);
  }

  private static LayerProbe layer(int width, int colours, int octaves) {
    return new LayerProbe(
        new PixelEmbeddingLayer(VALUES + 1, width, 2, 2, colours, CHANNELS, octaves));
  }

  @Test
  void octavesMustNotBeNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PixelEmbeddingLayer(VALUES + 1, WIDTH, 2, 2, 1, CHANNELS, -1))
        .withMessage("octaves (-1) must be at least 0");
  }
}
