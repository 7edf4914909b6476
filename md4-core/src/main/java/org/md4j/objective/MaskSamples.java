package org.md4j.objective;

/**
 * The number of independent masks of a training row, all at one time, and how the network is asked
 * about them. The gradient of a learned schedule needs something to compare the loss of a mask
 * with.
 */
public enum MaskSamples {
  /**
   * Draws one mask, compared with a running mean of earlier losses ({@link RunningBaseline}): a
   * step costs what one of MD4 costs.
   */
  SINGLE(1, 1),

  /**
   * Draws two masks, compared with each other, in one pass of twice the rows: a step costs two of
   * MD4's.
   */
  PAIR(2, 2),

  /**
   * Draws two masks, compared with each other, in two passes, as in the reference code: the result
   * of {@link #PAIR} up to the order of sums, in half the memory.
   */
  PAIR_IN_TURN(2, 1);

  private final int count;
  private final int together;

  MaskSamples(int count, int together) {
    this.count = count;
    this.together = together;
  }

  /** The number of masks of a row. */
  public int count() {
    return count;
  }

  /** The masks asked about in each pass. */
  int[][] passes() {
    int[][] passes = new int[count / together][together];
    for (int k = 0; k < count; k++) {
      passes[k / together][k % together] = k;
    }
    return passes;
  }
}
