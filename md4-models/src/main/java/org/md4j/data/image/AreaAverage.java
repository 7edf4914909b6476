package org.md4j.data.image;

import java.util.Arrays;

/** Resizes images by area averaging. */
final class AreaAverage {
  private AreaAverage() {}

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
    double[] rows = new double[size * side * Pixels.COLOURS]; // [size, side, 3]
    double[] line = new double[side * Pixels.COLOURS];
    Cover cover = new Cover(side, size);
    for (int y = 0; y < size; y++) {
      Arrays.fill(line, 0);
      for (int from = cover.first(y); from <= cover.last(y); from++) {
        double weight = cover.weight(y, from);
        int start = ((top + from) * pixels.width() + left) * Pixels.COLOURS;
        for (int i = 0; i < line.length; i++) {
          line[i] += weight * (pixels.rgb()[start + i] & 0xFF);
        }
      }
      System.arraycopy(line, 0, rows, y * line.length, line.length);
    }
    byte[] rgb = new byte[size * size * Pixels.COLOURS];
    double area = cover.length() * cover.length();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        for (int k = 0; k < Pixels.COLOURS; k++) {
          double sum = 0;
          for (int from = cover.first(x); from <= cover.last(x); from++) {
            sum += cover.weight(x, from) * rows[(y * side + from) * Pixels.COLOURS + k];
          }
          rgb[(y * size + x) * Pixels.COLOURS + k] = (byte) (int) Math.rint(sum / area);
        }
      }
    }
    return new Pixels(size, size, rgb);
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
   * What each of {@code to} cells covers of {@code from} cells on the same line. All lengths are
   * whole numbers, in units of a {@code to}-th of an old cell, so that sums are exact.
   */
  private record Cover(int from, int to) {
    int first(int cell) {
      return (int) ((long) cell * from / to);
    }

    int last(int cell) {
      return (int) (((cell + 1L) * from - 1) / to);
    }

    double weight(int cell, int old) {
      long begin = Math.max((long) cell * from, (long) old * to);
      long end = Math.min((cell + 1L) * from, (old + 1L) * to);
      return end - begin;
    }

    double length() {
      return from;
    }
  }
}
