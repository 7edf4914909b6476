package org.md4j.toy;

import java.util.Arrays;
import java.util.Random;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;

/**
 * The best possible predictor of a distribution given as a table: it answers with the exact
 * conditional distribution of each token given the tokens that are not masked.
 *
 * <p>Logits are DOUBLE log-probabilities.
 */
public final class ExactDenoiser implements HostDenoiser {
  private final Vocabulary vocabulary;
  private final int length;
  private final double[] joint;

  /** The logits at each position, after every noisy row, [(V+1)^N][N][V]. */
  private final double[][][] answers;

  /**
   * A predictor for a table.
   *
   * @param joint [V^N], positive, sums to 1, indexed as {@link Sequences} counts
   */
  public ExactDenoiser(Vocabulary vocabulary, int length, double[] joint) {
    this.vocabulary = vocabulary;
    this.length = length;
    this.joint = joint.clone();
    answers = new double[Sequences.count(vocabulary.embeddingRows(), length)][length][];
    for (int i = 0; i < answers.length; i++) {
      int[] row = Sequences.at(i, vocabulary.embeddingRows(), length);
      Arrays.setAll(answers[i], position -> conditional(row, position));
    }
  }

  /** A predictor for a random table. */
  public static ExactDenoiser random(Vocabulary vocabulary, int length, long seed) {
    Random random = new Random(seed);
    double[] joint = new double[Sequences.count(vocabulary.size(), length)];
    Arrays.setAll(joint, i -> Math.exp(1.5 * random.nextGaussian()));
    double total = Arrays.stream(joint).sum();
    Arrays.setAll(joint, i -> joint[i] / total);
    return new ExactDenoiser(vocabulary, length, joint);
  }

  /** The table, [V^N]. */
  public double[] joint() {
    return joint.clone();
  }

  @Override
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    int state = Sequences.index(input.tokens().row(row), vocabulary.embeddingRows());
    System.arraycopy(answers[state][position], 0, into, 0, into.length);
  }

  private double[] conditional(int[] row, int position) {
    double[] mass = new double[vocabulary.size()];
    for (int i = 0; i < joint.length; i++) {
      int[] tokens = Sequences.at(i, vocabulary.size(), length);
      if (agrees(row, tokens)) {
        mass[tokens[position]] += joint[i];
      }
    }
    double total = Arrays.stream(mass).sum();
    return Arrays.stream(mass).map(m -> Math.log(m / total)).toArray();
  }

  private boolean agrees(int[] noisy, int[] tokens) {
    for (int n = 0; n < length; n++) {
      if (noisy[n] != vocabulary.maskId() && noisy[n] != tokens[n]) {
        return false;
      }
    }
    return true;
  }
}
