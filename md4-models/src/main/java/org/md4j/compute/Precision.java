package org.md4j.compute;

/**
 * The number formats that a network in 32 bits computes in; a setting of its {@link
 * ComputeBackend}, not of its parameters, so that a checkpoint goes on in either.
 */
public enum Precision {
  /** Everything is in 32-bit floating point. */
  F32,

  /**
   * Products, convolutions and what is kept only to be their operand are in bfloat16, with sums in
   * 32 bits; parameters, gradients, statistics, the residual stream, conditioning vectors, logits
   * and losses stay in 32 bits. On a processor without bfloat16 arithmetic the operands are rounded
   * as on one that has it and multiplied in 32 bits: results agree up to the order of sums, and the
   * conversions come on top of the work in F32.
   */
  BF16;

  /**
   * Returns the faster of the two on this machine: BF16 if networks compute with oneDNN on a
   * processor that multiplies bfloat16 (avx512_bf16 or amx_bf16), else F32.
   */
  public static Precision fastest() {
    return OneDnn.multipliesBf16() ? BF16 : F32;
  }
}
