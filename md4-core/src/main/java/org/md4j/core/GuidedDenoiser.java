package org.md4j.core;

import java.util.Arrays;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A denoiser with classifier-free guidance: a class-conditional one made to follow its labels more
 * than it would by itself.
 *
 * <pre>
 *   logits = (1 + g) logits(tokens, label) - g logits(tokens, null label)
 * </pre>
 *
 * <p>Both answers come from one question of twice the rows; with g = 0 the question is passed on as
 * it is. The network must have been trained with labels dropped, or its null label means nothing.
 * What comes out is no longer a model of the data: samples are more typical of their class and less
 * varied, and a likelihood computed from it is not a bound of the network's.
 *
 * <p>Unless g = 0, the logits are computed with ND4J, whose backend must be on the class path.
 *
 * <p>The result is the inner denoiser's, with its number type and its rules of ownership and
 * threads.
 *
 * <p>Deviation: neither paper nor reference code (MD4, arXiv 2406.04329v4; google-deepmind/md4,
 * commit b9fbf29) has guidance; the paper names it as future work. The formula is that of Ho and
 * Salimans, arXiv 2207.12598, on logits.
 *
 * @param denoiser reads labels, the null label among them
 * @param nullLabel the label of a row without class, at least 0; K for our networks with K classes
 * @param guidance g, at least 0 and finite
 */
public record GuidedDenoiser(Denoiser denoiser, int nullLabel, double guidance)
    implements Denoiser {
  /** Checks every range. */
  public GuidedDenoiser {
    if (nullLabel < 0) {
      throw new IllegalArgumentException("nullLabel (" + nullLabel + ") must be at least 0");
    }
    if (!(guidance >= 0 && guidance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "guidance (" + guidance + ") must be at least 0 and finite");
    }
  }

  /**
   * Computes guided logits at the wanted positions.
   *
   * @param input with a label for every row
   * @throws IllegalArgumentException if the rows have no labels
   */
  @Override
  public INDArray logits(DenoiserInput input) {
    if (!input.rows().hasLabels()) {
      throw new IllegalArgumentException(
          "labels must have shape [B] = [" + input.rows().count() + "] to be guided by, got none");
    }
    if (guidance == 0) {
      return denoiser.logits(input);
    }
    INDArray both = denoiser.logits(withNullRows(input));
    long positions = input.positions().length;
    INDArray conditional = MatrixRows.view(both, 0, positions);
    INDArray unconditional = MatrixRows.view(both, positions, 2 * positions);
    return conditional.muli(1 + guidance).subi(unconditional.muli(guidance));
  }

  /**
   * Computes guided logits, read on the host; without guidance they are the inner denoiser's own.
   */
  @Override
  public HostLogits hostLogits(DenoiserInput input) {
    return guidance == 0 && input.labels().length > 0
        ? denoiser.hostLogits(input)
        : Denoiser.super.hostLogits(input);
  }

  /** Returns the question followed by the same one without classes. */
  private DenoiserInput withNullRows(DenoiserInput input) {
    TokenBatch tokens = input.tokens();
    int cells = tokens.rows() * tokens.length();
    int[] labels = twice(input.labels());
    Arrays.fill(labels, tokens.rows(), labels.length, nullLabel);
    int[] positions = twice(input.positions());
    for (int i = input.positions().length; i < positions.length; i++) {
      positions[i] += cells;
    }
    double[] times = Arrays.copyOf(input.times(), 2 * tokens.rows());
    System.arraycopy(input.times(), 0, times, tokens.rows(), tokens.rows());
    return new DenoiserInput(
        Rows.of(TokenBatch.ofFlat(tokens.vocabulary(), 2 * tokens.rows(), twice(tokens.toFlat())))
            .withLabels(labels),
        times,
        positions);
  }

  private static int[] twice(int[] values) {
    int[] result = Arrays.copyOf(values, Math.multiplyExact(2, values.length));
    System.arraycopy(values, 0, result, values.length, values.length);
    return result;
  }
}
