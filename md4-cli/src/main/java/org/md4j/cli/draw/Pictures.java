package org.md4j.cli.draw;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.md4j.data.image.ImageShape;

/** Draws rows of colour values as pictures, masks in grey, and writes them as PNG files. */
public final class Pictures {
  private static final int GREY = 128;
  private static final int LARGEST_SCALE = 8;
  private static final int WANTED_SIDE = 112;
  private static final int GAP = 2;
  private static final int BACKGROUND = 0xFFFFFF;

  private final ImageShape shape;
  private final int scale;

  /** Pictures of a shape, small ones enlarged by a whole number. */
  public Pictures(ImageShape shape) {
    this.shape = shape;
    this.scale =
        Math.max(1, Math.min(LARGEST_SCALE, WANTED_SIDE / Math.max(shape.height(), shape.width())));
  }

  /**
   * One picture, a pixel a pixel.
   *
   * @param tokens [N], laid out as {@link ImageShape} says; a token above 255 is a mask
   */
  public BufferedImage picture(int[] tokens) {
    requireTokens(tokens);
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    paint(image, tokens, 0, 0, 1);
    return image;
  }

  /**
   * A grid of pictures, filled row by row.
   *
   * @param pictures [N] each
   * @param columns pictures in a row, at least 1
   */
  public BufferedImage grid(List<int[]> pictures, int columns) {
    if (columns < 1 || pictures.isEmpty()) {
      throw new IllegalArgumentException(
          "columns (%d) and the number of pictures (%d) must be at least 1"
              .formatted(columns, pictures.size()));
    }
    int across = Math.min(columns, pictures.size());
    int down = (pictures.size() + across - 1) / across;
    int cellWidth = shape.width() * scale + GAP;
    int cellHeight = shape.height() * scale + GAP;
    BufferedImage image =
        new BufferedImage(
            across * cellWidth + GAP, down * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, BACKGROUND);
      }
    }
    for (int i = 0; i < pictures.size(); i++) {
      requireTokens(pictures.get(i));
      paint(
          image,
          pictures.get(i),
          GAP + i % across * cellWidth,
          GAP + i / across * cellHeight,
          scale);
    }
    return image;
  }

  /** Writes a picture as a PNG file. */
  public static void write(BufferedImage image, Path png) throws IOException {
    if (!ImageIO.write(image, "png", png.toFile())) {
      throw new IOException(png + " cannot be written: this Java platform has no writer of PNG");
    }
  }

  private void paint(BufferedImage image, int[] tokens, int left, int top, int enlarged) {
    for (int y = 0; y < shape.height() * enlarged; y++) {
      for (int x = 0; x < shape.width() * enlarged; x++) {
        int pixel = (y / enlarged * shape.width() + x / enlarged) * shape.colours();
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

  private void requireTokens(int[] tokens) {
    if (tokens.length != shape.tokens()) {
      throw new IllegalArgumentException(
          "tokens must have shape [N] = [%d] for pictures of %s, got [%d]"
              .formatted(shape.tokens(), shape, tokens.length));
    }
  }
}
