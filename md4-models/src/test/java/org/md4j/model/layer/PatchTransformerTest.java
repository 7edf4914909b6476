package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds the layers of the transformer over patches, and attention over pixels, to their laws. */
class PatchTransformerTest extends LayerLaws {
  private static final int BATCH = 3;
  private static final int CONDITIONING = 3;

  static Stream<Arguments> layers() {
    INDArray conditioning = LayerProbe.table(50, BATCH, CONDITIONING);
    INDArray pixels = LayerProbe.table(51, BATCH, 4 * 6, 3);
    INDArray tokens = LayerProbe.table(52, BATCH, 6, 8);
    return Stream.of(
        Arguments.of(
            "attention over pixels",
            new SpatialAttentionConfiguration(8, 2, 4),
            new INDArray[] {tokens}),
        Arguments.of(
            "patch embedding",
            new PatchEmbeddingConfiguration(4, 6, 3, 2, 8),
            new INDArray[] {pixels}),
        Arguments.of(
            "attention",
            new PatchAttentionConfiguration(2, 4, CONDITIONING, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "attention, dropout",
            new PatchAttentionConfiguration(2, 4, CONDITIONING, 0.3),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "feed forward",
            new PatchFeedForwardConfiguration(8, 10, CONDITIONING, 0),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "feed forward, dropout",
            new PatchFeedForwardConfiguration(8, 10, CONDITIONING, 0.3),
            new INDArray[] {tokens, conditioning}),
        Arguments.of(
            "patch projection",
            new PatchProjectionConfiguration(4, 6, 3, 2, 8, CONDITIONING),
            new INDArray[] {tokens, conditioning}));
  }

  /** Pixels are numbered, a patch's rows of p C numbers follow each other. */
  @Test
  void patchesReadRowByRowAndComeBack() {
    Patches patches = new Patches(4, 4, 1, 2);
    INDArray pixels = Nd4j.arange(32).castTo(DataType.DOUBLE).reshape('c', 2, 16, 1);
    INDArray rows = Nd4j.create(DataType.DOUBLE, 8, 4);
    patches.toPatches(pixels, rows);

    assertThat(rows.getRow(0).toDoubleVector()).containsExactly(0, 1, 4, 5);
    assertThat(rows.getRow(1).toDoubleVector()).containsExactly(2, 3, 6, 7);
    assertThat(rows.getRow(6).toDoubleVector()).containsExactly(24, 25, 28, 29);

    INDArray back = Nd4j.create(DataType.DOUBLE, 2, 16, 1);
    patches.toPixels(rows, back);
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

  /** 2 gelu(z) = z (1 + T(z)). */
  @Test
  void geluIsTheApproximationByTanhAndDoubled() {
    INDArray z = Nd4j.createFromArray(new double[][] {{1, -2, 0}});
    INDArray out = Nd4j.create(DataType.DOUBLE, 1, 3);
    Gelu.twiceForward(z, Nd4j.create(DataType.DOUBLE, 1, 3), out);
    double inner = Math.sqrt(2 / Math.PI);
    assertThat(out.getDouble(0)).isCloseTo(1 + Math.tanh(inner * 1.044715), within(1e-15));
    assertThat(out.getDouble(1))
        .isCloseTo(-2 - 2 * Math.tanh(inner * (-2 - 0.044715 * 8)), within(1e-15));
    assertThat(out.getDouble(2)).isZero();
  }

  @Test
  void blocksWithoutConditioningAreRefused() {
    assertThatThrownBy(() -> new PatchAttentionConfiguration(2, 4, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conditioningWidth (0) must be at least 1");
    assertThatThrownBy(() -> new PatchFeedForwardConfiguration(8, 8, 0, 0))
        .hasMessageContaining("conditioningWidth (0)");
    assertThatThrownBy(() -> new PatchProjectionConfiguration(4, 4, 1, 2, 8, 0))
        .hasMessageContaining("conditioningWidth (0)");
    assertThatThrownBy(() -> new PatchEmbeddingConfiguration(4, 5, 1, 2, 8))
        .hasMessageContaining("patch (2) must divide");
  }
}
