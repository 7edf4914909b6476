package org.md4j.cli.train;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A curve of one line of text, from the first value to the last, however many there are: neighbours
 * are averaged when the line is full.
 */
final class Sparkline {
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

  /**
   * Whether an encoding has the characters of a curve.
   *
   * @param encoding its name; if null or none Java knows, Java's default is asked instead
   */
  static boolean isWritableIn(@Nullable String encoding) {
    Charset charset = Charset.defaultCharset();
    if (encoding != null) {
      try {
        charset = Charset.forName(encoding);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        // A terminal's odd name must not end a training.
      }
    }
    return charset.canEncode() && charset.newEncoder().canEncode(HEIGHTS);
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
