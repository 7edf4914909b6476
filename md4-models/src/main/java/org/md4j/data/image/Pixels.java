package org.md4j.data.image;

/**
 * A decoded image: red, green and blue bytes of each pixel, row by row.
 *
 * @param height rows of pixels
 * @param width pixels a row
 * @param rgb [height * width * 3]
 */
record Pixels(int height, int width, byte[] rgb) {
  static final int COLOURS = 3;

  /** The size as text. */
  String size() {
    return height + "x" + width;
  }
}
