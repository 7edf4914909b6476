package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Operations as oneDNN primitives, called without ND4J: each is made the first time its tensors
 * meet, and from then on executed on their memory, which costs less than a microsecond beside the
 * work itself.
 *
 * <p>What oneDNN has no fast form of, copies of rows by number and sums by token, is left to memory
 * copies and to {@link Nd4jCompute}.
 */
final class OneDnnCompute extends ComposedCompute {
  /** The number of prepared operations that are kept. */
  private static final int MOST_CALLS = 1 << 13;

  private static final int SCALE_AND_SHIFT =
      dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;

  private final Element operand;
  private final engine processor;
  private final stream order;
  private final dnnl_stream orderHandle;
  private final Nd4jCompute rest = new Nd4jCompute(Element.F32);
  private final Memory ones = new Memory(Element.F32);
  private final Address from = new Address(0);
  private final Address to = new Address(0);
  private final Set<String> implementations = new HashSet<>();
  private final Map<Object, Call> calls =
      new LinkedHashMap<>(MOST_CALLS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Call> eldest) {
          if (size() <= MOST_CALLS) {
            return false;
          }
          eldest.getValue().close();
          return true;
        }
      };

  /** A pointer to any address. */
  private static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }

    Address at(long newAddress) {
      this.address = newAddress;
      return this;
    }
  }

  /** A tensor as oneDNN knows it. */
  private record Handle(memory.desc description, memory contents) {}

  /** A primitive with its arguments. */
  private final class Step {
    private final primitive compiled;
    private final dnnl_primitive handle;
    private final dnnl_exec_arg_t arguments;
    private final int count;

    /** Kept for as long as oneDNN's own pointers to them: a memory that is collected is freed. */
    @SuppressWarnings("unused")
    private final List<memory> reachable;

    Step(primitive compiled, Arguments arguments) {
      this.compiled = compiled;
      this.handle = compiled.get();
      this.count = arguments.memories.size();
      this.reachable = List.copyOf(arguments.memories.values());
      this.arguments = new dnnl_exec_arg_t(count);
      int i = 0;
      for (Map.Entry<Integer, memory> argument : arguments.memories.entrySet()) {
        this.arguments.position(i++).arg(argument.getKey()).memory(argument.getValue().get());
      }
      this.arguments.position(0);
    }

    void run() {
      int status = dnnl.dnnl_primitive_execute(handle, orderHandle, count, arguments);
      if (status != 0) {
        throw new IllegalStateException("oneDNN failed to execute a primitive: status " + status);
      }
    }

    void close() {
      arguments.close();
      compiled.close();
    }
  }

  /** One operation: the primitives that it takes, in their order. */
  private static final class Call {
    private final Step[] steps;

    Call(Step... steps) {
      this.steps = steps;
    }

    void run() {
      for (Step step : steps) {
        step.run();
      }
    }

    void close() {
      for (Step step : steps) {
        step.close();
      }
    }
  }

  /** The arguments of a primitive by their numbers. */
  private final class Arguments {
    private final Map<Integer, memory> memories = new LinkedHashMap<>();

    Arguments with(int number, Tensor tensor) {
      return with(number, handle(tensor).contents());
    }

    Arguments with(int number, memory contents) {
      memories.put(number, contents);
      return this;
    }
  }

  private record Operation(
      Object what,
      Tensor a,
      @Nullable Tensor b,
      @Nullable Tensor c,
      @Nullable Tensor d,
      double number) {}

  OneDnnCompute(Element operand) {
    super(Element.F32);
    this.operand = operand;
    this.processor = new engine(engine.kind.cpu, 0);
    this.order = new stream(processor);
    this.orderHandle = order.get();
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
            instructions(),
            operand == Element.BF16 ? "bf16 products with f32 sums" : "f32");
  }

  /** The name of the newest instruction set that oneDNN uses on this processor. */
  private static String instructions() {
    int number = dnnl.dnnl_get_effective_cpu_isa();
    for (dnnl.cpu_isa set : dnnl.cpu_isa.values()) {
      if (set.value == number) {
        return set.name();
      }
    }
    return "instruction set " + number;
  }

  /** The names of oneDNN's implementations that were chosen so far. */
  Set<String> implementations() {
    return Set.copyOf(implementations);
  }

  private void run(Object key, Supplier<Call> maker) {
    Call call = calls.get(key);
    if (call == null) {
      call = maker.get();
      calls.put(key, call);
    }
    call.run();
  }

  private <T extends primitive_desc_base> T noted(T description) {
    implementations.add(description.impl_info_str().getString());
    return description;
  }

  private Handle handle(Tensor tensor) {
    return tensor.prepared(
        () -> {
          memory.desc description =
              new memory.desc(tensor.shape(), type(tensor.element()), tensor.strides());
          return new Handle(
              description, new memory(description, processor, new Address(tensor.address())));
        });
  }

  private memory.desc description(Tensor tensor) {
    return handle(tensor).description();
  }

  private static memory.data_type type(Element element) {
    return switch (element) {
      case F64 -> memory.data_type.f64;
      case F32 -> memory.data_type.f32;
      case BF16 -> memory.data_type.bf16;
      case I32 -> memory.data_type.s32;
    };
  }

  private Arguments arguments() {
    return new Arguments();
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    if (x.element() == out.element() && x.isContiguous() && out.isContiguous()) {
      Pointer.memcpy(to.at(out.address()), from.at(x.address()), x.length() * x.element().bytes());
      return;
    }
    run(
        new Operation("copy", x, out, null, null, 0),
        () -> new Call(reorderStep(handle(x).contents(), handle(out).contents())));
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
    binary(dnnl.algorithm.binary_add, x, y, null, null, out);
  }

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {
    binary(dnnl.algorithm.binary_mul, x, y, null, null, out);
  }

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    binary(dnnl.algorithm.binary_mul, x, y, dnnl.algorithm.binary_add, z, out);
  }

  /**
   * Computes out = (x first y) second z, in shapes that oneDNN has fast code for: of two rows that
   * are both repeated it has none, nor of a matrix with a repeated row, but of an image with a
   * repeated example it has.
   */
  private void binary(
      dnnl.algorithm first,
      Tensor x,
      Tensor y,
      dnnl.@Nullable algorithm second,
      @Nullable Tensor z,
      Tensor out) {
    if (second != null && z != null && z.length() != x.length()) {
      binary(first, x, y, null, null, out);
      binary(second, out, z, null, null, out);
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

  private record Binary(dnnl.algorithm first, dnnl.@Nullable algorithm second) {}

  private void binaryCall(
      dnnl.algorithm first,
      Tensor x,
      Tensor y,
      dnnl.@Nullable algorithm second,
      @Nullable Tensor z,
      Tensor out) {
    run(
        new Operation(new Binary(first, second), x, y, z, out, 0),
        () -> {
          List<Step> steps = new ArrayList<>();
          memory.desc repeated = description(y);
          memory factor = handle(y).contents();
          if (!y.isContiguous() && y.length() < x.length()) {
            repeated = denseDescription(y);
            factor = new memory(repeated, processor);
            steps.add(reorderStep(handle(y).contents(), factor));
          }
          primitive_attr attributes = new primitive_attr();
          Arguments arguments =
              arguments()
                  .with(DNNL_ARG_SRC_0, x)
                  .with(DNNL_ARG_SRC_1, factor)
                  .with(DNNL_ARG_DST, out);
          if (second != null && z != null) {
            post_ops after = new post_ops();
            after.append_binary(second, description(z));
            attributes.set_post_ops(after);
            arguments.with(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1, z);
          }
          steps.add(
              new Step(
                  new binary(
                      noted(
                          new binary.primitive_desc(
                              processor,
                              first,
                              description(x),
                              repeated,
                              description(out),
                              attributes,
                              false))),
                  arguments));
          return new Call(steps.toArray(Step[]::new));
        });
  }

  /** The description of the same entries without gaps. */
  private static memory.desc denseDescription(Tensor tensor) {
    long[] shape = tensor.shape();
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    return new memory.desc(shape, type(tensor.element()), strides);
  }

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {
    eltwise(dnnl.algorithm.eltwise_linear, x, factor, addend, out);
  }

  @Override
  public void activate(Activation f, Tensor x, Tensor out) {
    eltwise(algorithm(f), x, parameter(f), 0, out);
  }

  private static dnnl.algorithm algorithm(Activation f) {
    return switch (f) {
      case LOGISTIC -> dnnl.algorithm.eltwise_logistic;
      case SWISH -> dnnl.algorithm.eltwise_swish;
      case GELU -> dnnl.algorithm.eltwise_gelu_tanh;
    };
  }

  /** The first parameter of oneDNN's function: the swish's factor of its argument. */
  private static double parameter(Activation f) {
    return f == Activation.SWISH ? 1 : 0;
  }

  private eltwise_forward.primitive_desc forward(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    return new eltwise_forward.primitive_desc(
        processor,
        dnnl.prop_kind.forward_training,
        function,
        description(x),
        description(out),
        (float) parameter,
        (float) second);
  }

  private record Eltwise(dnnl.algorithm function, double second) {}

  private void eltwise(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    run(
        new Operation(new Eltwise(function, second), x, out, null, null, parameter),
        () -> new Call(eltwiseStep(function, x, parameter, second, out)));
  }

  private Step eltwiseStep(
      dnnl.algorithm function, Tensor x, double parameter, double second, Tensor out) {
    return new Step(
        new eltwise_forward(noted(forward(function, x, parameter, second, out))),
        arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, out));
  }

  private record GradientOf(Activation f) {}

  @Override
  public void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    run(
        new Operation(new GradientOf(f), known, dOut, dX, null, 0),
        () -> {
          boolean ofResult = f == Activation.LOGISTIC;
          dnnl.algorithm function =
              ofResult ? dnnl.algorithm.eltwise_logistic_use_dst_for_bwd : algorithm(f);
          eltwise_backward.primitive_desc description =
              new eltwise_backward.primitive_desc(
                  processor,
                  function,
                  description(dX),
                  description(dOut),
                  description(known),
                  (float) parameter(f),
                  0,
                  forward(function, known, parameter(f), 0, known));
          return new Call(
              new Step(
                  new eltwise_backward(noted(description)),
                  arguments()
                      .with(ofResult ? DNNL_ARG_DST : DNNL_ARG_SRC, known)
                      .with(DNNL_ARG_DIFF_DST, dOut)
                      .with(DNNL_ARG_DIFF_SRC, dX)));
        });
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
    run(
        new Operation(kind, a, b, row, out, scale),
        () -> new Call(productStep(a, b, row, out, scale, kind)));
  }

  private Step productStep(
      Tensor a, Tensor b, @Nullable Tensor row, Tensor out, double scale, Product kind) {
    post_ops after = new post_ops();
    if (scale != 1) {
      after.append_eltwise(dnnl.algorithm.eltwise_linear, (float) scale, 0);
    }
    if (kind.f() != null) {
      after.append_eltwise(algorithm(kind.f()), (float) parameter(kind.f()), 0);
    }
    if (kind.accumulate()) {
      after.append_sum();
    }
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(after);
    Arguments arguments =
        arguments().with(DNNL_ARG_SRC, a).with(DNNL_ARG_WEIGHTS, b).with(DNNL_ARG_DST, out);
    matmul.primitive_desc description;
    if (row == null) {
      description =
          new matmul.primitive_desc(
              processor, description(a), description(b), description(out), attributes, false);
    } else {
      arguments.with(DNNL_ARG_BIAS, row);
      description =
          new matmul.primitive_desc(
              processor,
              description(a),
              description(b),
              description(row),
              description(out),
              attributes,
              false);
    }
    return new Step(new matmul(noted(description)), arguments);
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    int rank = x.rank();
    long rows = x.size(rank - 2);
    long batch = x.length() / rows / x.size(rank - 1);
    Tensor row = ones(batch * rows);
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
    product(x, ones(x.size(1)).reshape(x.size(1), 1), out, 1, false);
  }

  /** A vector of ones. */
  private Tensor ones(long length) {
    long before = ones.bytes();
    Tensor vector = ones.of(length);
    if (ones.bytes() != before) {
      vector.array().assign(1);
    }
    return vector;
  }

  private enum Normalization {
    LAYER,
    LAYER_GRADIENT
  }

  private record Normalize(
      Normalization what, Tensor x, Tensor scale, Tensor out, Tensor statistics, double epsilon) {}

  @Override
  public void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {
    run(
        new Normalize(Normalization.LAYER, x, scale, out, mean, epsilon),
        () -> {
          Step[] steps = new Step[(int) x.size(0)];
          for (int b = 0; b < steps.length; b++) {
            steps[b] =
                new Step(
                    new layer_normalization_forward(
                        noted(forward(example(x, b), example(out, b), row(mean, b), epsilon))),
                    arguments()
                        .with(DNNL_ARG_SRC, example(x, b))
                        .with(DNNL_ARG_SCALE, row(scale, b))
                        .with(DNNL_ARG_SHIFT, row(shift, b))
                        .with(DNNL_ARG_DST, example(out, b))
                        .with(DNNL_ARG_MEAN, row(mean, b))
                        .with(DNNL_ARG_VARIANCE, row(variance, b)));
          }
          return new Call(steps);
        });
  }

  private layer_normalization_forward.primitive_desc forward(
      Tensor x, Tensor out, Tensor mean, double epsilon) {
    return new layer_normalization_forward.primitive_desc(
        processor,
        dnnl.prop_kind.forward_training.value,
        description(x),
        description(out),
        description(mean),
        (float) epsilon,
        SCALE_AND_SHIFT);
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
    run(
        new Normalize(Normalization.LAYER_GRADIENT, x, dOut, dX, dScale, epsilon),
        () -> {
          Step[] steps = new Step[(int) x.size(0)];
          for (int b = 0; b < steps.length; b++) {
            Tensor example = example(x, b);
            layer_normalization_backward.primitive_desc description =
                new layer_normalization_backward.primitive_desc(
                    processor,
                    dnnl.prop_kind.backward.value,
                    description(example(dX, b)),
                    description(example(dOut, b)),
                    description(example),
                    description(row(mean, b)),
                    (float) epsilon,
                    SCALE_AND_SHIFT,
                    forward(example, example(dOut, b), row(mean, b), epsilon));
            steps[b] =
                new Step(
                    new layer_normalization_backward(noted(description)),
                    arguments()
                        .with(DNNL_ARG_SRC, example)
                        .with(DNNL_ARG_MEAN, row(mean, b))
                        .with(DNNL_ARG_VARIANCE, row(variance, b))
                        .with(DNNL_ARG_SCALE, row(scale, b))
                        .with(DNNL_ARG_DIFF_DST, example(dOut, b))
                        .with(DNNL_ARG_DIFF_SRC, example(dX, b))
                        .with(DNNL_ARG_DIFF_SCALE, row(dScale, b))
                        .with(DNNL_ARG_DIFF_SHIFT, row(dShift, b)));
          }
          return new Call(steps);
        });
  }

  /** The rows of an example, [N, D]. */
  private static Tensor example(Tensor x, int b) {
    return x.interval(0, b, b + 1L).reshape(x.size(1), x.size(2));
  }

  /** An example's row of [B, D] or [B, 1, D] as a vector. */
  private static Tensor row(Tensor rows, int b) {
    return rows.interval(0, b, b + 1L).reshape(rows.size(rows.rank() - 1));
  }

  @Override
  public void reciprocalRoot(Tensor x, double addend, Tensor out) {
    run(
        new Operation("reciprocalRoot", x, out, null, null, addend),
        () ->
            new Call(
                eltwiseStep(dnnl.algorithm.eltwise_relu, x, 0, 0, out),
                eltwiseStep(dnnl.algorithm.eltwise_linear, out, 1, addend, out),
                eltwiseStep(dnnl.algorithm.eltwise_pow, out, 1, -0.5, out)));
  }

  /** Images as oneDNN counts their dimensions: example, channel, row, column. */
  private static Tensor channelsSecond(Tensor image) {
    return image.permute(0, 3, 1, 2);
  }

  private record Convolve(Tensor x, Tensor kernel, Tensor out) {}

  @Override
  public void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    run(new Convolve(x, kernel, out), () -> convolution(x, kernel, bias, out));
  }

  private Call convolution(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    Tensor image = channelsSecond(x);
    Tensor weights = kernel.permute(3, 2, 0, 1);
    Tensor result = channelsSecond(out);
    convolution_forward.primitive_desc description = noted(forward(image, weights, bias, result));
    memory packed = new memory(description.weights_desc(), processor);
    Arguments arguments =
        arguments()
            .with(DNNL_ARG_SRC, image)
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DST, result);
    if (bias != null) {
      arguments.with(DNNL_ARG_BIAS, bias);
    }
    return new Call(
        reorderStep(handle(weights).contents(), packed),
        new Step(new convolution_forward(description), arguments));
  }

  private Step reorderStep(memory source, memory target) {
    return new Step(
        new reorder(source, target),
        arguments().with(DNNL_ARG_FROM, source).with(DNNL_ARG_TO, target));
  }

  /** A kernel in whatever layout oneDNN likes best. */
  private static memory.desc anyLayout(Tensor weights) {
    return new memory.desc(weights.shape(), type(weights.element()), memory.format_tag.any);
  }

  private convolution_forward.primitive_desc forward(
      Tensor image, Tensor weights, @Nullable Tensor bias, Tensor result) {
    long[] one = {1, 1};
    return bias == null
        ? new convolution_forward.primitive_desc(
            processor,
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            description(image),
            anyLayout(weights),
            description(result),
            one,
            one,
            one)
        : new convolution_forward.primitive_desc(
            processor,
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            description(image),
            anyLayout(weights),
            description(bias),
            description(result),
            one,
            one,
            one);
  }

  private record ConvolveGradient(Tensor x, Tensor dOut, Tensor dX, boolean accumulate) {}

  @Override
  public void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    run(
        new ConvolveGradient(x, dOut, dX, accumulate),
        () -> convolutionGradientCall(x, kernel, dOut, dX, dKernel, dBias, accumulate));
  }

  private Call convolutionGradientCall(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    long[] one = {1, 1};
    Tensor image = channelsSecond(x);
    Tensor weights = kernel.permute(3, 2, 0, 1);
    Tensor dWeights = dKernel.permute(3, 2, 0, 1);
    Tensor dResult = channelsSecond(dOut);
    Tensor dImage = channelsSecond(dX);
    convolution_forward.primitive_desc hint = forward(image, weights, null, dResult);
    convolution_backward_data.primitive_desc data =
        noted(
            new convolution_backward_data.primitive_desc(
                processor,
                dnnl.algorithm.convolution_direct,
                description(dImage),
                anyLayout(weights),
                description(dResult),
                one,
                one,
                one,
                hint));
    memory packed = new memory(data.weights_desc(), processor);
    memory.desc biasDescription = dBias == null ? null : description(dBias);
    convolution_backward_weights.primitive_desc kernelGradient =
        noted(
            biasDescription == null
                ? new convolution_backward_weights.primitive_desc(
                    processor,
                    dnnl.algorithm.convolution_direct,
                    description(image),
                    anyLayout(dWeights),
                    description(dResult),
                    one,
                    one,
                    one,
                    hint)
                : new convolution_backward_weights.primitive_desc(
                    processor,
                    dnnl.algorithm.convolution_direct,
                    description(image),
                    anyLayout(dWeights),
                    biasDescription,
                    description(dResult),
                    one,
                    one,
                    one,
                    hint));
    memory packedGradient = new memory(kernelGradient.diff_weights_desc(), processor);
    Arguments weightArguments =
        arguments()
            .with(DNNL_ARG_SRC, image)
            .with(DNNL_ARG_DIFF_DST, dResult)
            .with(DNNL_ARG_DIFF_WEIGHTS, packedGradient);
    List<Step> steps = new ArrayList<>();
    steps.add(reorderStep(handle(weights).contents(), packed));
    steps.add(
        new Step(
            new convolution_backward_data(data),
            arguments()
                .with(DNNL_ARG_DIFF_DST, dResult)
                .with(DNNL_ARG_WEIGHTS, packed)
                .with(DNNL_ARG_DIFF_SRC, dImage)));
    memory biasGradient = null;
    if (biasDescription != null) {
      biasGradient = new memory(biasDescription, processor);
      weightArguments.with(DNNL_ARG_DIFF_BIAS, biasGradient);
    }
    steps.add(new Step(new convolution_backward_weights(kernelGradient), weightArguments));
    steps.add(addedStep(packedGradient, handle(dWeights).contents(), accumulate));
    if (biasGradient != null && dBias != null) {
      steps.add(addedStep(biasGradient, handle(dBias).contents(), accumulate));
    }
    return new Call(steps.toArray(Step[]::new));
  }

  /** Copies, or adds, from one layout to another. */
  private Step addedStep(memory source, memory target, boolean accumulate) {
    primitive_attr attributes = new primitive_attr();
    if (accumulate) {
      post_ops after = new post_ops();
      after.append_sum();
      attributes.set_post_ops(after);
    }
    return new Step(
        new reorder(source, target, attributes),
        arguments().with(DNNL_ARG_FROM, source).with(DNNL_ARG_TO, target));
  }

  @Override
  public void averagePool(Tensor x, Tensor out) {
    run(
        new Operation("averagePool", x, out, null, null, 0),
        () -> {
          long[] two = {2, 2};
          long[] none = {0, 0};
          Tensor image = channelsSecond(x);
          Tensor result = channelsSecond(out);
          return new Call(
              new Step(
                  new pooling_forward(
                      noted(
                          new pooling_forward.primitive_desc(
                              processor,
                              dnnl.prop_kind.forward_inference,
                              dnnl.algorithm.pooling_avg_exclude_padding,
                              description(image),
                              description(result),
                              two,
                              two,
                              none,
                              none,
                              none))),
                  arguments().with(DNNL_ARG_SRC, image).with(DNNL_ARG_DST, result)));
        });
  }

  @Override
  public void enlarge(Tensor x, Tensor out) {
    run(
        new Operation("enlarge", x, out, null, null, 0),
        () -> {
          long[] shape = x.shape();
          Tensor image = x.reshape(shape[0], shape[1], 1, shape[2], 1, shape[3]);
          Tensor squares = out.reshape(shape[0], shape[1], 2, shape[2], 2, shape[3]);
          Step[] steps = new Step[4];
          for (int q = 0; q < steps.length; q++) {
            Tensor quarter = squares.interval(2, q / 2, q / 2 + 1L).interval(4, q % 2, q % 2 + 1L);
            steps[q] = reorderStep(handle(image).contents(), handle(quarter).contents());
          }
          return new Call(steps);
        });
  }

  private softmax_forward.primitive_desc softmaxForward(Tensor x) {
    return new softmax_forward.primitive_desc(
        processor,
        dnnl.prop_kind.forward_training,
        dnnl.algorithm.softmax_accurate,
        description(x),
        description(x),
        x.rank() - 1);
  }

  @Override
  public void softmax(Tensor x) {
    run(
        new Operation("softmax", x, null, null, null, 0),
        () ->
            new Call(
                new Step(
                    new softmax_forward(noted(softmaxForward(x))),
                    arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, x))));
  }

  /**
   * {@inheritDoc} The sums are taken away by a product with a row of ones: oneDNN's own
   * softmax_backward has no fast form before AVX-512, nor has taking a column from a matrix.
   */
  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    if (dX != dP) {
      copy(dP, dX);
    }
    long width = p.size(3);
    Tensor row = ones(p.size(0) * p.size(1) * width).reshape(p.size(0), p.size(1), 1, width);
    product(sums, row, dX, -1, true);
    multiply(dX, p, dX);
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
    calls.values().forEach(Call::close);
    calls.clear();
    order.close();
    processor.close();
  }
}
