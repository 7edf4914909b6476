package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.DiscreteTimeProcess;

class DiscreteTimeProcessTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int MASK = VOCABULARY.maskId();
  private static final int STEPS = 6;

  static Stream<DiscreteTimeProcess> processes() {
    return ForwardProcessTest.schedules()
        .map(schedule -> new DiscreteTimeProcess(schedule, STEPS, VOCABULARY));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void everyMatrixIsStochastic(DiscreteTimeProcess process) {
    assertStochastic(process.cumulativeMatrix(0));
    for (int i = 1; i <= STEPS; i++) {
      assertStochastic(process.stepMatrix(i));
      assertStochastic(process.cumulativeMatrix(i));
      for (int clean = 0; clean < MASK; clean++) {
        assertStochastic(process.posteriorMatrix(i, clean));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void cumulativeMatrixIsTheProductOfTheSteps(DiscreteTimeProcess process) {
    double[][] product = process.cumulativeMatrix(0);
    for (int i = 1; i <= STEPS; i++) {
      product = product(product, process.stepMatrix(i));

      assertClose(process.cumulativeMatrix(i), product);
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void cumulativeMatrixHoldsTheMarginalsOfTheSchedule(DiscreteTimeProcess process) {
    for (int i = 0; i <= STEPS; i++) {
      double[][] matrix = process.cumulativeMatrix(i);
      double t = process.time(i);
      for (int clean = 0; clean < MASK; clean++) {
        assertThat(matrix[clean][clean]).isEqualTo(process.schedule().alpha(t));
        assertThat(matrix[clean][MASK]).isEqualTo(process.schedule().oneMinusAlpha(t));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void stepMatrixMasksAtRateBetaAndNeverUnmasks(DiscreteTimeProcess process) {
    for (int i = 1; i <= STEPS; i++) {
      double[][] matrix = process.stepMatrix(i);
      for (int from = 0; from < MASK; from++) {
        for (int to = 0; to < MASK; to++) {
          double expected = from == to ? 1 - process.beta(i) : 0;
          assertThat(matrix[from][to]).isCloseTo(expected, within(EXACT_DOUBLE));
        }
        assertThat(matrix[from][MASK]).isEqualTo(process.beta(i));
      }
      assertThat(matrix[MASK]).containsExactly(0, 0, 0, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void posteriorMatrixIsBayesRuleByEnumeration(DiscreteTimeProcess process) {
    for (int i = 1; i <= STEPS; i++) {
      double[][] step = process.stepMatrix(i);
      double[][] before = process.cumulativeMatrix(i - 1);
      double[][] after = process.cumulativeMatrix(i);
      for (int clean = 0; clean < MASK; clean++) {
        double[][] posterior = process.posteriorMatrix(i, clean);
        for (int late = 0; late <= MASK; late++) {
          if (after[clean][late] == 0) {
            continue;
          }
          for (int early = 0; early <= MASK; early++) {
            double bayes = before[clean][early] * step[early][late] / after[clean][late];

            assertThat(posterior[late][early])
                .as("x_s = %s given x_t = %s, x_0 = %s, step %s", early, late, clean, i)
                .isCloseTo(bayes, within(EXACT_DOUBLE));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void posteriorMatrixKeepsUnmaskedTokens(DiscreteTimeProcess process) {
    for (int i = 1; i <= STEPS; i++) {
      double[][] matrix = process.posteriorMatrix(i, 1);

      assertThat(matrix[0]).containsExactly(1, 0, 0, 0);
      assertThat(matrix[1]).containsExactly(0, 1, 0, 0);
      assertThat(matrix[2]).containsExactly(0, 0, 1, 0);
    }
  }

  @Test
  void firstMatrixIsTheIdentityUnlessTheScheduleIsClipped() {
    assertThat(process(MaskingSchedule.linear()).cumulativeMatrix(0))
        .isDeepEqualTo(new double[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}});
    assertThat(process(MaskingSchedule.reference()).cumulativeMatrix(0)[0][MASK]).isEqualTo(1e-4);
  }

  @Test
  void timesAreEvenlySpacedFromZeroToOne() {
    DiscreteTimeProcess process = process(MaskingSchedule.linear());

    assertThat(process.time(0)).isZero();
    assertThat(process.time(3)).isEqualTo(0.5);
    assertThat(process.time(STEPS)).isEqualTo(1);
  }

  @Test
  void linearBetaIsOneOverTheStepsLeft() {
    DiscreteTimeProcess process = process(MaskingSchedule.linear());
    for (int i = 1; i <= STEPS; i++) {
      assertThat(process.beta(i)).isCloseTo(1.0 / (STEPS - i + 1), within(EXACT_DOUBLE));
    }
  }

  @Test
  void rejectsStepsAndTokensOutsideTheirRange() {
    DiscreteTimeProcess process = process(MaskingSchedule.linear());

    assertThatThrownBy(() -> new DiscreteTimeProcess(MaskingSchedule.linear(), 0, VOCABULARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps (0) must be at least 1");
    assertThatThrownBy(() -> process.time(-1)).hasMessage("i (-1) must be in 0..6");
    assertThatThrownBy(() -> process.cumulativeMatrix(7)).hasMessage("i (7) must be in 0..6");
    assertThatThrownBy(() -> process.beta(0)).hasMessage("i (0) must be in 1..6");
    assertThatThrownBy(() -> process.stepMatrix(0)).hasMessage("i (0) must be in 1..6");
    assertThatThrownBy(() -> process.posteriorMatrix(7, 0)).hasMessage("i (7) must be in 1..6");
    assertThatThrownBy(() -> process.posteriorMatrix(1, MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cleanToken (3) must be in 0..2");
    assertThatThrownBy(() -> process.posteriorMatrix(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cleanToken (-1) must be in 0..2");
  }

  private static DiscreteTimeProcess process(MaskingSchedule schedule) {
    return new DiscreteTimeProcess(schedule, STEPS, VOCABULARY);
  }

  private static void assertStochastic(double[][] matrix) {
    assertThat(matrix).hasNumberOfRows(MASK + 1);
    for (double[] row : matrix) {
      assertThat(row).hasSize(MASK + 1);
      assertThat(Arrays.stream(row)).allMatch(p -> p >= 0 && p <= 1);
      assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(EXACT_DOUBLE));
    }
  }

  private static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][right.length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right.length; j++) {
        for (int k = 0; k < right.length; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  private static void assertClose(double[][] actual, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).containsExactly(expected[i], within(EXACT_DOUBLE));
    }
  }
}
