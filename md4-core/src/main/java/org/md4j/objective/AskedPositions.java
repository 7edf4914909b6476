package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.TokenBatch;
import org.md4j.process.NoisedBatch;

/**
 * The positions a network is asked about: those that are wanted and, to fill their number up to one
 * of a few, some that are not. What is not wanted has no weight, and so neither cost nor gradient.
 *
 * <p>The number of masks differs from step to step, and ND4J 1.0.0-M2.1 keeps what it works out
 * about a shape for as long as the process runs: up to 8 bytes a row of every shape there has been,
 * several times over. With {@value #NUMBERS} shapes a long run's memory stays what it is.
 */
final class AskedPositions {
  /** Numbers of positions that there can be, at the price of a 128th more of them on average. */
  private static final int NUMBERS = 64;

  private final int[] all;
  private final boolean[] wanted;

  /**
   * Fills up.
   *
   * @param positions wanted, ascending
   * @param cells all there are
   */
  AskedPositions(int[] positions, int cells) {
    int step = (cells + NUMBERS - 1) / NUMBERS;
    int count = Math.min(cells, (positions.length + step - 1) / step * step);
    all = new int[count];
    wanted = new boolean[count];
    int spare = count - positions.length;
    int next = 0;
    int filled = 0;
    for (int cell = 0; filled < count; cell++) {
      boolean isWanted = next < positions.length && positions[next] == cell;
      if (isWanted || spare > 0) {
        all[filled] = cell;
        wanted[filled] = isWanted;
        filled++;
        if (isWanted) {
          next++;
        } else {
          spare--;
        }
      }
    }
  }

  /** The masked positions of a batch, filled up. */
  static AskedPositions of(NoisedBatch batch) {
    return new AskedPositions(
        batch.maskedPositions(), batch.clean().rows() * batch.clean().length());
  }

  /** The clean tokens at all positions, [P]. */
  int[] targets(TokenBatch clean) {
    return Arrays.stream(all).map(clean::token).toArray();
  }

  /** The positions, ascending. */
  int[] all() {
    return all;
  }

  /** Whether the one with that number is wanted. */
  boolean isWanted(int number) {
    return wanted[number];
  }
}
