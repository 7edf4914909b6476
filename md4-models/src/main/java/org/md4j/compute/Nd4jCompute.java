package org.md4j.compute;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations by ND4J, each in the form that 1.0.0-M2.1 runs fastest, the obvious forms being 3 to
 * 20 times slower: on every platform it has a backend for, on CUDA too, in 32 and in 64 bits.
 */
final class Nd4jCompute extends ComposedCompute {
  private final Nd4jWork work;
  private final Nd4jProducts products;
  private final Nd4jElementwise elementwise;
  private final Nd4jNormalization normalization;
  private final Nd4jConvolution convolution;
  private final Nd4jRowConvolution rowConvolution;
  private final Nd4jRows rowCopies;

  Nd4jCompute(Element element) {
    super(element);
    this.work = new Nd4jWork(element);
    this.products = new Nd4jProducts(work);
    this.elementwise = new Nd4jElementwise(work);
    this.normalization = new Nd4jNormalization(work, products, elementwise);
    this.convolution = new Nd4jConvolution(work, elementwise);
    this.rowConvolution = new Nd4jRowConvolution(work, elementwise, products);
    this.rowCopies = new Nd4jRows(work, products);
  }

  @Override
  public Element element() {
    return work.element();
  }

  @Override
  public Element operand() {
    return work.element();
  }

  @Override
  public String description() {
    return "ND4J (%s), %s"
        .formatted(
            Nd4j.getBackend().getClass().getSimpleName(), element() == Element.F64 ? "f64" : "f32");
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    out.array().assign(x.array());
  }

  @Override
  public void zero(Tensor out) {
    out.array().assign(0);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor out) {
    elementwise.add(x, y, out);
  }

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {
    elementwise.multiply(x, y, out);
  }

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    elementwise.multiplyAdd(x, y, z, out);
  }

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {
    elementwise.linear(x, factor, addend, out);
  }

  @Override
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    products.product(a, b, out, scale, accumulate);
  }

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    products.product(a, b, out, 1, false);
    elementwise.add(out, row.reshape(1, row.length()), out);
  }

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
    if (f == Activation.LOGISTIC) {
      products.product(a, b, out, 0.5, false);
      Nd4jElementwise.logisticOfTwice(out.array());
    } else {
      products.product(a, b, out, 1, false);
      elementwise.activate(f, out, out);
    }
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    products.sumRows(x, out, accumulate);
  }

  @Override
  public void sumColumns(Tensor x, Tensor out) {
    products.sumColumns(x, 1, out);
  }

  @Override
  public void activate(Activation f, Tensor x, Tensor out) {
    elementwise.activate(f, x, out);
  }

  @Override
  public void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    elementwise.activationGradient(f, known, dOut, dX);
  }

  @Override
  public void reciprocalRoot(Tensor x, double addend, Tensor out) {
    elementwise.reciprocalRoot(x, addend, out);
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
    normalization.layerNorm(x, scale, shift, epsilon, out, mean, variance);
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
    normalization.layerNormGradient(x, mean, variance, scale, epsilon, dOut, dX, dScale, dShift);
  }

  @Override
  public void softmax(Tensor x, Tensor out) {
    normalization.softmax(x, out);
  }

  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    normalization.softmaxGradient(p, dP, sums, dX);
  }

  @Override
  public void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    convolution.convolve(x, kernel, bias, out);
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
    convolution.convolutionGradient(x, kernel, dOut, dX, dKernel, dBias, accumulate);
  }

  @Override
  public void convolveRows(Tensor x, Tensor kernel, int before, Tensor out) {
    rowConvolution.convolve(x, kernel, before, out);
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
    rowConvolution.gradient(x, kernel, before, dOut, dX, dKernel, accumulate);
  }

  @Override
  public void averagePool(Tensor x, Tensor out) {
    convolution.averagePool(x, out);
  }

  @Override
  public void enlarge(Tensor x, Tensor out) {
    convolution.enlarge(x, out);
  }

  @Override
  public void gatherRows(Tensor x, Tensor rows, Tensor out) {
    rowCopies.gatherRows(x, rows, out);
  }

  @Override
  public void scatterRows(Tensor x, Tensor rows, Tensor out) {
    rowCopies.scatterRows(x, rows, out);
  }

  @Override
  public void addToRows(Tensor x, Tensor rows, Tensor out) {
    rowCopies.addToRows(x, rows, out);
  }

  @Override
  public void close() {}
}
