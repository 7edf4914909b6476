package org.md4j.compute;

import org.jspecify.annotations.Nullable;

/**
 * Computes nothing, on memory that is counted but not allocated.
 *
 * @param element the number type of parameters and results
 * @param operand the number type of what is only an operand of products
 */
record CountingCompute(Element element, Element operand) implements Compute {
  @Override
  public String description() {
    return "nothing, memory is counted";
  }

  @Override
  public Memory memory(Element type) {
    return Memory.counted(type);
  }

  @Override
  public void close() {}

  @Override
  public void write(HostNumbers numbers, Tensor out) {}

  @Override
  public void copy(Tensor x, Tensor out) {}

  @Override
  public void zero(Tensor out) {}

  @Override
  public void add(Tensor x, Tensor y, Tensor out) {}

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {}

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {}

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {}

  @Override
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {}

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {}

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {}

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {}

  @Override
  public void sumColumns(Tensor x, Tensor out) {}

  @Override
  public void activate(Activation f, Tensor x, Tensor out) {}

  @Override
  public void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {}

  @Override
  public void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {}

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
      Tensor dShift) {}

  @Override
  public void rootMeanSquareNorm(
      Tensor x, Tensor scale, double epsilon, Tensor out, Tensor reciprocalRoot) {}

  @Override
  public void rootMeanSquareNormGradient(
      Tensor x,
      Tensor reciprocalRoot,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      boolean accumulate) {}

  @Override
  public void reciprocalRoot(Tensor x, double addend, Tensor out) {}

  @Override
  public void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {}

  @Override
  public void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {}

  @Override
  public void convolveRows(Tensor x, Tensor kernel, int before, Tensor out) {}

  @Override
  public void rowConvolutionGradient(
      Tensor x,
      Tensor kernel,
      int before,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      boolean accumulate) {}

  @Override
  public void averagePool(Tensor x, Tensor out) {}

  @Override
  public void enlarge(Tensor x, Tensor out) {}

  @Override
  public void softmax(Tensor x, Tensor out) {}

  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {}

  @Override
  public void gatherRows(Tensor x, Tensor rows, Tensor out) {}

  @Override
  public void scatterRows(Tensor x, Tensor rows, Tensor out) {}

  @Override
  public void addToRows(Tensor x, Tensor rows, Tensor out) {}
}
