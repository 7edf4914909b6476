package org.md4j.compute;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products and sums as ND4J multiplies fastest: {@code mmuli} into a c-order result copies, and
 * {@code sum(0)} and {@code mean(1)} miss the BLAS.
 */
final class Nd4jProducts {
  private static final MMulTranspose PLAIN = MMulTranspose.builder().build();
  private static final MMulTranspose FIRST = MMulTranspose.builder().transposeA(true).build();
  private static final MMulTranspose SECOND = MMulTranspose.builder().transposeB(true).build();

  private final Nd4jWork work;

  Nd4jProducts(Nd4jWork work) {
    this.work = work;
  }

  void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    int last = a.rank() - 1;
    boolean transposeA = a.strides()[last] != 1 && a.strides()[last - 1] == 1;
    boolean transposeB = b.strides()[last] != 1 && b.strides()[last - 1] == 1;
    if (transposeA && transposeB) {
      throw new IllegalArgumentException("a and b must not both be transposed");
    }
    INDArray first = (transposeA ? a.transposed() : a).array();
    INDArray second = (transposeB ? b.transposed() : b).array();
    MMulTranspose form = transposeA ? FIRST : transposeB ? SECOND : PLAIN;
    Nd4j.exec(new Mmul(first, second, out.array(), scale, accumulate ? 1 : 0, form));
  }

  void sumRows(Tensor x, Tensor out, boolean accumulate) {
    int rank = x.rank();
    long rows = x.size(rank - 2);
    long width = x.size(rank - 1);
    double beta = accumulate ? 1 : 0;
    if (rank == 2) {
      Nd4j.exec(
          new Mmul(work.ones(1, rows), x.array(), out.reshape(1, width).array(), 1, beta, PLAIN));
      return;
    }
    for (long b = 0; b < x.size(0); b++) {
      sumRows(x.interval(0, b, b + 1).reshape(rows, width), out.interval(0, b, b + 1), accumulate);
    }
  }

  /** Computes out = scale times the sums over the columns of x: [M, D] to [M, 1]. */
  void sumColumns(Tensor x, double scale, Tensor out) {
    Nd4j.exec(new Mmul(x.array(), work.ones(x.size(1), 1), out.array(), scale, 0, PLAIN));
  }

  /** Computes out += aᵀ b. */
  void addTransposedProduct(INDArray a, Tensor b, Tensor out) {
    Nd4j.exec(new Mmul(a, b.array(), out.array(), 1, 1, FIRST));
  }
}
