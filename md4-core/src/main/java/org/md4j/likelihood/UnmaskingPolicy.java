package org.md4j.likelihood;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.sampling.FixedOrderSampler;
import org.md4j.sampling.PositionOrder;
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

  /**
   * Returns a policy that reveals in a fixed order, as many positions at once, fewer at the end.
   *
   * @param order of a row without given tokens
   * @param length N, of the rows it is for
   * @param tokens positions revealed at once, at least 1
   */
  static UnmaskingPolicy of(PositionOrder order, int length, int tokens) {
    requireTokens(tokens);
    Checks.atLeastOne("length", length);
    int[] sizes = new int[length / tokens + (length % tokens > 0 ? 1 : 0)];
    Arrays.setAll(sizes, group -> Math.min(tokens, length - group * tokens));
    return inGroups(order, length, sizes);
  }

  /**
   * Returns the policy of a sampler: {@link PolicyLikelihood} with it is the law of what the
   * sampler draws from masks, without a filter, told {@link
   * org.md4j.sampling.ToldTime#OF_VISIBLE_TOKENS}.
   *
   * @param length N, of the rows it is for
   */
  static UnmaskingPolicy of(FixedOrderSampler sampler, int length) {
    return inGroups(sampler.order(), length, sampler.sizes(length));
  }

  /** Returns a policy that reveals the masks of the first step that has one. */
  private static UnmaskingPolicy inGroups(PositionOrder order, int length, int[] sizes) {
    int[] groups = order.groups(length, IntStream.range(0, length).toArray(), sizes);
    return (masked, logits) -> PositionOrder.next(masked, groups);
  }

  private static void requireTokens(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens (" + tokens + ") must be at least 1");
    }
  }
}
