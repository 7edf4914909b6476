package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Dropout masks, drawn on the host from the step's table: an entry is 0 with probability {@code
 * rate}, else 1 / (1 - rate).
 *
 * <p>A layer may draw several masks; each has a number of its own, and an entry depends only on
 * seed, step, example, layer, mask and index.
 */
final class DropoutMasks {
  /** The number of entries drawn at a time: 1 MB on the host, however many entries a mask has. */
  private static final long LARGEST_PIECE = 1 << 17;

  private final DenoiserLayer layer;
  private final double rate;

  DropoutMasks(DenoiserLayer layer, double rate) {
    this.layer = layer;
    this.rate = rate;
  }

  /**
   * Draws a mask of one row an example, kept for the backward pass.
   *
   * @param mask the mask's number within the layer, 0..255
   * @return [B, entries] in memory of the layer, or null where nothing is dropped
   */
  @Nullable INDArray draw(boolean training, int mask, long batch, long entries) {
    return draw(layer.buffers(), training, mask, batch, entries);
  }

  /**
   * Draws a mask of one row an example in scratch memory, for layers whose backward pass does
   * without it.
   */
  @Nullable INDArray drawOnce(boolean training, int mask, long batch, long entries) {
    return draw(layer.scratch(), training, mask, batch, entries);
  }

  private @Nullable INDArray draw(
      Buffers memory, boolean training, int mask, long batch, long entries) {
    if (!training || rate == 0) {
      return null;
    }
    INDArray result = memory.matrix("dropout" + mask, batch, entries);
    INDArray cells = result.reshape(batch * entries);
    long stream = ((long) layer.getVertexIndex() << 8 | mask) << 40;
    for (long from = 0; from < cells.length(); from += LARGEST_PIECE) {
      int count = (int) Math.min(LARGEST_PIECE, cells.length() - from);
      double[] piece = layer.context().hostArray(count);
      drawUniforms(stream, entries, from, piece);
      double kept = 1 / (1 - rate);
      for (int i = 0; i < count; i++) {
        piece[i] = piece[i] < rate ? 0 : kept;
      }
      try (INDArray drawn = Nd4j.createFromArray(piece)) {
        cells.get(NDArrayIndex.interval(from, from + count)).assign(drawn);
      }
    }
    return result;
  }

  /** Draws the uniforms of the cells from {@code from} on, example after example. */
  private void drawUniforms(long stream, long entries, long from, double[] piece) {
    ReplicaContext context = layer.context();
    for (int filled = 0; filled < piece.length; ) {
      long example = (from + filled) / entries;
      long entry = (from + filled) % entries;
      int count = (int) Math.min(entries - entry, piece.length - filled);
      context
          .dropout()
          .fill(context.firstExample() + example, stream | entry, piece, filled, count);
      filled += count;
    }
  }
}
