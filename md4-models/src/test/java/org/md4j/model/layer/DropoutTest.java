package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.model.layer.text.FeedForwardLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DropoutTest {
  private static final int LAYER = 6;
  private static final int MASK = 2;
  private static final long FIRST_EXAMPLE = 11;
  private static final double RATE = 0.3;

  /** The last is drawn in pieces that begin and end within examples. */
  @ParameterizedTest
  @ValueSource(longs = {1, 4, 70_001})
  void anEntryDependsOnExampleLayerMaskAndIndexOnly(long entries) {
    long batch = 3;
    Uniforms uniforms = new CounterRandom(4).uniforms(Purpose.DROPOUT, 9);
    FeedForwardLayer spec = new FeedForwardLayer(4, 8, 1, 0, RATE, false, 0, false);
    ParameterLayout layout = spec.parameterLayout();
    Replica replica = new Replica(ComputeBackend.nd4j(Precision.F32).open(DataType.DOUBLE));
    replica.setDropout(FIRST_EXAMPLE, uniforms);
    Layer layer =
        spec.layer(
            new Place(
                layout, Nd4j.createUninitialized(DataType.DOUBLE, layout.count()), LAYER, replica));

    INDArray mask = new Dropout(layer, RATE, MASK).draw(true, batch, entries).array();

    double[] expected = new double[(int) (batch * entries)];
    for (int i = 0; i < expected.length; i++) {
      long index = ((long) LAYER << 48) + ((long) MASK << 40) + i % entries;
      boolean dropped = uniforms.at(FIRST_EXAMPLE + i / entries, index) < RATE;
      expected[i] = dropped ? 0 : 1 / (1 - RATE);
    }
    assertThat(mask.shape()).containsExactly(batch, entries);
    assertThat(mask.dup('c').data().asDouble()).startsWith(expected);
  }
}
