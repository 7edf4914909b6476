package org.md4j.train;

import java.util.Arrays;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;
import org.md4j.objective.TrainingNoise;

/**
 * Draws which rows of the data a training step sees.
 *
 * <p>Deviation: the reference code shuffles the examples and goes through all of them; here each
 * row is drawn from all, independently, so that a resumed run needs no order to be kept.
 *
 * @param data rows that are drawn from
 * @param random random numbers of the run
 * @param noise says which rows share an example
 */
record RowDraws(RowSource data, CounterRandom random, TrainingNoise noise) {
  /** Draws the examples of rows {@code from} to {@code to} of a step's batch. */
  long[] indices(int step, int from, int to) {
    Uniforms uniforms = random.uniforms(Purpose.DATA, step);
    long[] indices = new long[to - from];
    Arrays.setAll(
        indices, i -> (long) (uniforms.at(noise.example((long) from + i), 0) * data.size()));
    return indices;
  }
}
