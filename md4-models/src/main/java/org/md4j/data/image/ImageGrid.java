package org.md4j.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.md4j.core.TokenBatch;

/**
 * Draws images beside each other on white, filled row by row; small ones are enlarged by a whole
 * number, at most 8, to about 112 pixels. A mask is drawn as a medium grey.
 *
 * @param shape of every image
 * @param columns images in a row, at least 1
 */
public record ImageGrid(ImageShape shape, int columns) {
  private static final int LARGEST_SCALE = 8;
  private static final int WANTED_SIDE = 112;
  private static final int GAP = 2;
  private static final int BACKGROUND = 0xFFFFFF;

  /** Checks the columns. */
  public ImageGrid {
    if (columns < 1) {
      throw new IllegalArgumentException("columns (" + columns + ") must be at least 1");
    }
  }

  /**
   * Draws a grid.
   *
   * @param images [N] tokens each, laid out as {@link ImageShape} says, a token above 255 a mask;
   *     at least one
   */
  public BufferedImage draw(List<int[]> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images must be at least one, got none");
    }
    int across = Math.min(columns, images.size());
    int down = (images.size() + across - 1) / across;
    int scale =
        Math.max(1, Math.min(LARGEST_SCALE, WANTED_SIDE / Math.max(shape.height(), shape.width())));
    int cellWidth = shape.width() * scale + GAP;
    int cellHeight = shape.height() * scale + GAP;
    ImagePainter painter =
        new ImagePainter(shape, across * cellWidth + GAP, down * cellHeight + GAP);
    painter.fill(BACKGROUND);
    for (int i = 0; i < images.size(); i++) {
      painter.paint(
          images.get(i), GAP + i % across * cellWidth, GAP + i / across * cellHeight, scale);
    }
    return painter.image();
  }

  /**
   * Writes a grid as a PNG file.
   *
   * @param png overwritten if it exists
   * @param images as for {@link #draw}
   * @throws IOException if the file cannot be written
   */
  public void write(Path png, List<int[]> images) throws IOException {
    ImagePainter.writePng(png, draw(images));
  }

  /**
   * Writes a grid of drawn rows as a PNG file.
   *
   * @param png overwritten if it exists
   * @param images [B, N], masks allowed
   * @throws IOException if the file cannot be written
   */
  public void write(Path png, TokenBatch images) throws IOException {
    write(png, ImagePainter.rows(images));
  }
}
