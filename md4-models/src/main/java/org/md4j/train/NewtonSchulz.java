package org.md4j.train;

import java.util.HashMap;
import java.util.Map;
import org.md4j.compute.Compute;
import org.md4j.compute.Scratch;
import org.md4j.compute.Tensor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes the singular values of matrices about equal and leaves their singular vectors, by
 * iterations of Newton and Schulz with the coefficients of Muon (Jordan et al. 2024):
 *
 * <pre>  X = 3.4445 X - 4.7750 (X X') X + 2.0315 (X X')^2 X</pre>
 *
 * <p>Deviation: the iteration is the same, its arithmetic is not. With A = X X' and B = 3.4445 I -
 * 4.7750 A + 2.0315 A^2 an iteration is X = B X, after which A is B A B. So A and the product P of
 * all B are iterated instead, which are [r, r] with r the smaller side, and X is read twice, for
 * the first A and for P X: of a matrix [r, c], five iterations are 4 r^2 c + 34 r^3 operations in
 * place of 20 r^2 c + 10 r^3. A taller matrix is multiplied from the right, with A = X' X.
 *
 * <p>Rounding leaves A with eigenvalues a little below 0 for singular values near 0, and an
 * iteration multiplies them by 12; after {@value #LONGEST_RUN} iterations A is therefore computed
 * anew from X.
 *
 * <p>Products are in the number type of the parameters, 32 bits in mixed precision, too. Memory is
 * kept for the largest matrix so far. Used by one thread at a time.
 */
final class NewtonSchulz implements AutoCloseable {
  private static final double FIRST = 3.4445;
  private static final double THIRD = -4.7750;
  private static final double FIFTH = 2.0315;

  /** The largest number of iterations before A is computed anew. */
  private static final int LONGEST_RUN = 5;

  private final Compute compute;
  private final int iterations;
  private final Scratch scratch;
  private final Map<Long, Tensor> diagonals = new HashMap<>();

  /**
   * Makes what orthogonalises.
   *
   * @param compute how to compute; closed by {@link #close}
   * @param iterations at least 1
   */
  NewtonSchulz(Compute compute, int iterations) {
    this.compute = compute;
    this.iterations = iterations;
    this.scratch = new Scratch(compute.element());
  }

  /** The operations that a matrix [rows, columns] takes, for a thread's share of the work. */
  static double cost(long rows, long columns) {
    double side = Math.min(rows, columns);
    return 4.0 * side * rows * columns + 34 * side * side * side;
  }

  /**
   * Iterates from a matrix.
   *
   * @param x [m, n] of Frobenius norm at most 1, contiguous; may be overwritten
   * @return a tensor of x's shape, valid until the next call
   */
  Tensor orthogonalized(Tensor x) {
    boolean wide = x.size(0) <= x.size(1);
    long side = Math.min(x.size(0), x.size(1));
    scratch.free();
    Tensor gram = scratch.take(side, side);
    Tensor from = x;
    Tensor to = scratch.take(x.shape());
    for (int done = 0; done < iterations; done += LONGEST_RUN) {
      compute.product(wide ? from : from.transposed(), wide ? from.transposed() : from, gram);
      Tensor factor = factor(gram, Math.min(LONGEST_RUN, iterations - done));
      compute.product(wide ? factor : from, wide ? from : factor, to);
      Tensor swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  /** Returns P, the factor by which so many iterations multiply X; overwrites A. */
  private Tensor factor(Tensor gram, int count) {
    long side = gram.size(0);
    Tensor step = scratch.take(side, side);
    Tensor work = scratch.take(side, side);
    Tensor product = scratch.take(side, side);
    Tensor next = scratch.take(side, side);
    for (int i = 0; i < count; i++) {
      compute.linear(gram, THIRD, 0, step);
      compute.add(step, diagonal(side), step);
      compute.product(gram, gram, step, FIFTH, true);
      if (i == 0) {
        compute.copy(step, product);
      } else {
        compute.product(step, product, next);
        Tensor swapped = product;
        product = next;
        next = swapped;
      }
      if (i + 1 < count) {
        compute.product(gram, step, work);
        compute.product(step, work, gram);
      }
    }
    return product;
  }

  /** The matrix 3.4445 I, made the first time. */
  private Tensor diagonal(long side) {
    return diagonals.computeIfAbsent(
        side, size -> Tensor.of(Nd4j.eye(size).castTo(compute.element().dataType()).muli(FIRST)));
  }

  @Override
  public void close() {
    compute.close();
  }
}
