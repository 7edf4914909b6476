package org.md4j.likelihood;

import java.util.Arrays;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.objective.Elbo;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.Sequences;

/** So many rows drawn from a small table that their mean is the expectation. */
record EndlessText(Vocabulary vocabulary, int length, double[] joint) implements RowSource {
  private static final Uniforms CHOICE = new CounterRandom(77).uniforms(Purpose.DATA, 0);

  /** A text of V^N kinds of rows, the later the more frequent. */
  static EndlessText skewed(Vocabulary vocabulary, int length) {
    double[] joint = new double[Sequences.count(vocabulary.size(), length)];
    double total = joint.length * (joint.length + 1) / 2.0;
    Arrays.setAll(joint, i -> (i + 1) / total);
    return new EndlessText(vocabulary, length, joint);
  }

  @Override
  public long size() {
    return 1L << 40;
  }

  @Override
  public void row(long index, int[] into) {
    double u = CHOICE.at(index, 0);
    int i = 0;
    while (i < joint.length - 1 && u >= joint[i]) {
      u -= joint[i];
      i++;
    }
    System.arraycopy(Sequences.at(i, vocabulary.size(), length), 0, into, 0, length);
  }

  @Override
  public String name() {
    return "a table";
  }

  @Override
  public String sha256() {
    return "0".repeat(64);
  }

  /** The expectation of a bound, constant terms included, nats per token. */
  double exact(Elbo elbo, Denoiser denoiser) {
    double mean = elbo.reconstruction(length, vocabulary) + elbo.prior(length, vocabulary);
    for (int i = 0; i < joint.length; i++) {
      int[] row = Sequences.at(i, vocabulary.size(), length);
      mean += joint[i] * ExactElbo.diffusion(elbo, denoiser, vocabulary, row);
    }
    return mean / length;
  }
}
