package org.md4j.cli.train;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;

/** Tells what is drawn in a plot by the colours in it. */
final class PlotColours {
  private static final int OPAQUE = 0xffffff;

  private PlotColours() {}

  /** Counts the pixels of a colour, red, green and blue from the highest byte. */
  static long count(BufferedImage plot, int colour) {
    int width = plot.getWidth();
    int height = plot.getHeight();
    return IntStream.of(plot.getRGB(0, 0, width, height, null, 0, width))
        .filter(pixel -> (pixel & OPAQUE) == colour)
        .count();
  }
}
