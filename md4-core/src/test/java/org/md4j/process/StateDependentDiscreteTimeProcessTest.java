package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.DiscreteTimeProcess;
import org.md4j.toy.StateDependentDiscreteTimeProcess;

class StateDependentDiscreteTimeProcessTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int MASK = VOCABULARY.maskId();
  private static final int STEPS = 6;

  static Stream<StateDependentDiscreteTimeProcess> processes() {
    LearnedPolynomialSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.5, 1, 2.5);
    return Stream.of(schedule, schedule.withEpsilon(0))
        .map(each -> new StateDependentDiscreteTimeProcess(each, STEPS));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void everyMatrixIsStochastic(StateDependentDiscreteTimeProcess process) {
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
  void cumulativeMatrixIsTheProductOfTheSteps(StateDependentDiscreteTimeProcess process) {
    double[][] product = process.cumulativeMatrix(0);
    for (int i = 1; i <= STEPS; i++) {
      product =
          new Array2DRowRealMatrix(product)
              .multiply(new Array2DRowRealMatrix(process.stepMatrix(i)))
              .getData();

      assertClose(process.cumulativeMatrix(i), product);
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void cumulativeMatrixHoldsTheMarginalsOfTheSchedule(StateDependentDiscreteTimeProcess process) {
    for (int i = 0; i <= STEPS; i++) {
      double[][] matrix = process.cumulativeMatrix(i);
      double t = process.time(i);
      for (int clean = 0; clean < MASK; clean++) {
        assertThat(matrix[clean][clean]).isEqualTo(process.schedule().alpha(t, clean));
        assertThat(matrix[clean][MASK]).isEqualTo(process.schedule().oneMinusAlpha(t, clean));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void posteriorMatrixIsBayesRuleByEnumeration(StateDependentDiscreteTimeProcess process) {
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
            assertThat(posterior[late][early])
                .as("x_s = %s given x_t = %s, x_0 = %s, step %s", early, late, clean, i)
                .isCloseTo(
                    before[clean][early] * step[early][late] / after[clean][late],
                    within(EXACT_DOUBLE));
          }
        }
      }
    }
  }

  @Test
  void withOnePowerItIsTheDiscreteTimeProcess() {
    DiscreteTimeProcess expected =
        new DiscreteTimeProcess(MaskingSchedule.polynomial(1.7), STEPS, VOCABULARY);
    StateDependentDiscreteTimeProcess process =
        new StateDependentDiscreteTimeProcess(
            LearnedPolynomialSchedule.ofPowers(VOCABULARY, 1.7).withEpsilon(0), STEPS);
    for (int i = 1; i <= STEPS; i++) {
      assertThat(process.time(i)).isEqualTo(expected.time(i));
      assertThat(process.beta(i, 1)).isCloseTo(expected.beta(i), within(EXACT_DOUBLE));
      assertClose(process.stepMatrix(i), expected.stepMatrix(i));
      assertClose(process.cumulativeMatrix(i), expected.cumulativeMatrix(i));
      assertClose(process.posteriorMatrix(i, 2), expected.posteriorMatrix(i, 2));
    }
  }

  @Test
  void rejectsStepsAndTokensOutsideTheirRange() {
    StateDependentDiscreteTimeProcess process = processes().findFirst().orElseThrow();

    assertThatThrownBy(() -> new StateDependentDiscreteTimeProcess(process.schedule(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps (0) must be at least 1");
    assertThatThrownBy(() -> process.time(-1)).hasMessage("i (-1) must be in 0..6");
    assertThatThrownBy(() -> process.cumulativeMatrix(7)).hasMessage("i (7) must be in 0..6");
    assertThatThrownBy(() -> process.beta(0, 0)).hasMessage("i (0) must be in 1..6");
    assertThatThrownBy(() -> process.stepMatrix(0)).hasMessage("i (0) must be in 1..6");
    assertThatThrownBy(() -> process.posteriorMatrix(7, 0)).hasMessage("i (7) must be in 1..6");
    assertThatThrownBy(() -> process.posteriorMatrix(1, MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cleanToken (3) must be in 0..2");
  }

  private static void assertStochastic(double[][] matrix) {
    assertThat(matrix).hasNumberOfRows(MASK + 1);
    for (double[] row : matrix) {
      assertThat(row).hasSize(MASK + 1);
      assertThat(Arrays.stream(row)).allMatch(p -> p >= 0 && p <= 1);
      assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(EXACT_DOUBLE));
    }
  }

  private static void assertClose(double[][] actual, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).containsExactly(expected[i], within(EXACT_DOUBLE));
    }
  }
}
