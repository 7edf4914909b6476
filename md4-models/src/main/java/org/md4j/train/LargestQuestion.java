package org.md4j.train;

import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.LogitBlocks;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Answers nothing, and remembers how much it was asked for at a time. */
final class LargestQuestion implements DifferentiableDenoiser {
  private int rows;
  private double share;

  /** The most rows of a question; 0 before the first. */
  int rows() {
    return rows;
  }

  /** The largest share of a question's positions whose logits were wanted; 0 before the first. */
  double share() {
    return share;
  }

  private void remember(DenoiserInput input) {
    int asked = input.tokens().rows();
    rows = Math.max(rows, asked);
    share =
        Math.max(
            share, (double) input.positions().length / ((long) asked * input.tokens().length()));
  }

  @Override
  public void train(
      DenoiserInput input, Uniforms dropout, LogitBlocks gradients, boolean accumulate) {
    remember(input);
  }

  @Override
  public void readLogits(DenoiserInput input, LogitBlocks blocks) {
    remember(input);
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    throw new UnsupportedOperationException("there are no logits: questions are only counted");
  }

  @Override
  public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    throw new UnsupportedOperationException("there are no logits: questions are only counted");
  }

  @Override
  public void backward(INDArray logitGradients, boolean accumulate) {
    throw new UnsupportedOperationException("there are no logits: questions are only counted");
  }
}
