package org.md4j.quality;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A covariance S of rank R as S = A Aᵀ, from its eigenvectors scaled by the roots of the
 * eigenvalues.
 *
 * @param factor A, [F, R], DOUBLE; null-space directions are left out
 * @param trace trace of S: the sum of the eigenvalues kept
 */
record CovarianceFactor(INDArray factor, double trace) {
  /**
   * The share of the largest eigenvalue, for each dimension, that rounding may leave of an
   * eigenvalue that is zero.
   */
  private static final double ROUNDING = 0x1.0p-52;

  /**
   * The share of the largest eigenvalue below whose negative an eigenvalue is no rounding error.
   */
  private static final double INDEFINITE = 1e-6;

  /**
   * Factors a covariance.
   *
   * @param name name of the covariance in an error
   * @param covariance [F, F], DOUBLE; not changed
   * @throws IllegalArgumentException if it is not positive semi-definite
   */
  static CovarianceFactor of(String name, INDArray covariance) {
    long width = covariance.size(0);
    INDArray vectors = covariance.dup('f');
    INDArray values = Nd4j.create(DataType.DOUBLE, width);
    int info = Nd4j.getBlasWrapper().lapack().syev('V', 'U', vectors, values);
    double[] eigenvalues = values.toDoubleVector();
    double largest = eigenvalues[eigenvalues.length - 1];
    if (info != 0 || !Double.isFinite(largest) || !(eigenvalues[0] >= -INDEFINITE * largest)) {
      throw new IllegalArgumentException(
          "covariance of %s must be symmetric and positive semi-definite, got eigenvalues %s to %s"
              .formatted(name, eigenvalues[0], largest));
    }
    int first = 0;
    while (first < eigenvalues.length && eigenvalues[first] <= largest * width * ROUNDING) {
      first++;
    }
    double trace = 0;
    double[] roots = new double[eigenvalues.length - first];
    for (int i = 0; i < roots.length; i++) {
      trace += eigenvalues[first + i];
      roots[i] = Math.sqrt(eigenvalues[first + i]);
    }
    if (roots.length == 0) {
      return new CovarianceFactor(Nd4j.zeros(DataType.DOUBLE, width, 1), 0);
    }
    INDArray kept = vectors.get(NDArrayIndex.all(), NDArrayIndex.interval(first, width)).dup('c');
    return new CovarianceFactor(kept.muliRowVector(Nd4j.createFromArray(roots)), trace);
  }
}
