package org.md4j.model.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.compute.Compute;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.LayerLaws;
import org.md4j.model.layer.LayerProbe;
import org.md4j.model.layer.LayerSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds the layers of the transformer over patches, and attention over pixels, to their laws. */
class PatchTransformerTest extends LayerLaws {
  private static final Compute COMPUTE = ComputeBackend.nd4j(Precision.F32).open(DataType.DOUBLE);
  private static final int BATCH = 3;
  private static final int CONDITIONING = 3;

  static Stream<Arguments> layers() {
    INDArray conditioning = LayerProbe.table(50, BATCH, CONDITIONING);
    INDArray pixels = LayerProbe.table(51, BATCH, 4 * 6, 3);
    INDArray tokens = LayerProbe.table(52, BATCH, 6, 8);
    return Stream.of(
        Arguments.of(
            "attention over pixels", new SpatialAttentionLayer(8, 2, 4), new INDArray[] {tokens}),
        Arguments.of(
            "patch embedding", new PatchEmbeddingLayer(4, 6, 3, 2, 8), new INDArray[] {pixels}),
        Arguments.of(
            "attention",
            new PatchAttentionLayer(2, 4, CONDITIONING, 0, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "attention, dropout",
            new PatchAttentionLayer(2, 4, CONDITIONING, 0.3, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "feed forward",
            new PatchFeedForwardLayer(8, 10, CONDITIONING, 0, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "feed forward, dropout",
            new PatchFeedForwardLayer(8, 10, CONDITIONING, 0.3, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "attention, short convolution, dropout",
            new PatchAttentionLayer(2, 4, CONDITIONING, 0.3, 3),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "feed forward, short convolution, dropout",
            new PatchFeedForwardLayer(8, 10, CONDITIONING, 0.3, 5),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "patch projection",
            new PatchProjectionLayer(4, 6, 3, 2, 8, CONDITIONING),
            new INDArray[] {tokens, conditioning}));
  }

  /** Pixels are numbered, a patch's rows of p C numbers follow each other. */
  @Test
  void patchesReadRowByRowAndComeBack() {
    Patches patches = new Patches(4, 4, 1, 2);
    INDArray pixels = Nd4j.arange(32).castTo(DataType.DOUBLE).reshape('c', 2, 16, 1);
    INDArray rows = Nd4j.create(DataType.DOUBLE, 8, 4);
    patches.toPatches(COMPUTE, Tensor.of(pixels), Tensor.of(rows));

    assertThat(rows.getRow(0).toDoubleVector()).containsExactly(0, 1, 4, 5);
    assertThat(rows.getRow(1).toDoubleVector()).containsExactly(2, 3, 6, 7);
    assertThat(rows.getRow(6).toDoubleVector()).containsExactly(24, 25, 28, 29);

    INDArray back = Nd4j.create(DataType.DOUBLE, 2, 16, 1);
    patches.toPixels(COMPUTE, Tensor.of(rows), Tensor.of(back));
    LayerProbe.assertClose(back, pixels);
  }

  @Test
  void positionsStartAsSinusoidsOfRowThenColumn() {
    Initialiser initialiser = Initialiser.sinusoids(3, 8);
    int place = 5; // row 1, column 2
    double[] expected = {
      Math.sin(1), Math.sin(0.01), Math.cos(1), Math.cos(0.01),
      Math.sin(2), Math.sin(0.02), Math.cos(2), Math.cos(0.02)
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(initialiser.value(0.3, place * 8L + i)).isCloseTo(expected[i], within(1e-15));
    }
  }

  static Stream<LayerSpec> convolving() {
    return Stream.of(
        new PatchAttentionLayer(2, 4, CONDITIONING, 0, 3),
        new PatchFeedForwardLayer(8, 10, CONDITIONING, 0, 5));
  }

  /** A convolution reads as far back as ahead: turned round with its kernel, it sees the same. */
  @ParameterizedTest
  @MethodSource("convolving")
  void patchesAndKernelTurnedRoundGiveTheResultTurnedRound(LayerSpec layer) {
    LayerProbe probe = new LayerProbe(layer);
    INDArray conditioning = LayerProbe.table(50, BATCH, CONDITIONING);
    INDArray tokens = LayerProbe.table(52, BATCH, 6, 8);
    INDArray expected = reversed(probe.infer(tokens, conditioning), 1);

    INDArray kernel = probe.parameter("convolutionKernel");
    kernel.assign(reversed(kernel, 0));
    INDArray turned = probe.infer(reversed(tokens, 1), conditioning);

    LayerProbe.assertClose(turned, expected);
  }

  private static INDArray reversed(INDArray array, int axis) {
    INDArray result = array.dup('c');
    long size = array.size(axis);
    for (long i = 0; i < size; i++) {
      result.slice(i, axis).assign(array.slice(size - 1 - i, axis));
    }
    return result;
  }

  @Test
  void blocksWithoutConditioningAreRefused() {
    assertThatThrownBy(() -> new PatchAttentionLayer(2, 4, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conditioningWidth (0) must be at least 1");
    assertThatThrownBy(() -> new PatchFeedForwardLayer(8, 8, 0, 0, 0))
        .hasMessageContaining("conditioningWidth (0)");
    assertThatThrownBy(() -> new PatchProjectionLayer(4, 4, 1, 2, 8, 0))
        .hasMessageContaining("conditioningWidth (0)");
    assertThatThrownBy(() -> new PatchEmbeddingLayer(4, 5, 1, 2, 8))
        .hasMessageContaining("patch (2) must divide");
  }
}
