package org.md4j.model.layer.image;

import java.util.Arrays;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;

/**
 * The 3x3 patches of a batch of images that the wanted logits look at, the patches that every pixel
 * is part of, and the pixels further around. Everything is an index; nothing here depends on what
 * the pixels hold.
 *
 * <p>Wanted cells are put in the order of their colours, since every colour has weights of its own;
 * this order is called the order of the rows. The rows of a colour are filled up to the {@link
 * Layer#capacity} of the colour that has most, so that there are few numbers of rows for which
 * operations are prepared; a row that is no cell's sees only what lies outside.
 */
final class WantedPatches {
  private static final int REACH = 1;

  private static final int SIDE = 2 * REACH + 1;

  private static final int NO_CELL = -1;

  /** The number of pixels of a patch. */
  static final int TAPS = SIDE * SIDE;

  private final int[] cells;
  private final int pixels;
  private final int height;
  private final int width;
  private final int colours;

  /** The place among the wanted cells of each row r, cellOfRow[r]; {@link #NO_CELL} for none. */
  private final int[] cellOfRow;

  private final int[] firstRows;

  /**
   * Finds the patches of some cells.
   *
   * @param cells numbers of the wanted cells, (b H W + y W + x) S + s, ascending
   * @param batch B
   */
  WantedPatches(int[] cells, int batch, int height, int width, int colours) {
    this.cells = cells;
    this.height = height;
    this.width = width;
    this.colours = colours;
    this.pixels = batch * height * width;
    int[] counts = new int[colours];
    for (int cell : cells) {
      counts[cell % colours]++;
    }
    int rows = Math.toIntExact(Layer.capacity(Arrays.stream(counts).max().orElseThrow()));
    firstRows = new int[colours + 1];
    for (int colour = 0; colour < colours; colour++) {
      firstRows[colour + 1] = firstRows[colour] + (counts[colour] == 0 ? 0 : rows);
    }
    cellOfRow = new int[firstRows[colours]];
    Arrays.fill(cellOfRow, NO_CELL);
    int[] next = firstRows.clone();
    for (int p = 0; p < cells.length; p++) {
      cellOfRow[next[cells[p] % colours]++] = p;
    }
  }

  /** Tells whether any row is of a colour. */
  boolean hasRows(int colour) {
    return firstRows[colour] < firstRows[colour + 1];
  }

  /** Returns the rows of a colour out of a matrix of all rows, [R, ..], a view. */
  Tensor ofColour(Tensor matrix, int colour) {
    return matrix.interval(0, firstRows[colour], firstRows[colour + 1]);
  }

  /** The number R of rows. */
  int rows() {
    return cellOfRow.length;
  }

  /** The row that each wanted cell is, [P]. */
  int[] rowsOfCells() {
    int[] rows = new int[cells.length];
    for (int r = 0; r < cellOfRow.length; r++) {
      if (cellOfRow[r] != NO_CELL) {
        rows[cellOfRow[r]] = r;
      }
    }
    return rows;
  }

  /**
   * Finds the pixels of every row's patch, [R * TAPS]; the number of pixels stands for what lies
   * outside an image.
   */
  int[] patches() {
    return around(REACH, REACH);
  }

  /**
   * Finds the pixels above and below every row's, at most {@code reach} away, and itself, [R * (2
   * reach + 1)].
   */
  int[] columns(int reach) {
    return around(reach, 0);
  }

  private int[] around(int rowReach, int columnReach) {
    int side = 2 * columnReach + 1;
    int taps = (2 * rowReach + 1) * side;
    int[] result = new int[cellOfRow.length * taps];
    Arrays.fill(result, pixels);
    for (int r = 0; r < cellOfRow.length; r++) {
      if (cellOfRow[r] != NO_CELL) {
        int pixel = cells[cellOfRow[r]] / colours;
        for (int tap = 0; tap < taps; tap++) {
          result[r * taps + tap] =
              neighbour(pixel, tap / side - rowReach, tap % side - columnReach);
        }
      }
    }
    return result;
  }

  /**
   * Finds the pixels to the left and right of every pixel, wanted or not, at most {@code reach}
   * away, and itself, [pixels * (2 reach + 1)].
   */
  int[] lines(int reach) {
    int side = 2 * reach + 1;
    int[] result = new int[pixels * side];
    Arrays.setAll(result, i -> neighbour(i / side, 0, i % side - reach));
    return result;
  }

  /**
   * Finds for every tap and colour, [TAPS * S][pixels], where in {@link #patches} a pixel is that
   * tap of a patch of that colour.
   *
   * @param none entry for a pixel that is that tap of no patch
   */
  int[][] places(int none) {
    int[][] places = new int[TAPS * colours][pixels];
    for (int[] row : places) {
      Arrays.fill(row, none);
    }
    for (int r = 0; r < cellOfRow.length; r++) {
      if (cellOfRow[r] == NO_CELL) {
        continue;
      }
      int cell = cells[cellOfRow[r]];
      for (int tap = 0; tap < TAPS; tap++) {
        int pixel = neighbour(cell / colours, tap / SIDE - REACH, tap % SIDE - REACH);
        if (pixel < pixels) {
          places[tap * colours + cell % colours][pixel] = r * TAPS + tap;
        }
      }
    }
    return places;
  }

  private int neighbour(int pixel, int rows, int columns) {
    int y = pixel / width % height + rows;
    int x = pixel % width + columns;
    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? pixel + rows * width + columns : pixels;
  }
}
