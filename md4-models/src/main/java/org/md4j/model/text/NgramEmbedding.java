package org.md4j.model.text;

import java.util.Arrays;
import java.util.List;
import org.md4j.core.Checks;

/**
 * The n-grams that a transformer is told of every position, besides the position's own token: they
 * have learned vectors, looked up in a table, so that what a network with few layers would take
 * long to learn about pairs and triples of neighbours it can remember.
 *
 * <p>For each order n, a bidirectional network looks up three n-grams that a position is part of:
 * the one it ends, the one it is the middle of (for even n, the later of both middles) and the one
 * it begins; two of order 2, where the first is the second. A causal network looks up the one it
 * ends alone. The mask is a token like others, and positions outside the row count as masked.
 *
 * <p>Source: hashed n-gram embeddings of the Byte Latent Transformer (Pagnoni et al., arXiv
 * 2412.09871, section 3.2.1), there of what precedes, here on both sides.
 *
 * <p>Deviation: the paper's networks and the reference code have none.
 *
 * @param orders the orders n, ascending, each in 2..{@value #HIGHEST_ORDER}; empty for none
 * @param rows rows of each n-gram's table at most, at least 1: where all n-grams of an order are no
 *     more, each has a row of its own, else they share rows by a hash
 * @param width width of a table, at least 1; the vectors of all n-grams of a position, beside each
 *     other, are projected to the width of the network
 */
public record NgramEmbedding(List<Integer> orders, int rows, int width) {
  /** The highest order. */
  public static final int HIGHEST_ORDER = 8;

  private static final int USUAL_ROWS = 65_536;
  private static final int USUAL_WIDTH = 32;

  /** Checks every range. */
  public NgramEmbedding {
    orders = List.copyOf(orders);
    int last = 1;
    for (int order : orders) {
      if (order <= last || order > HIGHEST_ORDER) {
        throw new IllegalArgumentException(
            "orders (%s) must ascend within 2..%d".formatted(orders, HIGHEST_ORDER));
      }
      last = order;
    }
    Checks.atLeastOne("rows", rows);
    Checks.atLeastOne("width", width);
    long windows = 3L * orders.size();
    if (windows * rows > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "rows (%d) must be at most %d for orders %s, which have %d n-grams of a position"
              .formatted(rows, Integer.MAX_VALUE / windows, orders, windows));
    }
  }

  /** Returns an embedding of no n-grams. */
  public static NgramEmbedding none() {
    return of();
  }

  /**
   * Returns an embedding in tables of at most 65,536 rows of width 32.
   *
   * @param orders the orders n, ascending
   */
  public static NgramEmbedding of(Integer... orders) {
    return new NgramEmbedding(Arrays.asList(orders), USUAL_ROWS, USUAL_WIDTH);
  }

  /** Tells whether a network is told of any n-grams. */
  public boolean tellsAnything() {
    return !orders.isEmpty();
  }
}
