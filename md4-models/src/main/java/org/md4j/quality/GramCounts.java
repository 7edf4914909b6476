package org.md4j.quality;

import java.util.List;

/**
 * Counts how often each n-gram was seen.
 *
 * <p>An n-gram is its symbols read as a number in base V, the oldest symbol first.
 */
abstract sealed class GramCounts permits DenseGramCounts, HashedGramCounts {
  /** The most n-grams that get a cell each. */
  private static final int DENSE = 1 << 24;

  /**
   * Returns empty counts that take the less memory the fewer n-grams there can be.
   *
   * @param possible how many different n-grams there can be, V^n
   */
  static GramCounts forGrams(long possible) {
    return possible <= DENSE ? new DenseGramCounts((int) possible) : new HashedGramCounts();
  }

  /**
   * Counts the n-grams of texts; none reaches from one text into the next.
   *
   * @param vocabularySize V
   * @param texts tokens in {@code 0 .. V-1}, each text at least n long
   * @param n length of an n-gram, at least 1, with V^n below 2^63
   */
  static HashedGramCounts of(int vocabularySize, List<int[]> texts, int n) {
    HashedGramCounts counts = new HashedGramCounts();
    for (int[] text : texts) {
      for (int from = 0; from + n <= text.length; from++) {
        long gram = 0;
        for (int i = 0; i < n; i++) {
          gram = gram * vocabularySize + text[from + i];
        }
        counts.increment(gram);
      }
    }
    return counts;
  }

  /**
   * Counts one more of an n-gram.
   *
   * @return how many there are now
   */
  abstract int increment(long gram);

  /** The count of an n-gram; 0 if it was never seen. */
  abstract int count(long gram);
}
