package org.md4j.toy;

import java.util.function.DoubleUnaryOperator;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Vocabulary;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The predictor of the golden vectors: no network, but every logit depends on position, value,
 * context and, through the feature, time.
 *
 * <pre>
 *   logit[n][v] = sin(1.0 + 1.3 n + 2.1 v + sum over j of (j + 1) z_j + feature(t))
 * </pre>
 *
 * <p>Logits are DOUBLE.
 */
public final class ToyDenoiser implements Denoiser {
  private final Vocabulary vocabulary;
  private final DoubleUnaryOperator feature;

  /** A predictor whose logits depend on time through {@code feature}. */
  public ToyDenoiser(Vocabulary vocabulary, DoubleUnaryOperator feature) {
    this.vocabulary = vocabulary;
    this.feature = feature;
  }

  /** A predictor that ignores time. */
  public ToyDenoiser(Vocabulary vocabulary) {
    this(vocabulary, t -> 0);
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    HostLogits formula = this::at;
    return formula.answer(input);
  }

  private double[] at(int[] row, int position, double time) {
    double context = 0;
    for (int j = 0; j < row.length; j++) {
      context += (j + 1) * row[j];
    }
    double[] logits = new double[vocabulary.size()];
    for (int v = 0; v < logits.length; v++) {
      logits[v] = Math.sin(1.0 + 1.3 * position + 2.1 * v + context + feature.applyAsDouble(time));
    }
    return logits;
  }
}
