package org.md4j.likelihood;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.md4j.sampling.RevealOrder;

/**
 * Decides, without chance, which masked positions of a row are revealed next.
 *
 * <p>It sees where the masks are and what the network says there, never the tokens behind them.
 * {@code org.md4j.contract.UnmaskingPolicyContract}, in the contracts jar of md4-core, holds a
 * policy of one's own to what is said here.
 */
@FunctionalInterface
public interface UnmaskingPolicy {
  /**
   * Chooses the positions to reveal.
   *
   * @param masked masked positions of the row, [M], ascending, at least one
   * @param logits the network's, [M * V], those of {@code masked[i]} begin at {@code i V}; not to
   *     be changed
   * @return some of {@code masked}, at least one, none twice
   */
  int[] next(int[] masked, double[] logits);

  /**
   * Returns a policy that reveals where the network is surest, the lowest positions on ties.
   *
   * @param order what sure means
   * @param tokens positions revealed at once, at least 1
   */
  static UnmaskingPolicy of(RevealOrder order, int tokens) {
    requireTokens(tokens);
    return (masked, logits) -> {
      int size = logits.length / masked.length;
      double[] scores = new double[masked.length];
      Arrays.setAll(scores, i -> order.score(Arrays.copyOfRange(logits, i * size, (i + 1) * size)));
      return IntStream.range(0, masked.length)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -scores[i]))
          .limit(tokens)
          .mapToInt(i -> masked[i])
          .toArray();
    };
  }

  /**
   * Returns a policy that reveals from the first position to the last.
   *
   * @param tokens positions revealed at once, at least 1
   */
  static UnmaskingPolicy leftToRight(int tokens) {
    requireTokens(tokens);
    return (masked, logits) -> Arrays.copyOf(masked, Math.min(tokens, masked.length));
  }

  private static void requireTokens(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens (" + tokens + ") must be at least 1");
    }
  }
}
