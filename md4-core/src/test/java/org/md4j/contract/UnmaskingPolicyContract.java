package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.likelihood.UnmaskingPolicy;

/**
 * What every {@link UnmaskingPolicy} promises: extend this class and hand it policies of your own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class UnmaskingPolicyContract {
  private static final int CASES = 100;
  private static final int LENGTH = 12;
  private static final int SIZE = 4;

  /** The policies under test. */
  protected abstract Stream<UnmaskingPolicy> policies();

  /** Some masked positions of a row, [M], and the network's logits there, [M * V]. */
  private record Question(int[] masked, double[] logits) {}

  @ParameterizedTest
  @MethodSource("policies")
  protected final void picksSomeOfTheMaskedPositionsEachOnce(UnmaskingPolicy policy) {
    questions()
        .forEach(
            question -> {
              int[] picked = picked(policy, question);

              assertThat(picked).isNotEmpty().doesNotHaveDuplicates();
              assertThat(question.masked).contains(picked);
            });
  }

  @ParameterizedTest
  @MethodSource("policies")
  protected final void picksTheSameWheneverItIsAsked(UnmaskingPolicy policy) {
    Question[] questions = questions().toArray(Question[]::new);
    int[][] forwards = new int[CASES][];
    int[][] backwards = new int[CASES][];
    for (int i = 0; i < CASES; i++) {
      forwards[i] = picked(policy, questions[i]);
    }
    for (int i = CASES - 1; i >= 0; i--) {
      backwards[i] = picked(policy, questions[i]);
    }

    assertThat(backwards).isDeepEqualTo(forwards);
  }

  @ParameterizedTest
  @MethodSource("policies")
  protected final void leavesTheLogitsAsTheyAre(UnmaskingPolicy policy) {
    questions()
        .forEach(
            question -> {
              double[] logits = question.logits.clone();
              policy.next(question.masked.clone(), logits);

              assertThat(logits).containsExactly(question.logits);
            });
  }

  private static int[] picked(UnmaskingPolicy policy, Question question) {
    return policy.next(question.masked.clone(), question.logits.clone());
  }

  /** Questions about one mask up to all; every fifth network is as sure of all. */
  private static Stream<Question> questions() {
    Uniforms uniforms = new CounterRandom(11).uniforms(Purpose.DATA, 0);
    return IntStream.range(0, CASES)
        .mapToObj(
            i -> {
              int[] masked =
                  IntStream.range(0, LENGTH)
                      .filter(n -> n == i % LENGTH || uniforms.at(i, n) * CASES < i)
                      .toArray();
              double[] logits = new double[masked.length * SIZE];
              Arrays.setAll(logits, j -> i % 5 == 0 ? 0 : 8 * uniforms.at(i, LENGTH + j));
              return new Question(masked, logits);
            });
  }
}
