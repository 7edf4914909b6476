package org.md4j.sampling;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The order whose every step is spread evenly over the blanks of a row.
 *
 * <pre>
 *   the j-th of the k blanks of step g has the place (j + r(g)) / k in [0, 1)
 *   the blanks, from first to last, are those of the places from least to greatest
 *   r(0), r(1), ... = 0, 1/2, 1/4, 3/4, 1/8, ...: g with its binary digits mirrored at the point
 * </pre>
 *
 * <p>Where all T steps reveal as many, the blanks of a step are exactly T apart, which is the most
 * there can be. In general two blanks of a step of k are at least {@code sum over steps of
 * floor(size / k)} blanks apart, and on average {@code M / k}. Steps go from coarse to fine, each
 * between those before it: one blank a step, they follow the ranks with their bits reversed.
 *
 * <p>Only the ranks of the blanks matter: given tokens between two blanks, which can but separate
 * them further, are not counted. Rows of any length have such an order. It holds no chance. Of
 * equal places, that of the earlier step comes first.
 *
 * <p>Source: Luxembourg, Permuter and Nachmani, "Plan for speed: dilated scheduling for masked
 * diffusion language models", arXiv 2506.19037.
 *
 * <p>Deviation: the source reveals every (M/2)-th position, then every (M/4)-th of the rest, and so
 * on, one power of two a step, log2(M) steps in all. Here a grid and a schedule say how many a step
 * reveals, and a group is spread evenly whatever its number.
 */
public record DilatedOrder() implements PositionOrder {
  private static final int BASE = 2;

  @Override
  public int[] order(int length, int[] blanks, int[] sizes) {
    double[] places = new double[blanks.length];
    int next = 0;
    for (int group = 0; group < sizes.length; group++) {
      double offset = RadicalInverse.of(BASE, group).value();
      for (int j = 0; j < sizes[group]; j++) {
        places[next++] = (j + offset) / sizes[group];
      }
    }
    int[] ranked =
        IntStream.range(0, places.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> places[i])) // stable: earlier steps first
            .mapToInt(Integer::intValue)
            .toArray();
    int[] order = new int[blanks.length];
    for (int rank = 0; rank < ranked.length; rank++) {
      order[ranked[rank]] = blanks[rank];
    }
    return order;
  }
}
