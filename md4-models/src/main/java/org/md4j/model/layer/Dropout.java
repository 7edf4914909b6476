package org.md4j.model.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * A dropout mask of a layer, drawn on the host from the step's table: an entry is 0 with
 * probability {@code rate}, else 1 / (1 - rate).
 *
 * <p>A layer may have several masks; each has a number of its own, and an entry depends only on
 * seed, step, example, layer, mask and index.
 */
public final class Dropout {
  private final Layer layer;
  private final double rate;
  private final int mask;
  private final Memory memory;

  /**
   * Makes a mask of a layer.
   *
   * @param rate probability that an entry is dropped, in [0, 1)
   * @param mask the mask's number within the layer, 0..255, which is part of the random stream, so
   *     it must not change
   */
  public Dropout(Layer layer, double rate, int mask) {
    this.layer = layer;
    this.rate = rate;
    this.mask = mask;
    this.memory = layer.memory();
  }

  /** The probability that an entry is dropped. */
  public double rate() {
    return rate;
  }

  /**
   * Draws a mask of one row an example, kept for the backward pass.
   *
   * @return [B, entries] in memory of the layer, or null where nothing is dropped
   */
  public @Nullable Tensor draw(boolean training, long batch, long entries) {
    return isActive(training) ? drawn(memory.of(batch, entries)) : null;
  }

  /**
   * Draws a mask of one row an example in scratch memory, for layers whose backward pass does
   * without it.
   */
  public @Nullable Tensor drawOnce(boolean training, long batch, long entries) {
    return isActive(training) ? drawn(layer.scratch(batch, entries)) : null;
  }

  private boolean isActive(boolean training) {
    return training && rate > 0;
  }

  private Tensor drawn(Tensor result) {
    long entries = result.size(1);
    long stream = ((long) layer.number() << 8 | mask) << 40;
    double kept = 1 / (1 - rate);
    layer
        .compute()
        .write(
            (from, piece) -> {
              drawUniforms(stream, entries, from, piece);
              Arrays.setAll(piece, i -> piece[i] < rate ? 0 : kept);
            },
            result);
    return result;
  }

  /** Draws the uniforms of the cells from {@code from} on, example after example. */
  private void drawUniforms(long stream, long entries, long from, double[] piece) {
    Replica replica = layer.replica();
    for (int filled = 0; filled < piece.length; ) {
      long example = (from + filled) / entries;
      long entry = (from + filled) % entries;
      int count = (int) Math.min(entries - entry, piece.length - filled);
      replica
          .dropout()
          .fill(replica.firstExample() + example, stream | entry, piece, filled, count);
      filled += count;
    }
  }
}
