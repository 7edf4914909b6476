package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.Set;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Address;
import org.md4j.compute.OneDnnPrimitives.Arguments;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

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
  private final OneDnnElementwise elementwise = new OneDnnElementwise(primitives);
  private final OneDnnNormalization normalization = new OneDnnNormalization(primitives);
  private final OneDnnConvolution convolution = new OneDnnConvolution(primitives);
  private final Nd4jCompute rest = new Nd4jCompute(Element.F32);
  private final Memory ones = new Memory(Element.F32);
  private final Memory operandOnes;
  private final Address from = new Address(0);
  private final Address to = new Address(0);

  OneDnnCompute(Element operand) {
    super(Element.F32);
    this.operand = operand;
    this.operandOnes = operand == Element.F32 ? ones : new Memory(operand);
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
    if (x.element() == out.element() && x.isContiguous() && out.isContiguous()) {
      Pointer.memcpy(to.at(out.address()), from.at(x.address()), x.length() * x.element().bytes());
      return;
    }
    primitives.run(
        new Operation("copy", x, out, null, null, 0),
        () ->
            new Call(
                primitives.reorderStep(
                    primitives.handle(x).contents(), primitives.handle(out).contents())));
  }

  @Override
  public void zero(Tensor out) {
    if (!out.isContiguous()) {
      throw new IllegalArgumentException("out (" + out + ") must be contiguous");
    }
    Pointer.memset(to.at(out.address()), 0, out.length() * out.element().bytes());
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

  /** What a product does beside multiplying. */
  private record Product(boolean accumulate, @Nullable Activation f) {}

  @Override
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    product(a, b, null, out, scale, new Product(accumulate, null));
  }

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    product(a, b, row.reshape(1, row.length()), out, 1, new Product(false, null));
  }

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
    product(a, b, null, out, 1, new Product(false, f));
  }

  private void product(
      Tensor a, Tensor b, @Nullable Tensor row, Tensor out, double scale, Product kind) {
    primitives.run(
        new Operation(kind, a, b, row, out, scale),
        () -> {
          if (a.rank() < 4 || a.size(0) == 1) {
            return new Call(productStep(a, b, row, out, scale, kind));
          }
          // One for each example: of stacks of strided heads oneDNN 3.11 computes some sizes wrong
          // (on AVX2, two heads' worth of rows as many as examples).
          Step[] steps = new Step[Math.toIntExact(a.size(0))];
          for (int e = 0; e < steps.length; e++) {
            steps[e] =
                productStep(
                    a.interval(0, e, e + 1L),
                    b.interval(0, e, e + 1L),
                    row,
                    out.interval(0, e, e + 1L),
                    scale,
                    kind);
          }
          return new Call(steps);
        });
  }

  private Step productStep(
      Tensor a, Tensor b, @Nullable Tensor row, Tensor out, double scale, Product kind) {
    post_ops after = new post_ops();
    if (scale != 1) {
      after.append_eltwise(dnnl.algorithm.eltwise_linear, (float) scale, 0);
    }
    if (kind.f() != null) {
      after.append_eltwise(
          OneDnnElementwise.algorithm(kind.f()), (float) OneDnnElementwise.parameter(kind.f()), 0);
    }
    if (kind.accumulate()) {
      after.append_sum();
    }
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(after);
    Arguments arguments =
        primitives
            .arguments()
            .with(DNNL_ARG_SRC, a)
            .with(DNNL_ARG_WEIGHTS, b)
            .with(DNNL_ARG_DST, out);
    matmul.primitive_desc description;
    if (row == null) {
      description =
          new matmul.primitive_desc(
              primitives.processor(),
              primitives.description(a),
              primitives.description(b),
              primitives.description(out),
              attributes,
              false);
    } else {
      arguments.with(DNNL_ARG_BIAS, row);
      description =
          new matmul.primitive_desc(
              primitives.processor(),
              primitives.description(a),
              primitives.description(b),
              primitives.description(row),
              primitives.description(out),
              attributes,
              false);
    }
    return primitives.step(new matmul(primitives.noted(description)), arguments);
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    int rank = x.rank();
    long rows = x.size(rank - 2);
    long batch = x.length() / rows / x.size(rank - 1);
    Tensor row = ones(x.element(), batch * rows);
    Tensor matrix = out;
    if (rank == 2) {
      row = row.reshape(1, rows);
      matrix = out.reshape(1, x.size(1));
    } else {
      row = row.reshape(batch, 1, rows);
      matrix = out.reshape(batch, 1, x.size(2));
    }
    product(row, x, matrix, 1, accumulate);
  }

  @Override
  public void sumColumns(Tensor x, Tensor out) {
    product(x, ones(Element.F32, x.size(1)).reshape(x.size(1), 1), out, 1, false);
  }

  /** A vector of ones. */
  private Tensor ones(Element element, long length) {
    Memory memory = element == Element.F32 ? ones : operandOnes;
    long before = memory.bytes();
    Tensor vector = memory.of(length);
    if (memory.bytes() != before) {
      vector.array().assign(1);
    }
    return vector;
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
        ones(Element.F32, p.size(0) * p.size(1) * width).reshape(p.size(0), p.size(1), 1, width);
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
