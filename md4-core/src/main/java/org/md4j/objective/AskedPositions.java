package org.md4j.objective;

import java.util.Arrays;
import org.md4j.array.BoundedShapes;
import org.md4j.core.TokenBatch;
import org.md4j.process.NoisedBatch;

/**
 * The positions a network is asked about: those that are wanted and, to fill their number up to one
 * of a few ({@link BoundedShapes}), some that are not. What is not wanted has no weight, and so
 * neither cost nor gradient.
 */
final class AskedPositions {
  private final int[] all;
  private final boolean[] wanted;

  /**
   * Fills positions up to a number of cells.
   *
   * @param positions wanted, ascending
   * @param cells all there are
   */
  AskedPositions(int[] positions, int cells) {
    int count = BoundedShapes.roundUp(positions.length, cells);
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

  /** Returns the masked positions of a batch, filled up. */
  static AskedPositions of(NoisedBatch batch) {
    return new AskedPositions(
        batch.maskedPositions(), batch.clean().count() * batch.clean().length());
  }

  /** The clean tokens at all positions, [P]. */
  int[] targets(TokenBatch clean) {
    return Arrays.stream(all).map(clean::token).toArray();
  }

  /** All positions, ascending. */
  int[] all() {
    return all;
  }

  /** Says whether the position with that number is wanted. */
  boolean isWanted(int number) {
    return wanted[number];
  }
}
