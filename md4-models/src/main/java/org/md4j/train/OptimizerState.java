package org.md4j.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Parameters and what an optimiser keeps beside them; each [count], of one type, not copies.
 *
 * @param parameters trained parameters
 * @param average the parameters' exponential moving average
 * @param mean AdamW's mean of gradients
 * @param meanSquare AdamW's mean of squared gradients
 */
record OptimizerState(INDArray parameters, INDArray average, INDArray mean, INDArray meanSquare) {
  /** Takes another state's values. */
  void assign(OptimizerState other) {
    parameters.assign(other.parameters);
    average.assign(other.average);
    mean.assign(other.mean);
    meanSquare.assign(other.meanSquare);
  }
}
