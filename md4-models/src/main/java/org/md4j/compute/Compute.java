package org.md4j.compute;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The dense operations that networks are written in, of one library and one precision.
 *
 * <p>Every result goes to memory the caller owns. A result may be one of the arguments where an
 * operation says so. Tensors may be views with strides where an operation says so; everywhere else
 * they are contiguous.
 *
 * <p>Number types: tensors are of {@link #element()}. Where an operation says "operand", a tensor
 * is of {@link #operand()}, and where it says "of either type", it is of one of them; in mixed
 * precision these differ. Sums within an operation are at least 32 bits wide in either case, and a
 * result is rounded once.
 *
 * <p>Shapes: M rows of width D; of B examples, N rows each, M = B N. One instance belongs to one
 * thread at a time. The same operations on the same numbers give the same results to the bit.
 *
 * <p>Operations do not check shapes beyond what they need to be safe: the layers that call them do
 * their own checks once, where a user's arrays come in.
 */
public interface Compute extends AutoCloseable {
  /** The most numbers of the host that are written at a time. */
  long LARGEST_PIECE = 1 << 17;

  /** The number type of parameters, gradients, statistics and results: F32 or F64. */
  Element element();

  /** The number type of what is only an operand of products: BF16 in mixed precision. */
  Element operand();

  /** Says which library computes with which instructions, in which precision; for a person. */
  String description();

  /** Makes memory for tensors that these operations work on, empty. */
  default Memory memory(Element element) {
    return new Memory(element);
  }

  /**
   * Writes numbers of the host, rounded to the tensor's type, in pieces of at most 1 MB.
   *
   * @param out contiguous
   */
  default void write(HostNumbers numbers, Tensor out) {
    long length = out.length();
    Tensor cells = out.reshape(length);
    for (long from = 0; from < length; from += LARGEST_PIECE) {
      double[] piece = new double[(int) Math.min(LARGEST_PIECE, length - from)];
      numbers.fill(from, piece);
      try (INDArray exact = Nd4j.createFromArray(piece)) {
        cells.interval(0, from, from + piece.length).array().assign(exact);
      }
    }
  }

  /** Copies x to out, of the same shape, from one number type to the other if they differ. */
  void copy(Tensor x, Tensor out);

  /** Sets every entry of a contiguous tensor to 0. */
  void zero(Tensor out);

  /**
   * Computes out = x + y, tensors of either type.
   *
   * @param y of x's shape, or of size 1 where it is to be repeated
   * @param out may be x
   */
  void add(Tensor x, Tensor y, Tensor out);

  /**
   * Computes out = x y, entry by entry, tensors of either type.
   *
   * @param y of x's shape, or of size 1 where it is to be repeated
   * @param out may be x; or y, if that has x's shape
   */
  void multiply(Tensor x, Tensor y, Tensor out);

  /**
   * Computes out = x y + z, entry by entry, tensors of either type.
   *
   * @param y as z, of x's shape, or of size 1 where it is to be repeated
   * @param out may be x, but not z
   */
  void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out);

  /** Computes out = factor x + addend; out may be x. */
  void linear(Tensor x, double factor, double addend, Tensor out);

  /**
   * Computes out = scale a b + (accumulate ? out : 0), the product of matrices or of stacks of
   * them.
   *
   * @param a [.., m, k], strided with one stride of the last two 1; of either type
   * @param b [.., k, n], likewise, of a's type
   * @param out [.., m, n], with last stride 1; not a or b; of either type, but of {@link
   *     #element()} if a is or if it accumulates
   */
  void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate);

  /** Computes out = a b, as {@link #product(Tensor, Tensor, Tensor, double, boolean)}. */
  default void product(Tensor a, Tensor b, Tensor out) {
    product(a, b, out, 1, false);
  }

  /**
   * Computes out = a b + row, a row vector [1, n] or [n] added to every row.
   *
   * @param a [m, k], of either type, as in {@link #product(Tensor, Tensor, Tensor, double,
   *     boolean)}
   * @param b [k, n]
   */
  void affine(Tensor a, Tensor b, Tensor row, Tensor out);

  /**
   * Computes out = f(a b).
   *
   * @param a [m, k], of either type, as in {@link #product(Tensor, Tensor, Tensor, double,
   *     boolean)}
   * @param b [k, n]
   */
  void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out);

  /**
   * Sums over rows: out = the sum over n of x[.., n, d] + (accumulate ? out : 0).
   *
   * @param x [M, D] or [B, N, D], of either type
   * @param out [1, D] or [D]; or [B, D], or [B, 1, D], strided from row to row
   */
  void sumRows(Tensor x, Tensor out, boolean accumulate);

  /**
   * Sums over columns: out = the sum over d of x[m, d].
   *
   * @param x [M, D]
   * @param out [M, 1]
   */
  void sumColumns(Tensor x, Tensor out);

  /** Computes out = f(x), tensors of either type; out may be x. */
  void activate(Activation f, Tensor x, Tensor out);

  /**
   * Computes the gradient of an activation's argument, all three tensors of one type, either.
   *
   * @param known x for the swish and GELU; the result f(x) for the logistic function
   * @param dX may be dOut
   */
  void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX);

  /**
   * Normalises rows to mean 0 and variance 1, then scales and shifts them by their example's
   * vectors: out = scale (x - mean) / sqrt(variance + epsilon) + shift.
   *
   * @param x [B, N, D]
   * @param scale [B, D] or [B, 1, D], as shift; strided from row to row
   * @param out [B, N, D], of either type
   * @param mean [B, N], kept for the gradient, as variance
   */
  void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance);

  /**
   * Computes the gradients of {@link #layerNorm}'s arguments.
   *
   * @param dX [B, N, D], overwritten; may be dOut
   * @param dScale [B, D] or [B, 1, D], overwritten, as dShift; strided from row to row
   */
  void layerNormGradient(
      Tensor x,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      Tensor dShift);

  /**
   * Divides rows by the root of their mean square, then scales them: out = scale x r, with r = 1 /
   * sqrt(mean(x²) + epsilon).
   *
   * @param x [B, N, D]
   * @param scale [D]
   * @param out [B, N, D], of either type
   * @param reciprocalRoot r, [B, N], kept for the gradient
   */
  void rootMeanSquareNorm(
      Tensor x, Tensor scale, double epsilon, Tensor out, Tensor reciprocalRoot);

  /**
   * Computes the gradients of {@link #rootMeanSquareNorm}'s arguments.
   *
   * @param dX [B, N, D], overwritten; may be dOut
   * @param dScale [D], overwritten or added to
   */
  void rootMeanSquareNormGradient(
      Tensor x,
      Tensor reciprocalRoot,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      boolean accumulate);

  /** Computes out = 1 / sqrt(max(x, 0) + addend), entry by entry; out may be x. */
  void reciprocalRoot(Tensor x, double addend, Tensor out);

  /**
   * Computes a 3x3 convolution that keeps an image's size: what lies outside an image is zero.
   *
   * @param x [B, H, W, C], operand
   * @param kernel [3, 3, C, K], likewise
   * @param bias [K], or null for none
   * @param out [B, H, W, K]
   */
  void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out);

  /**
   * Computes the gradients of {@link #convolve}'s arguments.
   *
   * @param dOut [B, H, W, K], operand
   * @param dX [B, H, W, C], overwritten
   * @param dKernel [3, 3, C, K], overwritten or added to
   * @param dBias [K], likewise, or null for none
   */
  void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate);

  /**
   * Convolves rows, every channel with a kernel of its own; what lies outside a row is zero:
   *
   * <pre>
   * out[b, n, d] = the sum over j of kernel[j, d] x[b, n + j - before, d]
   * </pre>
   *
   * <p>Examples do not meet, and a position reads none before those it names, nor any after them:
   * what lies there changes no digit of its result.
   *
   * @param x [B, N, D], of either type; N may be smaller than w
   * @param kernel [w, D]
   * @param before number of positions before its own that a position reads, in 0..w-1; it reads w -
   *     1 - before after its own
   * @param out [B, N, D], of either type; not x
   */
  void convolveRows(Tensor x, Tensor kernel, int before, Tensor out);

  /**
   * Computes the gradients of {@link #convolveRows}'s arguments.
   *
   * @param x [B, N, D], of either type
   * @param dOut [B, N, D]
   * @param dX [B, N, D], overwritten; may be dOut
   * @param dKernel [w, D], overwritten or added to
   */
  void rowConvolutionGradient(
      Tensor x,
      Tensor kernel,
      int before,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      boolean accumulate);

  /**
   * Halves images: every pixel of the result is the mean of 2x2 pixels.
   *
   * @param x [B, 2 H, 2 W, C]
   * @param out [B, H, W, C]
   */
  void averagePool(Tensor x, Tensor out);

  /**
   * Doubles images: every pixel becomes 2x2 equal pixels.
   *
   * @param x [B, H, W, C]
   * @param out [B, 2 H, 2 W, C]
   */
  void enlarge(Tensor x, Tensor out);

  /**
   * Takes the softmax over the last dimension.
   *
   * @param x [B, H, N, N]
   * @param out likewise, of either type; may be x
   */
  void softmax(Tensor x, Tensor out);

  /**
   * Computes the gradient of a softmax's argument, dX = p (dP - sums).
   *
   * @param p the result, [B, H, N, N], of either type
   * @param dP gradient of the result, destroyed
   * @param sums the rows' sums of p dP, [B, H, N, 1], which the caller may know in a cheaper way;
   *     strided
   * @param dX of either type; may be dP
   */
  void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX);

  /**
   * Copies rows: out[i] = x[rows[i]].
   *
   * @param x [R, D], of either type
   * @param rows [M], I32
   * @param out [M, D], of x's type
   */
  void gatherRows(Tensor x, Tensor rows, Tensor out);

  /**
   * Writes rows: out[rows[i]] = x[i], where no row is named twice; the other rows stay.
   *
   * @param x [M, D]
   * @param rows [M], I32
   * @param out [R, D]
   */
  void scatterRows(Tensor x, Tensor rows, Tensor out);

  /**
   * Adds rows: out[rows[i]] += x[i], in the order of i.
   *
   * @param x [M, D]
   * @param rows [M], I32
   * @param out [R, D]
   */
  void addToRows(Tensor x, Tensor rows, Tensor out);

  /** Frees what was prepared; the memory of tensors is not touched. */
  @Override
  void close();
}
