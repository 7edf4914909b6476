package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whole networks whose values know their neighbours on their way in and out. */
class SmoothValuesTest {
  /** Sums of the same rounded numbers in another order, in 32 bits, of logits of order 10. */
  private static final double SUMMATION_ORDER = 1e-4;

  private static final int VALUES = 40;

  private static UNetConfig network(int colours) {
    return UNets.smooth(UNets.pyramid()).toBuilder()
        .vocabularySize(VALUES)
        .colours(colours)
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nothingIsPredictedAtTheStart(int colours) {
    UNetConfig config = network(colours);

    INDArray logits = ImageDenoiser.create(config, 3).logits(question(config, 1));

    assertThat(logits.dup('c').data().asFloat()).hasSizeGreaterThan(0).containsOnly(0f);
  }

  /** All positions take the whole convolution, every second the wanted patches. */
  @ParameterizedTest
  @CsvSource({"1, F32", "3, F32", "1, BF16", "3, BF16"})
  void logitsOfPatchesAreThoseOfTheWholeConvolution(int colours, Precision precision) {
    UNetConfig config = network(colours);
    ImageDenoiser network =
        ImageDenoiser.create(config, 3, DataType.FLOAT, ComputeBackend.preferred(precision));
    network.parameters().assign(UNets.scrambled(config, DataType.FLOAT).parameters());

    float[][] all = network.logits(question(config, 1)).toFloatMatrix();
    float[][] half = network.logits(question(config, 2)).toFloatMatrix();

    for (int p = 0; p < half.length; p++) {
      for (int v = 0; v < VALUES; v++) {
        assertThat((double) half[p][v])
            .as("value %d at wanted position %d", v, p)
            .isCloseTo(all[2 * p][v], within(SUMMATION_ORDER));
      }
    }
  }

  private static DenoiserInput question(UNetConfig config, int stride) {
    int rows = 2;
    int[] positions =
        IntStream.range(0, rows * config.length()).filter(i -> i % stride == 0).toArray();
    double[] times = new double[rows];
    Arrays.setAll(times, row -> (row + 1) / 4.0);
    return new DenoiserInput(Rows.of(UNets.tokens(config, rows)), times, positions);
  }
}
