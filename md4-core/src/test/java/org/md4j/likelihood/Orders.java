package org.md4j.likelihood;

import java.util.ArrayList;
import java.util.List;

/** All orders of a few positions. */
final class Orders {
  private Orders() {}

  /** The N! permutations of 0..N-1. */
  static List<int[]> all(int length) {
    List<int[]> orders = new ArrayList<>();
    extend(new int[length], 0, orders);
    return orders;
  }

  private static void extend(int[] order, int filled, List<int[]> orders) {
    if (filled == order.length) {
      orders.add(order.clone());
      return;
    }
    for (int n = 0; n < order.length; n++) {
      boolean free = true;
      for (int k = 0; k < filled; k++) {
        free &= order[k] != n;
      }
      if (free) {
        order[filled] = n;
        extend(order, filled + 1, orders);
      }
    }
  }
}
