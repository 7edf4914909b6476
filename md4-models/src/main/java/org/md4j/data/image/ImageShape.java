package org.md4j.data.image;

/**
 * The size of an image, which as tokens is a row of {@code N = height * width * colours} bytes:
 * pixel by pixel from the top left, row by row, the colours of a pixel side by side. The token of
 * colour k at column x of row y is number {@code (y * width + x) * colours + k}.
 *
 * @param height rows of pixels, at least 1
 * @param width pixels a row, at least 1
 * @param colours 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int height, int width, int colours) {
  /** Checks the ranges. */
  public ImageShape {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "height and width (%d, %d) must be at least 1".formatted(height, width));
    }
    if (colours != 1 && colours != 3) {
      throw new IllegalArgumentException("colours (" + colours + ") must be 1 or 3");
    }
    if ((long) height * width * colours > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "height * width * colours (%d * %d * %d) must fit an int"
              .formatted(height, width, colours));
    }
  }

  /** The number of tokens of an image, N. */
  public int tokens() {
    return height * width * colours;
  }

  /** Writes height, width and colours as in {@code 64x64x3}. */
  @Override
  public String toString() {
    return height + "x" + width + "x" + colours;
  }
}
