package org.md4j.quality;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function from pictures to vectors in which close means alike. Not safe for use by several
 * threads at once.
 */
public interface ImageFeatures extends AutoCloseable {
  /**
   * Which features these are, precisely enough that vectors of the same name may be compared: the
   * function, and what was trained on what where it was learned.
   */
  String name();

  /** F, the length of the vectors. */
  int width();

  /**
   * The vectors of some pictures.
   *
   * @param images [B][N], tokens 0..255 as {@link org.md4j.data} lays them out; not changed
   * @return [B, F] FLOAT, c order, the caller's
   */
  INDArray features(int[][] images);

  @Override
  void close();
}
