package org.md4j.cli.train;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve of one line of text, from the first value to the last, however many there are: neighbours
 * are averaged when the line is full.
 */
final class Sparkline {
  /** The lowest of the characters; a terminal that can show one can show all. */
  static final char LOWEST = '\u2581';

  private static final String HEIGHTS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

  private final int columns;
  private final List<Double> means = new ArrayList<>();
  private int together = 1;
  private double sum;
  private int pending;

  /**
   * Makes an empty curve.
   *
   * @param columns the most characters, even and at least 2
   */
  Sparkline(int columns) {
    this.columns = columns;
  }

  /** Adds the next value. */
  void add(double value) {
    sum += value;
    pending++;
    if (pending == together) {
      means.add(sum / pending);
      sum = 0;
      pending = 0;
      if (means.size() == columns) {
        halve();
      }
    }
  }

  private void halve() {
    for (int i = 0; i < columns / 2; i++) {
      means.set(i, (means.get(2 * i) + means.get(2 * i + 1)) / 2);
    }
    means.subList(columns / 2, columns).clear();
    together *= 2;
  }

  /** The curve between its least and its greatest value; empty before there are two. */
  @Override
  public String toString() {
    double least = means.stream().mapToDouble(v -> v).min().orElse(0);
    double greatest = means.stream().mapToDouble(v -> v).max().orElse(0);
    if (means.size() < 2 || !Double.isFinite(greatest - least)) {
      return "";
    }
    StringBuilder line = new StringBuilder();
    int highest = HEIGHTS.length() - 1;
    for (double value : means) {
      double share = greatest > least ? (value - least) / (greatest - least) : 0;
      line.append(HEIGHTS.charAt((int) Math.round(share * highest)));
    }
    return line.toString();
  }
}
