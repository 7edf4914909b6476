package org.md4j.array;

/**
 * Rounds numbers of rows up to one of a few, for matrices whose number of rows differs from call to
 * call.
 *
 * <p>ND4J 1.0.0-M2.1 keeps what it works out about a shape for as long as the process runs: up to 8
 * bytes a row of every shape there has been, several times over. With {@value #COUNTS} shapes a
 * long run's memory stays what it is.
 */
public final class BoundedShapes {
  /** The numbers of rows that there can be, at the price of a 128th more of them on average. */
  private static final int COUNTS = 64;

  private BoundedShapes() {}

  /**
   * Rounds a number of rows up to one of {@value #COUNTS}, evenly spaced. Where there can be no
   * more than that, it stays what it is.
   *
   * @param rows at least 1, at most {@code most}
   * @param most there can be
   * @return at least {@code rows}, at most {@code most}
   */
  public static int roundUp(int rows, int most) {
    int step = (most + COUNTS - 1) / COUNTS;
    return Math.min(most, (rows + step - 1) / step * step);
  }
}
