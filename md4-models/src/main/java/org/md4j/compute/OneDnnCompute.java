package org.md4j.compute;

import java.util.Set;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Address;

/**
 * Operations as oneDNN primitives, called without ND4J: each is made the first time its tensors
 * meet, and from then on executed on their memory, which costs less than a microsecond beside the
 * work itself.
 *
 * <p>What oneDNN has no fast form of, copies of rows by number and sums by token, is left to memory
 * copies and to {@link Nd4jCompute}.
 */
final class OneDnnCompute extends ComposedCompute {
  private final Element operand;
  private final OneDnnPrimitives primitives = new OneDnnPrimitives();
  private final OneDnnProducts products = new OneDnnProducts(primitives);
  private final OneDnnElementwise elementwise = new OneDnnElementwise(primitives);
  private final OneDnnNormalization normalization = new OneDnnNormalization(primitives);
  private final OneDnnConvolution convolution = new OneDnnConvolution(primitives, products);
  private final OneDnnRowConvolution rowConvolution = new OneDnnRowConvolution(primitives);
  private final Nd4jCompute rest = new Nd4jCompute(Element.F32);
  private final Address from = new Address(0);
  private final Address to = new Address(0);

  OneDnnCompute(Element operand) {
    super(Element.F32);
    this.operand = operand;
  }

  @Override
  public Element element() {
    return Element.F32;
  }

  @Override
  public Element operand() {
    return operand;
  }

  @Override
  public String description() {
    return "oneDNN %d.%d, %s, %s"
        .formatted(
            dnnl.DNNL_VERSION_MAJOR,
            dnnl.DNNL_VERSION_MINOR,
            OneDnnPrimitives.instructions(),
            operand == Element.BF16 ? "bf16 products with f32 sums" : "f32");
  }

  /** The names of oneDNN's implementations that were chosen so far. */
  Set<String> implementations() {
    return primitives.implementations();
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    primitives.copy(x, out);
  }

  @Override
  public void zero(Tensor out) {
    primitives.zero(out);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor out) {
    elementwise.binary(dnnl.algorithm.binary_add, x, y, null, null, out);
  }

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {
    elementwise.binary(dnnl.algorithm.binary_mul, x, y, null, null, out);
  }

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    elementwise.binary(dnnl.algorithm.binary_mul, x, y, dnnl.algorithm.binary_add, z, out);
  }

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {
    elementwise.linear(x, factor, addend, out);
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
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    products.product(a, b, out, scale, accumulate);
  }

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    products.affine(a, b, row, out);
  }

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
    products.activatedProduct(a, b, f, out);
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    products.sumRows(x, out, accumulate);
  }

  @Override
  public void sumColumns(Tensor x, Tensor out) {
    products.sumColumns(x, out);
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

  /**
   * {@inheritDoc} The sums are taken away by a product with a row of ones: oneDNN's own
   * softmax_backward has no fast form before AVX-512, nor has taking a column from a matrix.
   */
  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    long width = p.size(3);
    Tensor row =
        products
            .ones(Element.F32, p.size(0) * p.size(1) * width)
            .reshape(p.size(0), p.size(1), 1, width);
    product(sums, row, dP, -1, true);
    multiply(dP, p, dX);
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
    copyRows(x, out, rows, true);
  }

  @Override
  public void scatterRows(Tensor x, Tensor rows, Tensor out) {
    copyRows(out, x, rows, false);
  }

  /** Copies between the named rows of a table and the rows of a list in their order. */
  private void copyRows(Tensor table, Tensor list, Tensor rows, boolean toList) {
    int[] numbers = rows.array().toIntVector();
    long bytes = table.size(1) * table.element().bytes();
    long tableAddress = table.address();
    long listAddress = list.address();
    for (int i = 0; i < numbers.length; i++) {
      from.at(toList ? tableAddress + numbers[i] * bytes : listAddress + i * bytes);
      to.at(toList ? listAddress + i * bytes : tableAddress + numbers[i] * bytes);
      Pointer.memcpy(to, from, bytes);
    }
  }

  @Override
  public void addToRows(Tensor x, Tensor rows, Tensor out) {
    rest.addToRows(x, rows, out);
  }

  @Override
  public void close() {
    primitives.close();
  }
}
