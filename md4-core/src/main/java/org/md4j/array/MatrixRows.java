package org.md4j.array;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gives rows of a matrix, as a view or on the host, right wherever the matrix begins in the array
 * it is a view of.
 *
 * <p>Plain ND4J 1.0.0-M2.1 takes an interval of the rows of a view for empty if it starts beyond
 * the view's length in the array behind it; it cuts vectors rightly, so rows are cut out of the
 * matrix as a vector.
 */
public final class MatrixRows {
  private MatrixRows() {}

  /**
   * Returns rows {@code from} (inclusive) to {@code to} (exclusive) as a view: what is written to
   * it is written to the matrix.
   *
   * @param matrix [R, C], dense in c order
   * @return [to - from, C]
   * @throws IllegalArgumentException if the matrix is not dense in c order, or has no such rows
   */
  public static INDArray view(INDArray matrix, long from, long to) {
    requireRows(matrix, from, to);
    if (!isDense(matrix)) {
      throw new IllegalArgumentException(
          "matrix must be dense in c order, got strides "
              + Arrays.toString(matrix.stride())
              + "; copy it with dup('c') first");
    }
    long columns = matrix.size(1);
    return matrix
        .reshape(matrix.length())
        .get(NDArrayIndex.interval(from * columns, to * columns))
        .reshape('c', to - from, columns);
  }

  /**
   * Copies a matrix to the host.
   *
   * @param matrix [R, C], of any layout and number type
   * @return [R * C], row by row
   */
  public static double[] toHost(INDArray matrix) {
    return toHost(matrix, 0, matrix.size(0));
  }

  /**
   * Copies rows {@code from} (inclusive) to {@code to} (exclusive) to the host.
   *
   * @param matrix [R, C], of any layout and number type; one that is not dense in c order is copied
   *     whole
   * @return [(to - from) * C], row by row
   * @throws IllegalArgumentException if the matrix has no such rows
   */
  public static double[] toHost(INDArray matrix, long from, long to) {
    requireRows(matrix, from, to);
    INDArray dense = isDense(matrix) ? matrix : matrix.dup('c');
    try (INDArray copy = view(dense, from, to).dup('c')) {
      return copy.data().asDouble();
    }
  }

  /** Says whether the numbers of a matrix lie beside each other, row by row. */
  public static boolean isDense(INDArray matrix) {
    return (matrix.size(1) == 1 || matrix.stride(1) == 1)
        && (matrix.size(0) == 1 || matrix.stride(0) == matrix.size(1));
  }

  private static void requireRows(INDArray matrix, long from, long to) {
    if (matrix.rank() != 2 || from < 0 || to <= from || to > matrix.size(0)) {
      throw new IllegalArgumentException(
          "rows [%d, %d) must be a non-empty part of the rows of a matrix, got shape %s"
              .formatted(from, to, Arrays.toString(matrix.shape())));
    }
  }
}
