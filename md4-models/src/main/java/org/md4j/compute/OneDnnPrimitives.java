package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's primitives, prepared once for their tensors and kept: what the operations of {@link
 * OneDnnCompute} are made of.
 */
final class OneDnnPrimitives {
  /** The number of prepared operations that are kept. */
  private static final int MOST_CALLS = 1 << 12;

  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream order = new stream(processor);
  private final dnnl_stream orderHandle = order.get();
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

  /** The processor, as oneDNN knows it. */
  engine processor() {
    return processor;
  }

  /** A primitive with its arguments. */
  Step step(primitive compiled, Arguments arguments) {
    return new Step(compiled, arguments);
  }

  /** A pointer to any address. */
  static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }

    Address at(long newAddress) {
      this.address = newAddress;
      return this;
    }
  }

  /** A tensor as oneDNN knows it. */
  record Handle(memory.desc description, memory contents) {}

  /** A primitive with its arguments. */
  final class Step {
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
  static final class Call {
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
  final class Arguments {
    private final Map<Integer, memory> memories = new LinkedHashMap<>();

    Arguments with(int number, Tensor tensor) {
      return with(number, handle(tensor).contents());
    }

    Arguments with(int number, memory contents) {
      memories.put(number, contents);
      return this;
    }
  }

  record Operation(
      Object what,
      Tensor a,
      @Nullable Tensor b,
      @Nullable Tensor c,
      @Nullable Tensor d,
      double number) {}

  /** The name of the newest instruction set that oneDNN uses on this processor. */
  static String instructions() {
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

  void run(Object key, Supplier<Call> maker) {
    Call call = calls.get(key);
    if (call == null) {
      call = maker.get();
      calls.put(key, call);
    }
    call.run();
  }

  <T extends primitive_desc_base> T noted(T description) {
    implementations.add(description.impl_info_str().getString());
    return description;
  }

  Handle handle(Tensor tensor) {
    return tensor.prepared(
        () -> {
          memory.desc description =
              new memory.desc(tensor.shape(), type(tensor.element()), tensor.strides());
          return new Handle(
              description, new memory(description, processor, new Address(tensor.address())));
        });
  }

  memory.desc description(Tensor tensor) {
    return handle(tensor).description();
  }

  static memory.data_type type(Element element) {
    return switch (element) {
      case F64 -> memory.data_type.f64;
      case F32 -> memory.data_type.f32;
      case BF16 -> memory.data_type.bf16;
      case I32 -> memory.data_type.s32;
    };
  }

  Arguments arguments() {
    return new Arguments();
  }

  Step reorderStep(memory source, memory target) {
    return new Step(
        new reorder(source, target),
        arguments().with(DNNL_ARG_FROM, source).with(DNNL_ARG_TO, target));
  }

  /** Copies, or adds, from one layout to another. */
  Step addedStep(memory source, memory target, boolean accumulate) {
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

  /** Copies x to out, whatever their strides and number types. */
  void copy(Tensor x, Tensor out) {
    if (x.element() == out.element() && x.isContiguous() && out.isContiguous()) {
      Pointer.memcpy(to.at(out.address()), from.at(x.address()), x.length() * x.element().bytes());
      return;
    }
    run(
        new Operation("copy", x, out, null, null, 0),
        () -> new Call(reorderStep(handle(x).contents(), handle(out).contents())));
  }

  /** Sets every entry of a contiguous tensor to 0. */
  void zero(Tensor out) {
    if (!out.isContiguous()) {
      throw new IllegalArgumentException("out (" + out + ") must be contiguous");
    }
    Pointer.memset(to.at(out.address()), 0, out.length() * out.element().bytes());
  }

  /** The description of the same entries without gaps. */
  static memory.desc denseDescription(Tensor tensor) {
    long[] shape = tensor.shape();
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    return new memory.desc(shape, type(tensor.element()), strides);
  }

  /** Frees what was prepared. */
  void close() {
    calls.values().forEach(Call::close);
    calls.clear();
    order.close();
    processor.close();
  }
}
