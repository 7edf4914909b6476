package org.md4j.train;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.md4j.core.CounterRandom;
import org.md4j.core.Permutation;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;

/**
 * Draws which rows of the data a training step sees: a function of seed, step and row, so that a
 * resumed run needs no order to be kept.
 *
 * <p>Deviation: the reference code shuffles the examples and goes through all of them, which is
 * {@link RowChoice#EPOCHS}; here each row may also be drawn from all, independently.
 *
 * @param data rows that are drawn from
 * @param random random numbers of the run
 * @param config says how, and which rows share an example
 */
record RowDraws(RowSource data, CounterRandom random, TrainerConfig config) {
  /** Draws the examples of rows {@code from} to {@code to} of a step's batch. */
  long[] indices(int step, int from, int to) {
    LongUnaryOperator choice =
        config.rowChoice() == RowChoice.EPOCHS ? inPasses(step) : independent(step);
    long[] indices = new long[to - from];
    Arrays.setAll(indices, i -> choice.applyAsLong(config.noise().example((long) from + i)));
    return indices;
  }

  private LongUnaryOperator independent(int step) {
    Uniforms uniforms = random.uniforms(Purpose.DATA, step);
    return example -> (long) (uniforms.at(example, 0) * data.size());
  }

  /** Examples are numbered through all steps; a pass has as many as there are rows. */
  private LongUnaryOperator inPasses(int step) {
    long examplesOfAStep = config.noise().example(config.batchSize() - 1L) + 1;
    return example -> {
      long number = step * examplesOfAStep + example;
      long pass = number / data.size();
      return new Permutation(data.size(), random.uniforms(Purpose.EPOCH, pass))
          .at(number % data.size());
    };
  }
}
