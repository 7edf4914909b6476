package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Uniforms;

/**
 * Draws one noise level (a time) for each row of a batch, evenly spaced with one random offset:
 * {@code t_b = (u + b/B) mod 1}, {@code u = uniforms.at(0, 0)}.
 *
 * <p>Each time is uniform on [0, 1) by itself. Every interval of length 1/B (around the circle)
 * holds exactly one time, so little variance is left from the choice of times. The spacing belongs
 * to the batch: draw the times of the whole batch before splitting it over machines or
 * micro-batches.
 *
 * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) builds the offsets with a
 * floating-point range of step 1/B, which has B + 1 entries for 67 of the batch sizes up to 1024
 * (49, 98, 103, ...). Here b is an integer, right for every B.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, algorithm 1, after Kingma et al., "Variational diffusion
 * models", arXiv 2107.00630.
 */
public final class AntitheticTimes {
  private AntitheticTimes() {}

  /**
   * Draws the times of a batch.
   *
   * @param batchSize B, at least 1
   * @param uniforms where the randomness comes from; the same table gives the same times
   * @return [B], each in [0, 1)
   * @throws IllegalArgumentException if batchSize is less than 1
   */
  public static double[] sample(int batchSize, Uniforms uniforms) {
    double[] times = new double[Checks.atLeastOne("batchSize", batchSize)];
    double offset = uniforms.at(0, 0);
    Arrays.setAll(
        times,
        b -> {
          double time = offset + (double) b / batchSize;
          return time < 1 ? time : time - 1;
        });
    return times;
  }
}
