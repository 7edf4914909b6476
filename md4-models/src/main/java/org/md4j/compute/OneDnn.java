package org.md4j.compute;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether oneDNN can be called on this machine; found out once, and said once if it cannot. */
final class OneDnn {
  private static final Logger LOG = LoggerFactory.getLogger(ComputeBackend.class);

  private static final @Nullable String OBSTACLE = obstacle();

  private OneDnn() {}

  static boolean isAvailable() {
    return OBSTACLE == null;
  }

  /**
   * Tells whether the processor has AVX-512: what oneDNN has primitives for that read bfloat16, be
   * it by converting it.
   */
  static boolean hasAvx512() {
    return has(dnnl.dnnl_cpu_isa_avx512_core);
  }

  /** Tells whether the processor multiplies bfloat16 faster than 32-bit numbers. */
  static boolean multipliesBf16() {
    return has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** Tells whether an instruction set, whose bits contain those of older ones, may be used. */
  private static boolean has(int instructions) {
    return isAvailable() && (dnnl.dnnl_get_effective_cpu_isa() & instructions) == instructions;
  }

  /** Why oneDNN cannot be called, or null if it can. */
  private static @Nullable String obstacle() {
    if (Nd4j.getExecutioner().type() != OpExecutioner.ExecutionerType.NATIVE_CPU) {
      return "ND4J's backend is not the processor's";
    }
    try {
      Loader.load(dnnl.class);
      return null;
    } catch (LinkageError e) {
      String why = "oneDNN's native library does not load (" + e.getMessage() + ")";
      LOG.warn("networks compute with ND4J's operations: {}", why);
      return why;
    }
  }
}
