package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.md4j.contract.DenoiserContract;
import org.nd4j.linalg.api.buffer.DataType;

class HostDenoiserTest extends DenoiserContract {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);

  @Override
  protected Denoiser denoiser() {
    return HostDenoiser.of(
        VOCABULARY,
        (input, row, position, into) -> {
          double phase = input.times()[row] + 1.3 * position + 0.7 * input.labels()[row];
          for (int n = 0; n < input.tokens().length(); n++) {
            phase += (n + 1) * input.tokens().token(row, n);
          }
          for (int v = 0; v < into.length; v++) {
            into[v] = Math.sin(phase + 2.1 * v);
          }
        });
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected int length() {
    return 4;
  }

  @Override
  protected int classes() {
    return 2;
  }

  @Test
  void aFormulaIsToldRowAndPosition() {
    HostDenoiser formula =
        (input, row, position, into) -> {
          into[0] = row;
          into[1] = position;
          into[2] = input.tokens().token(row, position);
        };
    TokenBatch tokens = TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {3, 0, 3});
    DenoiserInput input = new DenoiserInput(tokens, new double[2], new int[] {1, 3, 5});

    assertThat(formula.hostLogits(input).read(2, 0)).containsExactly(1, 2, 3, 0, 1, 1);
    assertThat(formula.logits(input).dataType()).isEqualTo(DataType.DOUBLE);
    assertThat(formula.logits(input).toDoubleMatrix())
        .isDeepEqualTo(new double[][] {{0, 1, 1}, {1, 0, 3}, {1, 2, 3}});
  }

  @Test
  void saysWhichVocabularyItKnows() {
    DenoiserInput input =
        DenoiserInput.everywhere(
            Rows.of(TokenBatch.allMasked(new Vocabulary(2), 1, 4)), new double[1]);

    assertThatThrownBy(() -> denoiser().hostLogits(input).read(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tokens must be of the denoiser's vocabulary, Vocabulary[size=3], got"
                + " Vocabulary[size=2]");
  }

  @Test
  void saysWhichLogitWasNotSet() {
    HostDenoiser forgetful = (input, row, position, into) -> into[0] = 1;
    DenoiserInput input =
        DenoiserInput.everywhere(Rows.of(TokenBatch.allMasked(VOCABULARY, 2, 4)), new double[2]);

    assertThatThrownBy(() -> forgetful.hostLogits(input).read(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "logit of token 1 at row 1, position 1 must be a number, got NaN; all V (3) are to be"
                + " set");
  }
}
