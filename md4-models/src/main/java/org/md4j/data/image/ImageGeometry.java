package org.md4j.data.image;

import java.awt.Rectangle;

/**
 * The rule by which images of files come to have one size: they must have it already, or they are
 * cropped and resized.
 *
 * @param height rows of pixels, 0 for those of the first image
 * @param width pixels a row, 0 for those of the first image
 * @param resizes whether images of other sizes are cropped and resized
 */
public record ImageGeometry(int height, int width, boolean resizes) {
  /** Checks that height and width are a size. */
  public ImageGeometry {
    if (height < 0 || width < 0 || (height == 0) != (width == 0)) {
      throw new IllegalArgumentException(
          "height and width (%d, %d) must both be at least 1, or both 0".formatted(height, width));
    }
    if (resizes && (height == 0 || height != width)) {
      throw new IllegalArgumentException(
          "height and width (%d, %d) must be one size of at least 1 to resize to"
              .formatted(height, width));
    }
  }

  /** Takes every image as it is, of the size of the first one; another size is an error. */
  public static ImageGeometry asStored() {
    return new ImageGeometry(0, 0, false);
  }

  /** Takes every image as it is; another size than this is an error. */
  public static ImageGeometry exactly(int height, int width) {
    return new ImageGeometry(height, width, false);
  }

  /**
   * The largest square in the middle of the image (an odd remainder is cut from the far side), made
   * {@code size} by {@code size} by area averaging: each new pixel is the mean of what it covers of
   * the old ones, by area, rounded to the nearest, ties to even. What MD4 prepares the
   * class-conditional ImageNet with (spec 7.6; OpenCV's INTER_AREA).
   *
   * <p>Deviation: OpenCV interpolates where INTER_AREA would enlarge; here smaller images are
   * enlarged by the same rule, and so nearly by repeating pixels.
   *
   * @param size at least 1
   */
  public static ImageGeometry centralCropAndResize(int size) {
    return new ImageGeometry(size, size, true);
  }

  /** The image as this wants it; one of the wrong size only if this resizes. */
  Pixels apply(Pixels pixels) {
    if (!resizes || (pixels.height() == height && pixels.width() == width)) {
      return pixels;
    }
    Rectangle square = square(pixels.height(), pixels.width());
    return AreaAverage.square(pixels, square.y, square.x, square.width, height);
  }

  /** The largest square in the middle of an image. */
  static Rectangle square(int height, int width) {
    int side = Math.min(height, width);
    return new Rectangle((width - side) / 2, (height - side) / 2, side, side);
  }
}
