package org.md4j.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Parameters and what an optimiser keeps beside them; each [count], of one type, not copies.
 *
 * @param parameters trained parameters
 * @param average the parameters' exponential moving average
 * @param mean AdamW's mean of gradients; of Muon's matrices its momentum
 * @param meanSquare AdamW's mean of squared gradients; of Muon's matrices 0
 */
record OptimizerState(INDArray parameters, INDArray average, INDArray mean, INDArray meanSquare) {
  /** Takes another state's values. */
  void assign(OptimizerState other) {
    parameters.assign(other.parameters);
    average.assign(other.average);
    mean.assign(other.mean);
    meanSquare.assign(other.meanSquare);
  }

  /** Returns the elements {@code from} to {@code to} of all four, as views [to - from]. */
  OptimizerState part(long from, long to) {
    return new OptimizerState(
        part(parameters, from, to),
        part(average, from, to),
        part(mean, from, to),
        part(meanSquare, from, to));
  }

  /** Returns the elements {@code from} to {@code to} of a flat vector, as a view [to - from]. */
  static INDArray part(INDArray vector, long from, long to) {
    return vector.reshape(vector.length()).get(NDArrayIndex.interval(from, to));
  }
}
