package org.md4j.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An order in which the blanks of a row are revealed, fixed before anything is drawn: the network
 * has no say in it.
 *
 * <p>Tokens revealed in one step are drawn independently of each other, so what is revealed
 * together should depend on each other little. Neighbours depend on each other most: {@link
 * #dilated} and {@link #halton} reveal together what is far apart.
 *
 * <p>An order knows how many blanks each step reveals: the same {@code sizes} always give the same
 * order, of whichever row. Implementations are immutable. {@code
 * org.md4j.contract.PositionOrderContract}, in the contracts jar of md4-core, holds an order of
 * one's own to what is said here.
 */
@FunctionalInterface
public interface PositionOrder {
  /**
   * Orders the blanks of a row.
   *
   * @param length N, the length of the row
   * @param blanks positions of the blanks, [M], ascending, in 0..N-1
   * @param sizes the number of blanks that each step reveals, each at least 1, M in all
   * @return the blanks, [M], each once: those of the first step, then those of the second, and so
   *     on; within a step in any order
   * @throws IllegalArgumentException if there is no such order of a row of that length
   */
  int[] order(int length, int[] blanks, int[] sizes);

  /**
   * Returns the step, of those that reveal something, in which each blank is revealed.
   *
   * @param length N
   * @param blanks positions, [M], ascending
   * @param sizes as {@link #order} takes them
   * @return [M], in 0..sizes.length-1, of {@code blanks[i]} at i
   * @throws IllegalStateException if the order does not hold each blank once
   */
  default int[] groups(int length, int[] blanks, int[] sizes) {
    if (IntStream.of(sizes).sum() != blanks.length) {
      throw new IllegalArgumentException(
          "sizes (%s) must add up to the number of blanks, %d"
              .formatted(Arrays.toString(sizes), blanks.length));
    }
    int[] order = order(length, blanks.clone(), sizes.clone());
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, blanks)) {
      throw new IllegalStateException(
          "order must hold each blank once, got %s of %s"
              .formatted(Arrays.toString(order), Arrays.toString(blanks)));
    }
    int[] groups = new int[blanks.length];
    int next = 0;
    for (int group = 0; group < sizes.length; group++) {
      for (int end = next + sizes[group]; next < end; next++) {
        groups[Arrays.binarySearch(blanks, order[next])] = group;
      }
    }
    return groups;
  }

  /**
   * Returns the masked positions of the first step that has one.
   *
   * @param masked positions, at least one
   * @param groups the step of each position, read at {@code masked}
   */
  static int[] next(int[] masked, int[] groups) {
    int next = IntStream.of(masked).map(position -> groups[position]).min().orElseThrow();
    return IntStream.of(masked).filter(position -> groups[position] == next).toArray();
  }

  /** Returns the order whose every step is spread evenly over the blanks: for texts. */
  static PositionOrder dilated() {
    return new DilatedOrder();
  }

  /**
   * Returns the order of a Halton sequence over the pixels of a picture, one colour after the
   * other.
   *
   * @param height rows of pixels, at least 1
   * @param width pixels a row, at least 1
   * @param colours tokens a pixel, at least 1
   */
  static PositionOrder halton(int height, int width, int colours) {
    return new HaltonOrder(height, width, colours);
  }

  /**
   * Returns an order given position by position, for rows of its length.
   *
   * @param positions 0..N-1, [N], each once, the first to be revealed first
   */
  static PositionOrder of(int... positions) {
    return new Given(IntStream.of(positions).boxed().toList());
  }

  /**
   * The order given position by position.
   *
   * @param positions 0..N-1, [N], each once, the first to be revealed first
   */
  record Given(List<Integer> positions) implements PositionOrder {
    /** Checks that each position is there once. */
    public Given {
      positions = List.copyOf(positions);
      if (!positions.stream()
          .sorted()
          .toList()
          .equals(IntStream.range(0, positions.size()).boxed().toList())) {
        throw new IllegalArgumentException(
            "positions (%s) must hold each of 0..%d once"
                .formatted(positions, positions.size() - 1));
      }
    }

    @Override
    public int[] order(int length, int[] blanks, int[] sizes) {
      if (length != positions.size()) {
        throw new IllegalArgumentException(
            "length (%d) must be that of the order, %d".formatted(length, positions.size()));
      }
      return positions.stream()
          .mapToInt(position -> position)
          .filter(position -> Arrays.binarySearch(blanks, position) >= 0)
          .toArray();
    }
  }
}
