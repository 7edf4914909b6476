package org.md4j.process;

import org.md4j.core.Uniforms;

/**
 * Draws one noise level (a time) for each row of a batch.
 *
 * <p>Each level is uniform on [0, 1) by itself; samplers differ in how the levels of one batch
 * depend on each other. Implementations are immutable, and the same table of uniforms gives the
 * same levels.
 */
@FunctionalInterface
public interface TimeSampler {
  /**
   * The levels of a batch.
   *
   * @param batchSize B, at least 1
   * @param uniforms where the randomness comes from
   * @return [B], each in [0, 1)
   * @throws IllegalArgumentException if batchSize is less than 1
   */
  double[] sample(int batchSize, Uniforms uniforms);

  /** Independent levels. */
  static TimeSampler uniform() {
    return new UniformTimes();
  }

  /** Evenly spaced levels with a common random offset: less variance, still unbiased. */
  static TimeSampler antithetic() {
    return new AntitheticTimes();
  }
}
