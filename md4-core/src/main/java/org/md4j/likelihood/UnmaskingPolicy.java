package org.md4j.likelihood;

import java.util.Arrays;

/**
 * Decides, without chance, which masked positions of a row are revealed next.
 *
 * <p>It sees where the masks are and what the network says there, never the tokens behind them.
 */
@FunctionalInterface
public interface UnmaskingPolicy {
  /**
   * The positions to reveal.
   *
   * @param masked masked positions of the row, [M], ascending, at least one
   * @param logits the network's, [M * V], those of {@code masked[i]} begin at {@code i V}; not to
   *     be changed
   * @return some of {@code masked}, at least one, none twice
   */
  int[] next(int[] masked, double[] logits);

  /**
   * From the first position to the last.
   *
   * @param tokens positions revealed at once, at least 1
   */
  static UnmaskingPolicy leftToRight(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens (" + tokens + ") must be at least 1");
    }
    return (masked, logits) -> Arrays.copyOf(masked, Math.min(tokens, masked.length));
  }
}
