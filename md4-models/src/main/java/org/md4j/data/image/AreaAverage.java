package org.md4j.data.image;

/**
 * Resizes a square image by area averaging, row by row as they come. All weights are whole numbers,
 * in units of an area of the grid that is common to both sizes, so that sums are exact, in whatever
 * order.
 */
final class AreaAverage {
  private final int side;
  private final int size;
  private final double[] sums; // [size, size, 3]
  private final double[] row; // [size, 3]

  /**
   * Begins an image.
   *
   * @param side rows and columns of the old image
   * @param size rows and columns of the new one
   */
  AreaAverage(int side, int size) {
    this.side = side;
    this.size = size;
    this.sums = new double[size * size * Pixels.COLOURS];
    this.row = new double[size * Pixels.COLOURS];
  }

  /**
   * A square of an image in another size.
   *
   * @param top the first row of the square
   * @param left its first column
   * @param side rows and columns of the square
   * @param size rows and columns of the result
   */
  static Pixels square(Pixels pixels, int top, int left, int side, int size) {
    if (side == size) {
      return cropped(pixels, top, left, side);
    }
    AreaAverage average = new AreaAverage(side, size);
    for (int y = 0; y < side; y++) {
      average.add(y, pixels.rgb(), ((top + y) * pixels.width() + left) * Pixels.COLOURS);
    }
    return average.result();
  }

  private static Pixels cropped(Pixels pixels, int top, int left, int side) {
    byte[] rgb = new byte[side * side * Pixels.COLOURS];
    for (int y = 0; y < side; y++) {
      System.arraycopy(
          pixels.rgb(),
          ((top + y) * pixels.width() + left) * Pixels.COLOURS,
          rgb,
          y * side * Pixels.COLOURS,
          side * Pixels.COLOURS);
    }
    return new Pixels(side, side, rgb);
  }

  /**
   * Adds a row of the old image, each once.
   *
   * @param y its number
   * @param rgb holds it
   * @param start where it begins there
   */
  void add(int y, byte[] rgb, int start) {
    for (int x = 0; x < size; x++) {
      double red = 0;
      double green = 0;
      double blue = 0;
      for (int old = first(x, side, size); old <= last(x, side, size); old++) {
        double weight = overlap(x, old);
        int at = start + old * Pixels.COLOURS;
        red += weight * (rgb[at] & 0xFF);
        green += weight * (rgb[at + 1] & 0xFF);
        blue += weight * (rgb[at + 2] & 0xFF);
      }
      row[x * Pixels.COLOURS] = red;
      row[x * Pixels.COLOURS + 1] = green;
      row[x * Pixels.COLOURS + 2] = blue;
    }
    for (int to = first(y, size, side); to <= last(y, size, side); to++) {
      double weight = overlap(to, y);
      for (int i = 0; i < row.length; i++) {
        sums[to * row.length + i] += weight * row[i];
      }
    }
  }

  /** The new image, when all rows were added. */
  Pixels result() {
    byte[] rgb = new byte[sums.length];
    double area = (double) side * side;
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (int) Math.rint(sums[i] / area);
    }
    return new Pixels(size, size, rgb);
  }

  /** The first of {@code from} cells that one of {@code to} cells on the same line meets. */
  private static int first(int cell, int from, int to) {
    return (int) ((long) cell * from / to);
  }

  private static int last(int cell, int from, int to) {
    return (int) (((cell + 1L) * from - 1) / to);
  }

  /** What a new cell covers of an old one, in units of one of {@code side * size} on the line. */
  private double overlap(int cell, int old) {
    long begin = Math.max((long) cell * side, (long) old * size);
    long end = Math.min((cell + 1L) * side, (old + 1L) * size);
    return end - begin;
  }
}
