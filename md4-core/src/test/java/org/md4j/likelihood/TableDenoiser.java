package org.md4j.likelihood;

import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.Sequences;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The answers of a small network without time, looked up: for tests that ask a million times. */
final class TableDenoiser implements Denoiser {
  private final Vocabulary vocabulary;
  private final int length;
  private final double[][] table; // [(V+1)^N][N * V]

  TableDenoiser(Denoiser denoiser, Vocabulary vocabulary, int length) {
    this.vocabulary = vocabulary;
    this.length = length;
    table = new double[Sequences.count(vocabulary.embeddingRows(), length)][];
    for (int i = 0; i < table.length; i++) {
      TokenBatch row =
          TokenBatch.of(vocabulary, Sequences.at(i, vocabulary.embeddingRows(), length));
      INDArray logits =
          denoiser.logits(DenoiserInput.everywhere(Rows.of(row), new double[] {0.5})).dup('c');
      table[i] = logits.data().asDouble();
    }
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    int size = vocabulary.size();
    double[] answer = new double[input.positions().length * size];
    for (int p = 0; p < input.positions().length; p++) {
      int row = input.positions()[p] / length;
      int state = 0;
      for (int n = 0; n < length; n++) {
        state = state * vocabulary.embeddingRows() + input.tokens().token(row, n);
      }
      System.arraycopy(table[state], input.positions()[p] % length * size, answer, p * size, size);
    }
    return Nd4j.createFromArray(answer).reshape('c', input.positions().length, size);
  }
}
