package org.md4j.compute;

/**
 * Convolutions of rows with a kernel for every channel, by ND4J.
 *
 * <p>Every row lies in a frame of zeros, [B, N + w - 1, D], whose positions follow each other over
 * all examples: there a tap is one operation on rows that are moved by so many, of which those that
 * reach into the next frame are left unread.
 */
final class Nd4jRowConvolution {
  private static final int FRAMED_ROWS = 0;
  private static final int FRAMED_GRADIENT = 1;
  private static final int SUM = 2;
  private static final int TERM = 3;

  private final Nd4jWork work;
  private final Nd4jElementwise elementwise;
  private final Nd4jProducts products;

  Nd4jRowConvolution(Nd4jWork work, Nd4jElementwise elementwise, Nd4jProducts products) {
    this.work = work;
    this.elementwise = elementwise;
    this.products = products;
  }

  void convolve(Tensor x, Tensor kernel, int before, Tensor out) {
    weightedSum(framed(FRAMED_ROWS, x, before, kernel.size(0)), kernel, false, out);
  }

  /** Copies rows into frames of zeros, each after so many: [B, N, D] to [B, N + w - 1, D]. */
  private Tensor framed(int piece, Tensor x, long before, long taps) {
    long length = x.size(1);
    Tensor framed = work.piece(piece, x.size(0), length + taps - 1, x.size(2));
    framed.array().assign(0);
    framed.interval(1, before, before + length).array().assign(x.array());
    return framed;
  }

  /** Computes out[b, n] = the sum over j of kernel[j] framed[b, n + j], or kernel[w - 1 - j]. */
  private void weightedSum(Tensor framed, Tensor kernel, boolean reversed, Tensor out) {
    long taps = kernel.size(0);
    long width = framed.size(2);
    Tensor rows = flat(framed);
    long count = rows.size(0) - (taps - 1);
    Tensor sums = work.like(SUM, framed);
    Tensor sum = flat(sums).interval(0, 0, count);
    Tensor term = work.piece(TERM, count, width);
    for (long j = 0; j < taps; j++) {
      long k = reversed ? taps - 1 - j : j;
      Tensor target = j == 0 ? sum : term;
      elementwise.multiply(
          rows.interval(0, j, j + count), kernel.interval(0, k, k + 1).reshape(1, width), target);
      if (j > 0) {
        elementwise.add(sum, term, sum);
      }
    }
    out.array().assign(sums.interval(1, 0, out.size(1)).array());
  }

  private static Tensor flat(Tensor framed) {
    return framed.reshape(framed.size(0) * framed.size(1), framed.size(2));
  }

  void gradient(
      Tensor x,
      Tensor kernel,
      int before,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      boolean accumulate) {
    long taps = kernel.size(0);
    long after = taps - 1 - before;
    Tensor rows = flat(framed(FRAMED_ROWS, x, before, taps));
    Tensor framedGradient = framed(FRAMED_GRADIENT, dOut, after, taps);
    long count = rows.size(0) - (taps - 1);
    Tensor gradients = flat(framedGradient).interval(0, after, after + count);
    Tensor term = work.piece(TERM, count, x.size(2));
    for (long j = 0; j < taps; j++) {
      elementwise.multiply(rows.interval(0, j, j + count), gradients, term);
      products.sumRows(term, dKernel.interval(0, j, j + 1), accumulate);
    }
    weightedSum(framedGradient, kernel, true, dX);
  }
}
