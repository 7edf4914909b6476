package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Dropout masks, drawn on the host from the step's table: an entry is 0 with probability {@code
 * rate}, else 1 / (1 - rate).
 *
 * <p>A layer may draw several masks; each has a number of its own, and an entry depends only on
 * seed, step, example, layer, mask and index.
 */
final class DropoutMasks {
  private final DenoiserLayer layer;
  private final double rate;

  DropoutMasks(DenoiserLayer layer, double rate) {
    this.layer = layer;
    this.rate = rate;
  }

  /**
   * A mask of one row an example.
   *
   * @param mask the mask's number within the layer, 0..255
   * @return [B, entries] in memory of the layer, or null where nothing is dropped
   */
  @Nullable INDArray draw(boolean training, int mask, long batch, long entries) {
    if (!training || rate == 0) {
      return null;
    }
    ReplicaContext context = layer.context();
    double kept = 1 / (1 - rate);
    long stream = ((long) layer.getVertexIndex() << 8 | mask) << 40;
    double[] values = new double[Math.toIntExact(batch * entries)];
    int next = 0;
    for (long b = 0; b < batch; b++) {
      long example = context.firstExample() + b;
      for (long i = 0; i < entries; i++) {
        values[next++] = context.dropout().at(example, stream | i) < rate ? 0 : kept;
      }
    }
    INDArray result = layer.buffers().matrix("dropout" + mask, batch, entries);
    try (INDArray drawn = Nd4j.createFromArray(values)) {
      return result.assign(drawn.reshape(batch, entries));
    }
  }
}
