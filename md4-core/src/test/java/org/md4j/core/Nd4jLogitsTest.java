package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class Nd4jLogitsTest {
  private static final DenoiserInput QUESTION =
      DenoiserInput.everywhere(
          Rows.of(TokenBatch.allMasked(new Vocabulary(2), 1, 5)), new double[1]);

  /** An answer that is row {@code first} and the next four of a larger matrix of 2 columns. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 20})
  void readsAnAnswerThatLiesInsideALargerArray(int first) {
    INDArray answer =
        Nd4j.arange(2.0 * (first + 6))
            .reshape('c', first + 6, 2)
            .get(NDArrayIndex.interval(first, first + 5), NDArrayIndex.all());

    HostLogits logits = Nd4jLogits.of(answer, QUESTION);

    double begin = 2.0 * first;
    assertThat(logits.read(3, 4)).containsExactly(begin + 6, begin + 7, begin + 8, begin + 9);
    assertThat(logits.read(4, 0, 2))
        .containsExactly(begin + 8, begin + 9, begin, begin + 1, begin + 4, begin + 5);
    assertThat(logits.read(2)).containsExactly(begin + 4, begin + 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void readsAnAnswerOfAnotherLayout(int column) {
    INDArray answer =
        Nd4j.arange(15)
            .reshape('c', 5, 3)
            .get(NDArrayIndex.all(), NDArrayIndex.interval(column, column + 2));

    HostLogits logits = Nd4jLogits.of(answer, QUESTION);

    assertThat(logits.read(3, 4))
        .containsExactly(9 + column, 10 + column, 12 + column, 13 + column);
    assertThat(logits.read(4, 1)).containsExactly(12 + column, 13 + column, 3 + column, 4 + column);
  }
}
