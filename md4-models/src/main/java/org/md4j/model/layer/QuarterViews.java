package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Images of 2H x 2W pixels seen as four interleaved images of H x W: the upper left, upper right,
 * lower left and lower right pixels of every 2x2 square.
 */
record QuarterViews(int height, int width, int channels) {
  private static final int SIDE = 2;

  /** The memory of a small image of each example, [B, HW, C], in a buffer. */
  INDArray small(Buffers buffers, String name, long batch) {
    long length = (long) height * width;
    return buffers.matrix(name, batch * length, channels).reshape('c', batch, length, channels);
  }

  /** The memory of a large image of each example, [B, 4HW, C], in a buffer. */
  INDArray large(Buffers buffers, String name, long batch) {
    long length = (long) SIDE * SIDE * height * width;
    return buffers.matrix(name, batch * length, channels).reshape('c', batch, length, channels);
  }

  /** Returns small images by row and column, [B, H, W, C]. */
  INDArray image(INDArray small) {
    return small.reshape('c', small.size(0), height, width, channels);
  }

  /** Returns the four small images, each [B, H, W, C], within large ones [B, 4HW, C]. */
  INDArray[] of(INDArray large) {
    INDArray squares =
        large.reshape('c', large.size(0), height, SIDE, width, (long) SIDE * channels);
    INDArray[] quarters = new INDArray[SIDE * SIDE];
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        quarters[row * SIDE + column] =
            squares.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.point(row),
                NDArrayIndex.all(),
                NDArrayIndex.interval((long) column * channels, (column + 1L) * channels));
      }
    }
    return quarters;
  }
}
