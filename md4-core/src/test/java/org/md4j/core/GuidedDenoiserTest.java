package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.contract.DenoiserContract;
import org.md4j.toy.LabelledDenoiser;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class GuidedDenoiserTest extends DenoiserContract {
  private static final Vocabulary VOCABULARY = new Vocabulary(4);
  private static final int NULL_LABEL = 3;
  private static final TokenBatch TOKENS =
      TokenBatch.of(VOCABULARY, new int[] {4, 0, 2, 4, 1}, new int[] {4, 4, 3, 0, 4});
  private static final double[] TIMES = {0.3, 0.8};
  private static final int[] LABELS = {2, 0};
  private static final int[] POSITIONS = {0, 3, 5, 6, 9};

  private final List<DenoiserInput> questions = new ArrayList<>();
  private final Denoiser inner = LabelledDenoiser.of(toy(0), toy(1.7), toy(0.4), toy(2.9));
  private final Denoiser recording =
      input -> {
        questions.add(input);
        return inner.logits(input);
      };

  @Override
  protected Denoiser denoiser() {
    return new GuidedDenoiser(inner, NULL_LABEL, 1.5);
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected int length() {
    return TOKENS.length();
  }

  @Override
  protected int classes() {
    return NULL_LABEL;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 3})
  void addsGTimesWhatTheLabelChanges(double guidance) {
    double[][] conditional = ask(inner, LABELS);
    double[][] unconditional = ask(inner, NULL_LABEL, NULL_LABEL);

    double[][] guided = ask(new GuidedDenoiser(inner, NULL_LABEL, guidance), LABELS);

    for (int p = 0; p < POSITIONS.length; p++) {
      for (int v = 0; v < VOCABULARY.size(); v++) {
        assertThat(conditional[p][v]).isNotEqualTo(unconditional[p][v]);
        assertThat(guided[p][v])
            .as("position %d, value %d", p, v)
            .isCloseTo(
                (1 + guidance) * conditional[p][v] - guidance * unconditional[p][v],
                within(Tolerance.EXACT_DOUBLE));
      }
    }
  }

  @Test
  void asksOnceWithTheNullRowsBelowTheOthers() {
    ask(new GuidedDenoiser(recording, NULL_LABEL, 2), LABELS);

    assertThat(questions).hasSize(1);
    DenoiserInput asked = questions.get(0);
    assertThat(asked.tokens().rows(0, 2)).isEqualTo(TOKENS);
    assertThat(asked.tokens().rows(2, 4)).isEqualTo(TOKENS);
    assertThat(asked.times()).containsExactly(0.3, 0.8, 0.3, 0.8);
    assertThat(asked.labels()).containsExactly(2, 0, NULL_LABEL, NULL_LABEL);
    assertThat(asked.positions()).containsExactly(0, 3, 5, 6, 9, 10, 13, 15, 16, 19);
  }

  @Test
  void withoutGuidanceTheQuestionIsPassedOnAsItIs() {
    DenoiserInput question =
        new DenoiserInput(Rows.of(TOKENS).withLabels(LABELS), TIMES, POSITIONS);

    new GuidedDenoiser(recording, NULL_LABEL, 0).logits(question);

    assertThat(questions).hasSize(1);
    assertThat(questions.get(0)).isSameAs(question);
  }

  @Test
  void aRowOfNoClassIsNotGuided() {
    double[][] plain = ask(inner, NULL_LABEL, NULL_LABEL);

    double[][] guided = ask(new GuidedDenoiser(inner, NULL_LABEL, 2.5), NULL_LABEL, NULL_LABEL);

    for (int p = 0; p < POSITIONS.length; p++) {
      assertThat(guided[p]).containsExactly(plain[p], within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** Where ND4J takes rows of a view for empty, and around it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 19, 20, 24, 39, 40, 60})
  void readsAnAnswerThatLiesInsideALargerArray(int offset) {
    Denoiser inside =
        input -> {
          INDArray answer = inner.logits(input);
          INDArray larger = Nd4j.zeros(DataType.DOUBLE, 200);
          INDArray view =
              larger
                  .get(NDArrayIndex.interval(offset, offset + answer.length()))
                  .reshape('c', answer.shape());
          return view.assign(answer);
        };
    double[][] expected = ask(denoiser(), LABELS);

    double[][] guided = ask(new GuidedDenoiser(inside, NULL_LABEL, 1.5), LABELS);

    for (int p = 0; p < POSITIONS.length; p++) {
      assertThat(guided[p]).containsExactly(expected[p]);
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuidedDenoiser(inner, -1, 1))
        .withMessage("nullLabel (-1) must be at least 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuidedDenoiser(inner, 3, -0.5))
        .withMessage("guidance (-0.5) must be at least 0 and finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuidedDenoiser(inner, 3, Double.NaN))
        .withMessage("guidance (NaN) must be at least 0 and finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> denoiser().logits(new DenoiserInput(TOKENS, TIMES, POSITIONS)))
        .withMessage("labels must have shape [B] = [2] to be guided by, got none");
  }

  private static ToyDenoiser toy(double feature) {
    return new ToyDenoiser(VOCABULARY, time -> time + feature);
  }

  private static double[][] ask(Denoiser denoiser, int... labels) {
    return denoiser
        .logits(new DenoiserInput(Rows.of(TOKENS).withLabels(labels), TIMES, POSITIONS))
        .dup()
        .toDoubleMatrix();
  }
}
