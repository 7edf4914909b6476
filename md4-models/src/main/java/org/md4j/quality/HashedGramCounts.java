package org.md4j.quality;

/**
 * Counts n-grams too many to have a cell each, in a hash table with open addressing: 12 bytes a
 * slot, at most half of the slots taken.
 */
final class HashedGramCounts extends GramCounts {
  private static final int SMALLEST = 1 << 10;
  private static final long SCATTER = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd.

  private long[] grams = new long[SMALLEST]; // The n-gram plus one; 0 is a free slot.
  private int[] counts = new int[SMALLEST];
  private int distinct;

  /**
   * Counts one more of an n-gram.
   *
   * @param gram number of the n-gram in {@code [0, 2^63 - 1)}
   */
  @Override
  int increment(long gram) {
    int slot = slotOf(gram);
    if (grams[slot] == 0) {
      if (++distinct > grams.length / 2) {
        grow();
        slot = slotOf(gram);
      }
      grams[slot] = gram + 1;
    }
    return ++counts[slot];
  }

  @Override
  int count(long gram) {
    return counts[slotOf(gram)];
  }

  /** The number of different n-grams. */
  int distinct() {
    return distinct;
  }

  /**
   * The entropy of the empirical distribution, {@code -sum p log2 p} with {@code p = count / all},
   * in bits an n-gram: at most log2 of the number of n-grams seen, so comparable between equal
   * amounts of text only.
   */
  double entropyBits() {
    double all = 0;
    double sum = 0;
    for (int count : counts) {
      if (count > 0) {
        all += count;
        sum += count * Math.log(count);
      }
    }
    return (Math.log(all) - sum / all) / Math.log(2);
  }

  /** The slot that holds an n-gram, or the free one where it would go. */
  private int slotOf(long gram) {
    int last = grams.length - 1;
    int slot = (int) ((gram * SCATTER) >>> Long.numberOfLeadingZeros(last));
    while (grams[slot] != 0 && grams[slot] != gram + 1) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  private void grow() {
    long[] oldGrams = grams;
    int[] oldCounts = counts;
    grams = new long[Math.multiplyExact(2, oldGrams.length)];
    counts = new int[grams.length];
    for (int i = 0; i < oldGrams.length; i++) {
      if (oldGrams[i] != 0) {
        int slot = slotOf(oldGrams[i] - 1);
        grams[slot] = oldGrams[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
