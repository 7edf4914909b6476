package org.md4j.quality;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Computes the squared Euclidean distances between all vectors of two sets, |a|² + |b|² - 2ab, a
 * tile at a time: products of matrices, in double, on vectors shifted to the first set's mean so
 * that little cancels.
 */
final class SquaredDistances {
  /** Receives tiles; every pair of rows is in exactly one of them. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Sees the distances from one row of the first set to consecutive rows of the second.
     *
     * @param row row of the first set
     * @param firstColumn first column of the second set
     * @param distances squared, to rows {@code firstColumn + j} of the second set; zero where they
     *     are zero to rounding
     * @param offset place of the first of them
     * @param count number of them
     */
    void row(int row, int firstColumn, double[] distances, int offset, int count);
  }

  /** The rows of a tile: 1,024 x 2,048 doubles are 16 MB a tile. */
  private static final int TILE_ROWS = 1024;

  private static final int TILE_COLUMNS = 2048;

  /** The share of |a|² + |b|² that rounding may leave of a distance that is zero. */
  private static final double ROUNDING = 1e-12;

  private SquaredDistances() {}

  /**
   * Visits all pairs, the rows of a tile in order, the tiles of a row in order.
   *
   * @param first [M1, F]
   * @param second [M2, F]
   */
  static void visit(INDArray first, INDArray second, Visitor visitor) {
    INDArray centre = first.castTo(DataType.DOUBLE).mean(0);
    for (int row = 0; row < first.size(0); row += TILE_ROWS) {
      INDArray a = tile(first, row, TILE_ROWS, centre);
      double[] aSquares = squares(a);
      for (int column = 0; column < second.size(0); column += TILE_COLUMNS) {
        INDArray b = tile(second, column, TILE_COLUMNS, centre);
        visitTile(a, aSquares, b, row, column, visitor);
      }
    }
  }

  private static void visitTile(
      INDArray a, double[] aSquares, INDArray b, int row, int column, Visitor visitor) {
    double[] bSquares = squares(b);
    int columns = bSquares.length;
    INDArray products =
        Nd4j.createUninitialized(DataType.DOUBLE, new long[] {aSquares.length, columns}, 'c');
    MatrixProducts.productTransposedSecond(a, b, products, -2, 0);
    double[] distances = products.data().asDouble();
    for (int i = 0; i < aSquares.length; i++) {
      for (int j = 0; j < columns; j++) {
        double size = aSquares[i] + bSquares[j];
        double distance = size + distances[i * columns + j];
        distances[i * columns + j] = distance > ROUNDING * size ? distance : 0;
      }
      visitor.row(row + i, column, distances, i * columns, columns);
    }
    products.close();
  }

  private static INDArray tile(INDArray vectors, int from, int size, INDArray centre) {
    long to = Math.min(vectors.size(0), (long) from + size);
    INDArray rows = vectors.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    INDArray tile =
        Nd4j.createUninitialized(DataType.DOUBLE, new long[] {to - from, vectors.size(1)}, 'c');
    return tile.assign(rows).subiRowVector(centre);
  }

  private static double[] squares(INDArray rows) {
    INDArray squared = rows.mul(rows);
    INDArray sums = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {rows.size(0), 1}, 'c');
    INDArray ones = Nd4j.ones(DataType.DOUBLE, rows.size(1), 1);
    MatrixProducts.product(squared, ones, sums, 1, 0);
    return sums.data().asDouble();
  }
}
