package org.md4j.quality;

import org.md4j.core.RowSource;
import org.md4j.likelihood.SampleMean;

/**
 * A lossless code of images, which a model's bits per dimension are to be compared with. Safe for
 * use by many threads unless it says otherwise.
 */
public interface ImageCode {
  /** The name of the code in tables. */
  String name();

  /**
   * The length of one image's code.
   *
   * @param tokens [N], 0..255; not changed
   * @return bits, not rounded up where the code is an ideal one
   */
  double bits(int[] tokens);

  /**
   * Computes bits per dimension (a colour of a pixel) of the first images of a held-out set, with
   * the standard error over images.
   *
   * @param heldOut images the code has not been fitted to
   * @param images largest number of images to measure, at least 1
   */
  default SampleMean bitsPerDimension(RowSource heldOut, int images) {
    if (images < 1) {
      throw new IllegalArgumentException("images (" + images + ") must be at least 1");
    }
    double[] values = new double[(int) Math.min(images, heldOut.size())];
    int[] tokens = new int[heldOut.length()];
    for (int i = 0; i < values.length; i++) {
      heldOut.row(i, tokens);
      values[i] = bits(tokens) / tokens.length;
    }
    return SampleMean.of(values);
  }
}
