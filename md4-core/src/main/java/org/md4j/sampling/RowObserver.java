package org.md4j.sampling;

import org.md4j.core.TokenBatch;

/**
 * Follows a {@link RowSampling}: says how many rows it takes at a time, and is told of each call of
 * the sampler and of each row that is done.
 */
public interface RowObserver {
  /** The number of rows that fill the cores of a machine and still fit into its memory. */
  int ROWS_TOGETHER = 16;

  /**
   * The number of rows of a length to draw in one call, at most. It does not change what is drawn.
   *
   * @param length N
   * @return at least 1
   */
  default int rowsTogether(int length) {
    return ROWS_TOGETHER;
  }

  /**
   * Returns the listener of the next call. When the rows are done it is shown them once more, with
   * {@link SamplingListener#onRound}.
   *
   * @param start the rows of the call before anything is drawn, [B, N]
   */
  default SamplingListener watch(TokenBatch start) {
    return SamplingListener.none();
  }

  /** Called when a row is done, in the order the rows were asked for. */
  default void onRow(DrawnRow row) {}

  /** Returns an observer that does nothing. */
  static RowObserver none() {
    return None.NONE;
  }

  /** The observer that does nothing. */
  enum None implements RowObserver {
    /** The only such observer. */
    NONE
  }
}
