package org.md4j.data.image;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.data.DataException;

/**
 * A set of images in two parts. Which image is in which depends on nothing but the number of images
 * and the share: the set is cut into as many stretches as there are validation images, and one
 * image is drawn from each, so that sets sorted by class are divided evenly.
 *
 * <p>Both are views; the set behind them is to be closed, not they.
 *
 * @param train what a network learns from
 * @param valid what it is judged on
 */
public record ImageSplits(ImageSource train, ImageSource valid) {
  /** The step of the draws; no training step has this number. */
  private static final int STEP = -1;

  /**
   * Divides a set by a share.
   *
   * @param validShare of the images, in (0, 1); at least one image comes to each part
   * @throws DataException if there are fewer than two images
   */
  public static ImageSplits of(ImageSource all, double validShare) {
    if (!(validShare > 0 && validShare < 1)) {
      throw new IllegalArgumentException("validShare (" + validShare + ") must be in (0, 1)");
    }
    long count = Math.round(all.size() * validShare);
    return ofCount(all, (int) Math.max(1, Math.min(Integer.MAX_VALUE, count)));
  }

  /**
   * Divides a set by a number of images.
   *
   * @param validImages validation images, at least 1
   * @throws DataException if none are left to train on
   */
  public static ImageSplits ofCount(ImageSource all, int validImages) {
    if (validImages < 1) {
      throw new IllegalArgumentException("validImages (" + validImages + ") must be at least 1");
    }
    long size = all.size();
    if (validImages >= size) {
      throw new DataException(
          "%s must hold more images than the %d to validate on, got %d"
              .formatted(all.name(), validImages, size));
    }
    Uniforms draws = new CounterRandom(0).uniforms(Purpose.DATA, STEP);
    long[] chosen = new long[validImages];
    for (int j = 0; j < validImages; j++) {
      long from = begin(j, validImages, size);
      long to = begin(j + 1L, validImages, size);
      chosen[j] = from + (long) (draws.at(j, 0) * (to - from));
    }
    return new ImageSplits(
        ImageSubset.without(all, "train", chosen), ImageSubset.of(all, "valid", chosen));
  }

  /** Where a stretch begins; lengths differ by one at most. */
  private static long begin(long stretch, long stretches, long size) {
    return stretch * (size / stretches) + stretch * (size % stretches) / stretches;
  }
}
