package org.md4j.sampling;

import org.md4j.core.Checks;

/**
 * The order in which a Halton sequence visits the pixels of a picture, all of them in one colour
 * before the next.
 *
 * <pre>
 *   point i = 1, 2, ... lies in row floor(H r2(i)) and column floor(W r3(i))
 *   rb(i): i in base b with its digits mirrored at the point; r2 = 1/2, 1/4, 3/4, ..., r3 = 1/3, 2/3, 1/9, ...
 *   a pixel comes where the first point lies in it
 * </pre>
 *
 * <p>Any run of points is spread over the whole picture: of {@code 2^a 3^b} points that begin at a
 * multiple of that number, each of {@code 2^a} by {@code 3^b} equal cells has one. Tokens are pixel
 * by pixel from the top left, row by row, the colours of a pixel side by side: {@code (y W + x) C +
 * c}. The colours of a pixel depend on each other more than pixels do, so each colour is gone
 * through by itself: a step holds two colours of one pixel only if it reveals more tokens than a
 * colour has blanks. Given tokens are left out. It holds no chance.
 *
 * <p>Source: Besnier et al., "Halton scheduler for masked generative image transformer", arXiv
 * 2503.17076, and its code (valeoai/Halton-MaskGIT, commit 08cfdae): bases, first point and
 * repeated pixels as there; Halton, Numerische Mathematik 2 (1960), for the sequence.
 *
 * <p>Deviation: the source's pictures are square and of one token a place; it takes the pixels that
 * 10,000 points visit, where here points are taken until each pixel is visited; and it can begin
 * each picture elsewhere in the sequence, at random.
 *
 * @param height H, rows of pixels, at least 1
 * @param width W, pixels a row, at least 1
 * @param colours C, tokens a pixel, at least 1
 */
public record HaltonOrder(int height, int width, int colours) implements PositionOrder {
  private static final int BASE_OF_ROWS = 2;
  private static final int BASE_OF_COLUMNS = 3;

  /** Checks the ranges. */
  public HaltonOrder {
    Checks.atLeastOne("height", height);
    Checks.atLeastOne("width", width);
    Checks.atLeastOne("colours", colours);
    if ((long) height * width > Integer.MAX_VALUE / colours) {
      throw new IllegalArgumentException(
          "height * width * colours (%d * %d * %d) must fit an int"
              .formatted(height, width, colours));
    }
  }

  @Override
  public int[] order(int length, int[] blanks, int[] sizes) {
    if (length != height * width * colours) {
      throw new IllegalArgumentException(
          "length (%d) must be height * width * colours, %d * %d * %d"
              .formatted(length, height, width, colours));
    }
    boolean[] isBlank = new boolean[length];
    for (int position : blanks) {
      isBlank[position] = true;
    }
    int[] pixels = pixels();
    int[] order = new int[blanks.length];
    int next = 0;
    for (int colour = 0; colour < colours; colour++) {
      for (int pixel : pixels) {
        int position = pixel * colours + colour;
        if (isBlank[position]) {
          order[next++] = position;
        }
      }
    }
    return order;
  }

  /** Returns the pixels, {@code y W + x}, in the order of the sequence, [H W]. */
  private int[] pixels() {
    int[] pixels = new int[height * width];
    boolean[] visited = new boolean[pixels.length];
    int next = 0;
    for (int point = 1; next < pixels.length; point++) {
      int y = RadicalInverse.of(BASE_OF_ROWS, point).cell(height);
      int x = RadicalInverse.of(BASE_OF_COLUMNS, point).cell(width);
      int pixel = y * width + x;
      if (!visited[pixel]) {
        visited[pixel] = true;
        pixels[next++] = pixel;
      }
    }
    return pixels;
  }
}
