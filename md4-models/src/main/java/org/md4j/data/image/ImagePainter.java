package org.md4j.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.md4j.core.TokenBatch;
import org.md4j.file.FileReplacement;

/** Paints rows of tokens into one image of red, green and blue, masks in a medium grey. */
final class ImagePainter {
  private static final int GREY = 128;

  private final ImageShape shape;
  private final BufferedImage image;

  ImagePainter(ImageShape shape, int width, int height) {
    this.shape = shape;
    this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  }

  /** What was painted so far. */
  BufferedImage image() {
    return image;
  }

  /** Makes all of it one colour, 0xRRGGBB. */
  void fill(int colour) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colour);
      }
    }
  }

  /** Paints one image, {@code scale} pixels a pixel. */
  void paint(int[] tokens, int left, int top, int scale) {
    if (tokens.length != shape.tokens()) {
      throw new IllegalArgumentException(
          "tokens must have shape [N] = [%d] for images of %s, got [%d]"
              .formatted(shape.tokens(), shape, tokens.length));
    }
    for (int y = 0; y < shape.height() * scale; y++) {
      for (int x = 0; x < shape.width() * scale; x++) {
        int pixel = (y / scale * shape.width() + x / scale) * shape.colours();
        image.setRGB(left + x, top + y, colour(tokens, pixel));
      }
    }
  }

  private int colour(int[] tokens, int pixel) {
    int last = shape.colours() - 1;
    int red = shown(tokens[pixel]);
    int green = shown(tokens[pixel + Math.min(1, last)]);
    int blue = shown(tokens[pixel + last]);
    return red << 16 | green << 8 | blue;
  }

  private static int shown(int token) {
    return token > 255 ? GREY : token;
  }

  static List<int[]> rows(TokenBatch images) {
    return IntStream.range(0, images.rows()).mapToObj(images::row).toList();
  }

  static void writePng(Path png, BufferedImage image) throws IOException {
    FileReplacement.writeOut(
        png,
        out -> {
          // In memory: ImageIO would else keep it in a file of its own, where it may not write one.
          try (ImageOutputStream cached = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(image, "png", cached)) {
              throw new IOException(
                  png + " cannot be written: this Java platform has no writer of PNG");
            }
          }
        });
  }
}
