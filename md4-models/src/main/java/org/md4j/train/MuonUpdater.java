package org.md4j.train;

import org.md4j.compute.Tensor;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.blas.Level1;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Muon on one matrix of a flat vector, in place; the formula is at {@link MuonConfig}.
 *
 * <p>Owns no memory: parameter, gradient and momentum are views of what it was given.
 */
final class MuonUpdater {
  /** Keeps the direction of a gradient of zeros finite. */
  private static final double NORM_EPSILON = 1e-7;

  private final Muon muon;
  private final NewtonSchulz newtonSchulz;
  private final double length;
  private final INDArray parameter;
  private final INDArray gradient;
  private final INDArray momentum;
  private final Tensor direction;

  /**
   * Makes an updater.
   *
   * @param parameter the matrix's entries, [count], as gradient and momentum
   * @param newtonSchulz may be shared with other matrices of the same thread
   */
  MuonUpdater(
      Muon muon,
      NewtonSchulz newtonSchulz,
      ParameterMatrix matrix,
      INDArray parameter,
      INDArray gradient,
      INDArray momentum) {
    this.muon = muon;
    this.newtonSchulz = newtonSchulz;
    this.length = Math.sqrt(Math.max(1, (double) matrix.fanOut() / matrix.fanIn()));
    this.parameter = parameter;
    this.gradient = gradient;
    this.momentum = momentum;
    this.direction = Tensor.of(gradient).reshape(matrix.fanIn(), matrix.fanOut());
  }

  /**
   * Updates momentum and matrix, and destroys the gradient.
   *
   * @param step counted from 0
   */
  void update(int step) {
    Level1 blas = Nd4j.getBlasWrapper().level1();
    long count = parameter.length();
    double decay = muon.config().momentum();
    momentum.muli(decay).addi(gradient);
    blas.axpy(count, decay, momentum, gradient);
    double rate = muon.learningRate().at(step);
    if (rate == 0) {
      return;
    }
    gradient.muli(1 / (blas.nrm2(gradient) + NORM_EPSILON));
    INDArray orthogonal = newtonSchulz.orthogonalized(direction).reshape(count).array();
    if (muon.weightDecay() != 0) {
      parameter.muli(1 - rate * muon.weightDecay());
    }
    blas.axpy(count, -rate * length, orthogonal, parameter);
  }
}
