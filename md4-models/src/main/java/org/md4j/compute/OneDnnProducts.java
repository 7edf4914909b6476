package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Arguments;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

/** Products of matrices, and sums as products with ones, as oneDNN primitives. */
final class OneDnnProducts {
  private final OneDnnPrimitives primitives;
  private final Map<Element, Memory> ones = new EnumMap<>(Element.class);

  OneDnnProducts(OneDnnPrimitives primitives) {
    this.primitives = primitives;
  }

  /** What a product does beside multiplying. */
  private record Product(boolean accumulate, @Nullable Activation f) {}

  void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    product(a, b, null, out, scale, new Product(accumulate, null));
  }

  void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    product(a, b, row.reshape(1, row.length()), out, 1, new Product(false, null));
  }

  void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
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

  void sumRows(Tensor x, Tensor out, boolean accumulate) {
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

  void sumColumns(Tensor x, Tensor out) {
    product(x, ones(Element.F32, x.size(1)).reshape(x.size(1), 1), out, 1, false);
  }

  /** Returns a vector of ones, not to be written to. */
  Tensor ones(Element element, long length) {
    Memory memory = ones.computeIfAbsent(element, Memory::new);
    long before = memory.bytes();
    Tensor vector = memory.of(length);
    if (memory.bytes() != before) {
      vector.array().assign(1);
    }
    return vector;
  }
}
