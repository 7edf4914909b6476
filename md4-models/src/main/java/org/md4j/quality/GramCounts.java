package org.md4j.quality;

import java.util.List;

/**
 * Counts how often each n-gram was seen, for n-grams too many to have a cell each.
 *
 * <p>An n-gram is its symbols read as a number in base V, the oldest symbol first. A hash table
 * with open addressing: 8 bytes a slot, at most half of the slots taken.
 */
final class GramCounts {
  private static final int SMALLEST = 1 << 10;
  private static final int SCATTER = 0x9E3779B9; // 2^32 / golden ratio, odd.

  private int[] grams = new int[SMALLEST]; // The n-gram plus one; 0 is a free slot.
  private int[] counts = new int[SMALLEST];
  private int distinct;

  /**
   * Counts the n-grams of texts; none reaches from one text into the next.
   *
   * @param vocabularySize V
   * @param texts tokens in {@code 0 .. V-1}, each text at least n long
   * @param n length of an n-gram, at least 1, with V^n below 2^31
   */
  static GramCounts of(int vocabularySize, List<int[]> texts, int n) {
    GramCounts counts = new GramCounts();
    for (int[] text : texts) {
      for (int from = 0; from + n <= text.length; from++) {
        int gram = 0;
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
   * @param gram number of the n-gram in {@code [0, 2^31 - 1)}
   * @return how many there are now
   */
  int increment(int gram) {
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

  /** The count of an n-gram; 0 if it was never seen. */
  int count(int gram) {
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
  private int slotOf(int gram) {
    int last = grams.length - 1;
    int slot = (gram * SCATTER) >>> Integer.numberOfLeadingZeros(last);
    while (grams[slot] != 0 && grams[slot] != gram + 1) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  private void grow() {
    int[] oldGrams = grams;
    int[] oldCounts = counts;
    grams = new int[2 * oldGrams.length];
    counts = new int[2 * oldCounts.length];
    for (int i = 0; i < oldGrams.length; i++) {
      if (oldGrams[i] != 0) {
        int slot = slotOf(oldGrams[i] - 1);
        grams[slot] = oldGrams[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
