package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Arguments;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

/** Operations that are done entry by entry, as oneDNN primitives. */
final class OneDnnElementwise {
  private final OneDnnPrimitives primitives;

  /** An argument in 32 bits, and a result before it is rounded. */
  private final Memory argument = new Memory(Element.F32);

  private final Memory result = new Memory(Element.F32);

  OneDnnElementwise(OneDnnPrimitives primitives) {
    this.primitives = primitives;
  }

  /**
   * Computes out = (x first y) second z, in forms that oneDNN has fast code for: of two rows that
   * are both repeated it has none, nor of a matrix with a repeated row, but of an image with a
   * repeated example it has; nor of an x of another number type than the result's.
   */
  void binary(
      dnnl.algorithm first,
      Tensor x,
      Tensor y,
      dnnl.@Nullable algorithm second,
      @Nullable Tensor z,
      Tensor out) {
    if (x.element() != out.element()) {
      convertingBinary(first, x, y, second, z, out);
    } else if (second != null && z != null && z.length() != x.length()) {
      Tensor exact = out.element() == Element.BF16 ? result.of(out.shape()) : out;
      binary(first, x, y, null, null, exact);
      binary(second, exact, z, null, null, out);
    } else if (x.rank() == 2 && y.size(0) == 1 && x.size(0) > 1) {
      long rows = x.size(0);
      long width = x.size(1);
      Tensor addend = z == null ? null : z.reshape(rows, 1, width);
      binaryCall(
          first,
          x.reshape(rows, 1, width),
          y.reshape(1, 1, y.length()),
          second,
          addend,
          out.reshape(rows, 1, width));
    } else {
      binaryCall(first, x, y, second, z, out);
    }
  }

  /** Does the same from one number type to the other, with a copy before or after. */
  private void convertingBinary(
      dnnl.algorithm first,
      Tensor x,
      Tensor y,
      dnnl.@Nullable algorithm second,
      @Nullable Tensor z,
      Tensor out) {
    if (y.element() == out.element() && y.length() == x.length()) {
      // Sums and products are the same the other way round.
      binary(first, y, x, second, z, out);
    } else if (out.element() == Element.BF16) {
      Tensor exact = result.of(out.shape());
      binary(first, x, y, second, z, exact);
      primitives.copy(exact, out);
    } else {
      Tensor widened = argument.of(x.shape());
      primitives.copy(x, widened);
      binary(first, widened, y, second, z, out);
    }
  }

  private record Binary(dnnl.algorithm first, dnnl.@Nullable algorithm second) {}

  private void binaryCall(
      dnnl.algorithm first,
      Tensor x,
      Tensor y,
      dnnl.@Nullable algorithm second,
      @Nullable Tensor z,
      Tensor out) {
    primitives.run(
        new Operation(new Binary(first, second), x, y, z, out, 0),
        () -> {
          List<Step> steps = new ArrayList<>();
          memory.desc repeated = primitives.description(y);
          memory factor = primitives.handle(y).contents();
          if (!y.isContiguous() && y.length() < x.length()) {
            repeated = OneDnnPrimitives.denseDescription(y);
            factor = new memory(repeated, primitives.processor());
            steps.add(primitives.reorderStep(primitives.handle(y).contents(), factor));
          }
          primitive_attr attributes = new primitive_attr();
          Arguments arguments =
              primitives
                  .arguments()
                  .with(DNNL_ARG_SRC_0, x)
                  .with(DNNL_ARG_SRC_1, factor)
                  .with(DNNL_ARG_DST, out);
          if (second != null && z != null) {
            post_ops after = new post_ops();
            after.append_binary(second, primitives.description(z));
            attributes.set_post_ops(after);
            arguments.with(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1, z);
          }
          steps.add(
              primitives.step(
                  new binary(
                      primitives.noted(
                          new binary.primitive_desc(
                              primitives.processor(),
                              first,
                              primitives.description(x),
                              repeated,
                              primitives.description(out),
                              attributes,
                              false))),
                  arguments));
          return new Call(steps.toArray(Step[]::new));
        });
  }

  static dnnl.algorithm algorithm(Activation f) {
    return switch (f) {
      case LOGISTIC -> dnnl.algorithm.eltwise_logistic;
      case SWISH -> dnnl.algorithm.eltwise_swish;
      case GELU -> dnnl.algorithm.eltwise_gelu_tanh;
    };
  }

  /** The first parameter of oneDNN's function: the swish's factor of its argument. */
  static double parameter(Activation f) {
    return f == Activation.SWISH ? 1 : 0;
  }

  private eltwise_forward.primitive_desc forward(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    return new eltwise_forward.primitive_desc(
        primitives.processor(),
        dnnl.prop_kind.forward_training,
        function,
        primitives.description(x),
        primitives.description(out),
        (float) parameter,
        (float) second);
  }

  private record Eltwise(dnnl.algorithm function, double second) {}

  private void eltwise(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    primitives.run(
        new Operation(new Eltwise(function, second), x, out, null, null, parameter),
        () -> new Call(eltwiseStep(function, x, parameter, second, out)));
  }

  private Step eltwiseStep(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    return primitives.step(
        new eltwise_forward(primitives.noted(forward(function, x, parameter, second, out))),
        primitives.arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, out));
  }

  private record GradientOf(Activation f) {}

  void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    primitives.run(
        new Operation(new GradientOf(f), known, dOut, dX, null, 0),
        () -> {
          boolean ofResult = f == Activation.LOGISTIC;
          dnnl.algorithm function =
              ofResult ? dnnl.algorithm.eltwise_logistic_use_dst_for_bwd : algorithm(f);
          eltwise_backward.primitive_desc description =
              new eltwise_backward.primitive_desc(
                  primitives.processor(),
                  function,
                  primitives.description(dX),
                  primitives.description(dOut),
                  primitives.description(known),
                  (float) parameter(f),
                  0,
                  forward(function, known, parameter(f), 0, known));
          return new Call(
              primitives.step(
                  new eltwise_backward(primitives.noted(description)),
                  primitives
                      .arguments()
                      .with(ofResult ? DNNL_ARG_DST : DNNL_ARG_SRC, known)
                      .with(DNNL_ARG_DIFF_DST, dOut)
                      .with(DNNL_ARG_DIFF_SRC, dX)));
        });
  }

  void reciprocalRoot(Tensor x, double addend, Tensor out) {
    primitives.run(
        new Operation("reciprocalRoot", x, out, null, null, addend),
        () ->
            new Call(
                eltwiseStep(dnnl.algorithm.eltwise_relu, x, 0, 0, out),
                eltwiseStep(dnnl.algorithm.eltwise_linear, out, 1, addend, out),
                eltwiseStep(dnnl.algorithm.eltwise_pow, out, 1, -0.5, out)));
  }

  void linear(Tensor x, double factor, double addend, Tensor out) {
    eltwise(dnnl.algorithm.eltwise_linear, x, factor, addend, out);
  }

  void activate(Activation f, Tensor x, Tensor out) {
    if (x.element() == out.element()) {
      eltwise(algorithm(f), x, parameter(f), 0, out);
    } else if (out.element() == Element.BF16) {
      Tensor exact = result.of(out.shape());
      eltwise(algorithm(f), x, parameter(f), 0, exact);
      primitives.copy(exact, out);
    } else {
      primitives.copy(x, out);
      eltwise(algorithm(f), out, parameter(f), 0, out);
    }
  }
}
