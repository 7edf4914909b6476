package org.md4j.model.layer.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of a table that the n-grams around every position are looked up in. The table holds a
 * part for each window, one behind the other; a window is an order n and the place of its first
 * token relative to the position's. Everything is an index.
 *
 * <p>Within its part, the n-gram of tokens t_0..t_{n-1} has row {@code sum over k of t_k
 * tokens^(n-1-k)} if the part has a row for each n-gram, else one that a hash of the tokens
 * chooses.
 */
final class NgramTable {
  /** An odd number of 64 bits without pattern, 2^64 over the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /**
   * Where an n-gram lies, and its rows.
   *
   * @param from place of its first token relative to the position
   * @param firstRow first row of its part of the table
   * @param rows rows of its part
   * @param exact whether each n-gram has a row of its own
   */
  private record Window(int order, int from, int firstRow, int rows, boolean exact) {}

  private final int tokens;
  private final List<Window> windows = new ArrayList<>();
  private final int rows;

  /**
   * Lays out a table.
   *
   * @param tokens number of different tokens, the mask included, which is the last of them
   * @param orders orders of the n-grams
   * @param mostRows rows of a window's part at most
   * @param causal whether only n-grams that a position ends are looked up
   */
  NgramTable(int tokens, List<Integer> orders, int mostRows, boolean causal) {
    this.tokens = tokens;
    int next = 0;
    for (int order : orders) {
      double all = Math.pow(tokens, order);
      int part = (int) Math.min(all, mostRows);
      int[] starts = causal ? new int[] {1 - order} : new int[] {1 - order, -(order / 2), 0};
      for (int from : IntStream.of(starts).distinct().toArray()) {
        windows.add(new Window(order, from, next, part, all <= mostRows));
        next = Math.addExact(next, part);
      }
    }
    this.rows = next;
  }

  /** The number of rows of all parts. */
  int rows() {
    return rows;
  }

  /** The number W of windows. */
  int windows() {
    return windows.size();
  }

  /**
   * Finds the rows of every position's n-grams.
   *
   * @param ids tokens of some rows of text, [B N]
   * @param length N
   * @return [B N W], the windows of a position beside each other
   */
  int[] lookUp(int[] ids, int length) {
    int[] result = new int[ids.length * windows.size()];
    int next = 0;
    for (int position = 0; position < ids.length; position++) {
      int first = position - position % length;
      for (Window window : windows) {
        result[next++] = row(window, ids, position + window.from(), first, first + length);
      }
    }
    return result;
  }

  /** The row of the n-gram from a position on, in the row of text from first to end. */
  private int row(Window window, int[] ids, int from, int first, int end) {
    long number = 0;
    for (int i = from; i < from + window.order(); i++) {
      int token = i >= first && i < end ? ids[i] : tokens - 1;
      number = window.exact() ? number * tokens + token : mixed(number + token + 1);
    }
    return window.firstRow() + (int) Long.remainderUnsigned(number, window.rows());
  }

  private static long mixed(long z) {
    long product = z * GOLDEN;
    return product ^ (product >>> 32);
  }
}
