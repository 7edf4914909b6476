package org.md4j.toy;

import java.util.Arrays;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;

/**
 * A predictor whose logits depend on position, value and the tokens before the position.
 *
 * <pre>
 *   logit[n][v] = sin(1.0 + 1.3 n + 2.1 v + sum over j before n of (j + 1) z_j)
 * </pre>
 *
 * <p>Logits are DOUBLE.
 */
public record CausalToyDenoiser(Vocabulary vocabulary) implements HostDenoiser {
  @Override
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    double[] logits = at(position, Arrays.copyOf(input.tokens().row(row), position));
    System.arraycopy(logits, 0, into, 0, into.length);
  }

  /** The logits of a position, [V], after the tokens before it. */
  public double[] at(int position, int... before) {
    double context = 0;
    for (int j = 0; j < before.length; j++) {
      context += (j + 1) * before[j];
    }
    double[] logits = new double[vocabulary.size()];
    for (int v = 0; v < logits.length; v++) {
      logits[v] = Math.sin(1.0 + 1.3 * position + 2.1 * v + context);
    }
    return logits;
  }
}
