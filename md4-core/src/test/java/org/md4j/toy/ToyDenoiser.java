package org.md4j.toy;

import java.util.function.DoubleUnaryOperator;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;

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
public final class ToyDenoiser implements HostDenoiser {
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
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    double context = 0;
    for (int j = 0; j < input.tokens().length(); j++) {
      context += (j + 1) * input.tokens().token(row, j);
    }
    double shift = feature.applyAsDouble(input.times()[row]);
    for (int v = 0; v < vocabulary.size(); v++) {
      into[v] = Math.sin(1.0 + 1.3 * position + 2.1 * v + context + shift);
    }
  }
}
