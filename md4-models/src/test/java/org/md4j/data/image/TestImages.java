package org.md4j.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Small images made for tests. */
final class TestImages {
  private TestImages() {}

  /** The token of colour k at (y, x) of the image of a seed. */
  static int value(int seed, int y, int x, int k) {
    return (seed * 131 + y * 29 + x * 7 + k * 83) & 0xFF;
  }

  static BufferedImage image(int seed, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(
            x, y, value(seed, y, x, 0) << 16 | value(seed, y, x, 1) << 8 | value(seed, y, x, 2));
      }
    }
    return image;
  }

  static byte[] png(int seed, int height, int width) {
    return encoded(image(seed, height, width), "png");
  }

  static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, file)) {
        throw new IllegalArgumentException("no writer of " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  /** What {@link #png} holds, as tokens. */
  static int[] tokens(int seed, int height, int width) {
    int[] tokens = new int[height * width * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int k = 0; k < 3; k++) {
          tokens[(y * width + x) * 3 + k] = value(seed, y, x, k);
        }
      }
    }
    return tokens;
  }

  static int[] row(ImageSource source, long index) {
    int[] tokens = new int[source.length()];
    source.row(index, tokens);
    return tokens;
  }
}
