package org.md4j.core;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A {@link Denoiser} written in plain Java: a formula, a table of counts, a small network of one's
 * own.
 *
 * <pre>
 *   HostDenoiser bigrams =
 *       HostDenoiser.of(
 *           vocabulary,
 *           (input, row, position, into) -&gt; {
 *             int before = position == 0 ? START : input.tokens().token(row, position - 1);
 *             System.arraycopy(logProbabilities[before], 0, into, 0, into.length);
 *           });
 * </pre>
 *
 * <p>Samplers read it with {@link #hostLogits} and need no ND4J backend; objectives and most
 * likelihoods call {@link #logits(DenoiserInput)} and do.
 *
 * <p>The formula is evaluated when its logits are read, once a position each time they are. It must
 * be a pure function of the question, in which it may read any token, time and label of the row;
 * other rows it must leave alone. One that is pure may be used by many threads.
 */
public interface HostDenoiser extends Denoiser {
  /**
   * Writes the logits over the real tokens at one position.
   *
   * @param input the question: row b has tokens {@code input.tokens().token(b, n)}, time {@code
   *     input.times()[b]} and, if there are classes, label {@code input.labels()[b]}
   * @param row b, in 0..B-1
   * @param position n, in 0..N-1
   * @param into the logits, [V], every one of which is to be set; of real numbers, as a rule
   *     finite: -Infinity is a token that cannot be
   */
  void logits(DenoiserInput input, int row, int position, double[] into);

  /**
   * Returns a denoiser that answers by a formula.
   *
   * @param vocabulary the one the formula predicts
   * @throws IllegalArgumentException on reading, if a question is of another vocabulary
   */
  static HostDenoiser of(Vocabulary vocabulary, HostDenoiser formula) {
    return (input, row, position, into) -> {
      if (!input.tokens().vocabulary().equals(vocabulary)) {
        throw new IllegalArgumentException(
            "tokens must be of the denoiser's vocabulary, %s, got %s"
                .formatted(vocabulary, input.tokens().vocabulary()));
      }
      formula.logits(input, row, position, into);
    };
  }

  /**
   * Returns the logits as samplers read them; they are computed when they are read.
   *
   * @throws IllegalArgumentException on reading, if a logit was not set
   */
  @Override
  default HostLogits hostLogits(DenoiserInput input) {
    int length = input.tokens().length();
    int size = input.tokens().vocabulary().size();
    return indices -> {
      double[] read = new double[Math.multiplyExact(indices.length, size)];
      double[] logits = new double[size];
      for (int i = 0; i < indices.length; i++) {
        int position = input.positions()[indices[i]];
        Arrays.fill(logits, Double.NaN);
        logits(input, position / length, position % length, logits);
        for (int v = 0; v < size; v++) {
          if (Double.isNaN(logits[v])) {
            throw new IllegalArgumentException(
                "logit of token %d at row %d, position %d must be a number, got NaN; all V (%d) are to be set"
                    .formatted(v, position / length, position % length, size));
          }
        }
        System.arraycopy(logits, 0, read, i * size, size);
      }
      return read;
    };
  }

  /**
   * Returns the logits in a new array of ND4J, whose backend must be on the class path.
   *
   * @return [P, V], of type DOUBLE
   */
  @Override
  default INDArray logits(DenoiserInput input) {
    int positions = input.positions().length;
    double[] logits = hostLogits(input).read(IntStream.range(0, positions).toArray());
    return Nd4j.createFromArray(logits).reshape('c', positions, logits.length / positions);
  }
}
