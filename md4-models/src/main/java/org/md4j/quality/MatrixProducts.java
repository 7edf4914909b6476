package org.md4j.quality;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes matrix products into memory of the caller, in the form that ND4J 1.0.0-M2.1 runs
 * fastest.
 */
final class MatrixProducts {
  private static final MMulTranspose PLAIN = MMulTranspose.builder().build();
  private static final MMulTranspose FIRST = MMulTranspose.builder().transposeA(true).build();
  private static final MMulTranspose SECOND = MMulTranspose.builder().transposeB(true).build();

  private MatrixProducts() {}

  /** Computes c = alpha a b + beta c. */
  static void product(INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, PLAIN));
  }

  /** Computes c = alpha aᵀ b + beta c. */
  static void productTransposedFirst(
      INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, FIRST));
  }

  /** Computes c = alpha a bᵀ + beta c. */
  static void productTransposedSecond(
      INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, SECOND));
  }
}
