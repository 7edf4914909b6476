package org.md4j.train;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running average of parameters that MD4 evaluates and samples with:
 *
 * <pre>  average = average + (1 - rate) * (parameters - average)</pre>
 *
 * from the first step on, without warm-up or bias correction (reference code b9fbf29, train.py), so
 * it is of no use before some multiples of {@code 1 / (1 - rate)} steps.
 *
 * <p>Writes to the array it was made with and owns no other memory.
 */
public final class ExponentialMovingAverage {
  private final INDArray average;
  private final double rate;

  /**
   * Makes an average that continues from the values that the array holds.
   *
   * @param average any shape, FLOAT or DOUBLE; written to by every update
   * @param rate share of the old average in the new one, in [0, 1)
   */
  public ExponentialMovingAverage(INDArray average, double rate) {
    Settings.requireRate("rate", rate);
    this.average = average;
    // The two factors must add up to exactly 1 once they are rounded, or the average drifts.
    this.rate = average.dataType() == DataType.FLOAT ? (float) rate : rate;
  }

  /** Takes one step's parameters into the average. */
  public void update(INDArray parameters) {
    average.muli(rate);
    Nd4j.getBlasWrapper().level1().axpy(average.length(), 1 - rate, parameters, average);
  }

  /** The average itself, not a copy. */
  public INDArray average() {
    return average;
  }
}
