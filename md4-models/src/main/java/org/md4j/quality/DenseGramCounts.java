package org.md4j.quality;

/** Counts n-grams of which each has a cell: 4 bytes each, seen or not. */
final class DenseGramCounts extends GramCounts {
  private final int[] counts;

  DenseGramCounts(int possible) {
    counts = new int[possible];
  }

  @Override
  int increment(long gram) {
    return ++counts[(int) gram];
  }

  @Override
  int count(long gram) {
    return counts[(int) gram];
  }
}
