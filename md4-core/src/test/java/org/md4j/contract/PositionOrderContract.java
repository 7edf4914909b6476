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
import org.md4j.sampling.PositionOrder;

/** What every {@link PositionOrder} promises: extend this class and hand it orders of your own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PositionOrderContract {
  private static final int CASES = 60;

  /** The orders under test, of rows of {@link #length}. */
  protected abstract Stream<PositionOrder> orders();

  /** The length N of the rows that are ordered. */
  protected int length() {
    return 24;
  }

  /** Some blanks of a row, [M], and the numbers that the steps reveal. */
  private record Question(int[] blanks, int[] sizes) {}

  @ParameterizedTest
  @MethodSource("orders")
  protected final void holdsEachBlankOnce(PositionOrder order) {
    questions()
        .forEach(
            question ->
                assertThat(order(order, question))
                    .containsExactlyInAnyOrder(
                        IntStream.of(question.blanks).boxed().toArray(Integer[]::new)));
  }

  @ParameterizedTest
  @MethodSource("orders")
  protected final void isTheSameWheneverItIsAskedFor(PositionOrder order) {
    Question[] questions = questions().toArray(Question[]::new);
    int[][] forwards = new int[CASES][];
    int[][] backwards = new int[CASES][];
    for (int i = 0; i < CASES; i++) {
      forwards[i] = order(order, questions[i]);
    }
    for (int i = CASES - 1; i >= 0; i--) {
      backwards[i] = order(order, questions[i]);
    }

    assertThat(backwards).isDeepEqualTo(forwards);
  }

  @ParameterizedTest
  @MethodSource("orders")
  protected final void leavesItsArgumentsAsTheyAre(PositionOrder order) {
    questions()
        .forEach(
            question -> {
              int[] blanks = question.blanks.clone();
              int[] sizes = question.sizes.clone();
              order.order(length(), blanks, sizes);

              assertThat(blanks).containsExactly(question.blanks);
              assertThat(sizes).containsExactly(question.sizes);
            });
  }

  @ParameterizedTest
  @MethodSource("orders")
  protected final void groupsAreCutFromTheOrder(PositionOrder order) {
    questions()
        .forEach(
            question -> {
              int[] groups = order.groups(length(), question.blanks, question.sizes);
              int next = 0;
              for (int group = 0; group < question.sizes.length; group++) {
                int[] together =
                    Arrays.copyOfRange(order(order, question), next, next += question.sizes[group]);
                for (int position : together) {
                  assertThat(groups[Arrays.binarySearch(question.blanks, position)])
                      .isEqualTo(group);
                }
              }
            });
  }

  private int[] order(PositionOrder order, Question question) {
    return order.order(length(), question.blanks.clone(), question.sizes.clone());
  }

  /** Questions about no blank up to all, one a step up to all at once. */
  private Stream<Question> questions() {
    Uniforms uniforms = new CounterRandom(12).uniforms(Purpose.DATA, 0);
    return IntStream.range(0, CASES)
        .mapToObj(
            i -> {
              int[] blanks =
                  IntStream.range(0, length())
                      .filter(n -> uniforms.at(i, n) * (CASES - 1) < i)
                      .toArray();
              IntStream.Builder sizes = IntStream.builder();
              for (int left = blanks.length; left > 0; ) {
                int most = i % 3 == 0 ? 1 : i % 3 == 1 ? left : left / 2 + 1;
                int size = 1 + (int) (uniforms.at(i, length() + left) * (most - 1));
                sizes.add(size);
                left -= size;
              }
              return new Question(blanks, sizes.build().toArray());
            });
  }
}
