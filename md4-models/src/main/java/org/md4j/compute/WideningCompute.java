package org.md4j.compute;

import org.jspecify.annotations.Nullable;

/**
 * Mixed precision where nothing multiplies bfloat16: operands are kept rounded, and every operation
 * is done in 32 bits on copies, by another {@link Compute}.
 *
 * <p>A product of two bfloat16 numbers is exact in 32 bits, so results are those of a processor
 * with bfloat16 arithmetic and sums in 32 bits, up to the order of the sums. ND4J rounds to the
 * nearest, ties to even, as the processors do.
 */
final class WideningCompute implements Compute {
  private final Compute wide;
  private final Scratch copies = new Scratch(Element.F32);

  /**
   * Makes mixed precision of an implementation in 32 bits.
   *
   * @param wide computes in F32; closed by {@link #close}
   */
  WideningCompute(Compute wide) {
    this.wide = wide;
  }

  @Override
  public Element element() {
    return Element.F32;
  }

  @Override
  public Element operand() {
    return Element.BF16;
  }

  @Override
  public String description() {
    return wide.description() + " on operands rounded to bf16 (no bf16 arithmetic here)";
  }

  /** What an operation is told to do on tensors in 32 bits. */
  private interface Operation {
    void run(Tensor out);
  }

  /** Runs an operation that overwrites its result, and rounds that if it is to be rounded. */
  private void into(Tensor out, Operation operation) {
    try {
      if (out.element() == Element.BF16) {
        Tensor result = copies.take(out.shape());
        operation.run(result);
        round(result, out);
      } else {
        operation.run(out);
      }
    } finally {
      copies.free();
    }
  }

  /** Returns x in 32 bits: itself, or a copy until the operation ends. */
  private Tensor widened(Tensor x) {
    if (x.element() != Element.BF16) {
      return x;
    }
    Tensor copy = copies.take(x.shape());
    round(x, copy);
    return copy;
  }

  private static void round(Tensor x, Tensor out) {
    out.array().assign(x.array());
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    if (x.element() == Element.BF16 || out.element() == Element.BF16) {
      round(x, out);
    } else {
      wide.copy(x, out);
    }
  }

  @Override
  public void zero(Tensor out) {
    wide.zero(out);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor out) {
    into(out, result -> wide.add(widened(x), widened(y), result));
  }

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {
    into(out, result -> wide.multiply(widened(x), widened(y), result));
  }

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    into(out, result -> wide.multiplyAdd(widened(x), widened(y), widened(z), result));
  }

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {
    into(out, result -> wide.linear(widened(x), factor, addend, result));
  }

  @Override
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    into(out, result -> wide.product(widened(a), widened(b), result, scale, accumulate));
  }

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    into(out, result -> wide.affine(widened(a), widened(b), row, result));
  }

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
    into(out, result -> wide.activatedProduct(widened(a), widened(b), f, result));
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    into(out, result -> wide.sumRows(widened(x), result, accumulate));
  }

  @Override
  public void sumColumns(Tensor x, Tensor out) {
    into(out, result -> wide.sumColumns(widened(x), result));
  }

  @Override
  public void activate(Activation f, Tensor x, Tensor out) {
    into(out, result -> wide.activate(f, widened(x), result));
  }

  @Override
  public void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    into(dX, result -> wide.activationGradient(f, widened(known), widened(dOut), result));
  }

  @Override
  public void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {
    into(out, result -> wide.layerNorm(x, scale, shift, epsilon, result, mean, variance));
  }

  @Override
  public void layerNormGradient(
      Tensor x,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      Tensor dShift) {
    wide.layerNormGradient(x, mean, variance, scale, epsilon, dOut, dX, dScale, dShift);
  }

  @Override
  public void rootMeanSquareNorm(
      Tensor x, Tensor scale, double epsilon, Tensor out, Tensor reciprocalRoot) {
    into(out, result -> wide.rootMeanSquareNorm(x, scale, epsilon, result, reciprocalRoot));
  }

  @Override
  public void rootMeanSquareNormGradient(
      Tensor x,
      Tensor reciprocalRoot,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      boolean accumulate) {
    wide.rootMeanSquareNormGradient(
        x, reciprocalRoot, scale, epsilon, dOut, dX, dScale, accumulate);
  }

  @Override
  public void reciprocalRoot(Tensor x, double addend, Tensor out) {
    wide.reciprocalRoot(x, addend, out);
  }

  @Override
  public void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    into(out, result -> wide.convolve(widened(x), widened(kernel), bias, result));
  }

  @Override
  public void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    into(
        dX,
        result ->
            wide.convolutionGradient(
                widened(x), widened(kernel), widened(dOut), result, dKernel, dBias, accumulate));
  }

  @Override
  public void convolveRows(Tensor x, Tensor kernel, int before, Tensor out) {
    into(out, result -> wide.convolveRows(widened(x), kernel, before, result));
  }

  @Override
  public void rowConvolutionGradient(
      Tensor x,
      Tensor kernel,
      int before,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      boolean accumulate) {
    into(
        dX,
        result ->
            wide.rowConvolutionGradient(
                widened(x), kernel, before, dOut, result, dKernel, accumulate));
  }

  @Override
  public void averagePool(Tensor x, Tensor out) {
    wide.averagePool(x, out);
  }

  @Override
  public void enlarge(Tensor x, Tensor out) {
    wide.enlarge(x, out);
  }

  @Override
  public void softmax(Tensor x, Tensor out) {
    into(out, result -> wide.softmax(x, result));
  }

  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    into(dX, result -> wide.softmaxGradient(widened(p), dP, sums, result));
  }

  @Override
  public void gatherRows(Tensor x, Tensor rows, Tensor out) {
    into(out, result -> wide.gatherRows(widened(x), rows, result));
  }

  @Override
  public void scatterRows(Tensor x, Tensor rows, Tensor out) {
    wide.scatterRows(x, rows, out);
  }

  @Override
  public void addToRows(Tensor x, Tensor rows, Tensor out) {
    wide.addToRows(x, rows, out);
  }

  @Override
  public void close() {
    wide.close();
  }
}
