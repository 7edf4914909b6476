package org.md4j.cli.study;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;

/** Where the blanks of a row to be filled in lie. */
public enum BlankPattern {
  /** Anywhere, each set of positions equally likely. */
  SCATTERED {
    @Override
    int[] blanks(int count, int length, double[] uniforms) {
      return IntStream.range(0, length)
          .boxed()
          .sorted(Comparator.comparingDouble(n -> uniforms[n]))
          .limit(count)
          .mapToInt(n -> n)
          .toArray();
    }
  },

  /** Runs as long as words, at drawn places: what people leave out of sentences. */
  WORDS {
    @Override
    int[] blanks(int count, int length, double[] uniforms) {
      int offset = (int) (uniforms[length - 1] * WORD);
      return IntStream.rangeClosed(0, (length + offset - 1) / WORD)
          .boxed()
          .sorted(Comparator.comparingDouble(word -> uniforms[word]))
          .mapToInt(word -> word)
          .flatMap(
              word ->
                  IntStream.range(
                      Math.max(0, word * WORD - offset),
                      Math.min(length, (word + 1) * WORD - offset)))
          .limit(count)
          .toArray();
    }
  },

  /** One run, each place equally likely. */
  SPAN {
    @Override
    int[] blanks(int count, int length, double[] uniforms) {
      int first = (int) (uniforms[0] * (length - count + 1));
      return IntStream.range(first, first + count).toArray();
    }
  };

  private static final int WORD = 5;

  abstract int[] blanks(int count, int length, double[] uniforms);

  /**
   * Makes blanks in rows; which ones depends on a row's number in the batch and the seed.
   *
   * @param clean [B, N]
   * @param count blanks of each row, in 1..N
   */
  public TokenBatch in(TokenBatch clean, int count, CounterRandom random) {
    int[] tokens = clean.toFlat();
    double[] uniforms = new double[clean.length()];
    for (int b = 0; b < clean.rows(); b++) {
      random.uniforms(Purpose.ORDER, 0).fill(b, 0, uniforms, 0, uniforms.length);
      for (int n : blanks(count, clean.length(), uniforms)) {
        tokens[b * clean.length() + n] = clean.vocabulary().maskId();
      }
    }
    return TokenBatch.ofFlat(clean.vocabulary(), clean.rows(), tokens);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
