package org.md4j.core;

import org.junit.jupiter.api.Nested;
import org.md4j.contract.DenoiserContract;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The contract can be met: by a denoiser written by hand, in both number types. */
class DenoiserTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);

  @Nested
  class OfDoubles extends DenoiserContract {
    @Override
    protected Denoiser denoiser() {
      return input -> sines(input, DataType.DOUBLE);
    }

    @Override
    protected Vocabulary vocabulary() {
      return VOCABULARY;
    }

    @Override
    protected int length() {
      return 4;
    }
  }

  @Nested
  class OfFloats extends DenoiserContract {
    @Override
    protected Denoiser denoiser() {
      return input -> sines(input, DataType.FLOAT);
    }

    @Override
    protected Vocabulary vocabulary() {
      return VOCABULARY;
    }

    @Override
    protected int length() {
      return 5;
    }
  }

  /** Logits that depend on the whole row, the time, the position and the token value. */
  private static INDArray sines(DenoiserInput input, DataType type) {
    int length = input.tokens().length();
    INDArray logits =
        Nd4j.create(type, input.positions().length, input.tokens().vocabulary().size());
    for (int p = 0; p < input.positions().length; p++) {
      int b = input.positions()[p] / length;
      double phase = input.times()[b] + 1.3 * (input.positions()[p] % length);
      for (int n = 0; n < length; n++) {
        phase += (n + 1) * input.tokens().token(b, n);
      }
      for (int v = 0; v < logits.columns(); v++) {
        logits.putScalar(p, v, Math.sin(phase + 2.1 * v));
      }
    }
    return logits;
  }
}
