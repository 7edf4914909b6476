package org.md4j.toy;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A predictor without parameters that keeps the questions and the gradients it is given. */
public final class GradientRecorder implements DifferentiableDenoiser {
  private final Denoiser denoiser;
  private final List<DenoiserInput> questions = new ArrayList<>();
  private final List<double[]> gradients = new ArrayList<>();
  private final List<Boolean> accumulated = new ArrayList<>();

  /** A recorder of a predictor. */
  public GradientRecorder(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /** What was asked in training. */
  public List<DenoiserInput> questions() {
    return questions;
  }

  /** The gradient of each question's logits, [P * V]. */
  public List<double[]> gradients() {
    return gradients;
  }

  /** Whether each gradient was to be added to those before. */
  public List<Boolean> accumulated() {
    return accumulated;
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    return denoiser.logits(input);
  }

  @Override
  public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    questions.add(input);
    return denoiser.logits(input);
  }

  @Override
  public void backward(INDArray logitGradients, boolean accumulate) {
    gradients.add(logitGradients.dup('c').data().asDouble());
    accumulated.add(accumulate);
  }
}
