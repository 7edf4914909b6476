package org.md4j.quality;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function from images to vectors in which close means alike. Not safe for use by several threads
 * at once.
 */
public interface ImageFeatures extends AutoCloseable {
  /**
   * The name of these features, precise enough that vectors of the same name may be compared: the
   * function, and what was trained on what where it was learned.
   */
  String name();

  /** The length of the vectors, F. */
  int width();

  /**
   * Computes the vectors of some images.
   *
   * @param images [B][N], tokens 0..255 as {@link org.md4j.data} lays them out; not changed
   * @return [B, F] FLOAT, c order, the caller's
   */
  INDArray features(int[][] images);

  @Override
  void close();
}
