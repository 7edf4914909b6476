package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.objective.MaskCountElbo;
import org.md4j.sampling.RevealOrder;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows that repeat one token, their class, under a network that gives the class it is told 90 %: a
 * row costs the same by every measure, and more if a single label were another row's.
 */
class RowsWithClassesTest {
  private static final MaskingSchedule LINEAR = MaskingSchedule.linear();
  private static final int VALUES = 3;
  private static final int ROWS = 23;
  private static final int LENGTH = 5;
  private static final double RIGHT = 0.9;
  private static final double NATS_PER_TOKEN = -Math.log(RIGHT);

  private final int[] labels =
      IntStream.range(0, ROWS).map(i -> (i * i + i / 4) % VALUES).toArray();
  private final Rows clean =
      Rows.of(
              TokenBatch.of(
                  new Vocabulary(VALUES),
                  Arrays.stream(labels)
                      .mapToObj(RowsWithClassesTest::repeated)
                      .toArray(int[][]::new)))
          .withLabels(labels);

  @ParameterizedTest
  @CsvSource({"1, 1, 64", "1, 4, 7", "4, 3, 5", "4, 1, 1"})
  void boundIsGivenTheClasses(int rowsTogether, int draws, int rowsPerCall) {
    LikelihoodProtocol protocol =
        new LikelihoodProtocol(new MaskCountElbo(LINEAR), rowsTogether, draws);

    LikelihoodEstimate estimate =
        new LikelihoodEstimator(
                RowsWithClassesTest::logits,
                RowSource.of("classes", clean),
                protocol,
                new CounterRandom(1))
            .withRowsPerCall(rowsPerCall)
            .estimate(2L * ROWS * draws);

    assertThat(estimate.natsPerToken()).isCloseTo(NATS_PER_TOKEN, within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.standardError()).isCloseTo(0, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void exactLikelihoodsAreGivenTheClasses() {
    ChainRule chainRule = new ChainRule(RowsWithClassesTest::logits, LINEAR, 7);
    RowLikelihoods inOrders = chainRule.inDrawnOrders(clean, new CounterRandom(1), 0);
    RowLikelihoods byPolicy =
        new PolicyLikelihood(
                RowsWithClassesTest::logits, LINEAR, UnmaskingPolicy.of(RevealOrder.MARGIN, 2), 4)
            .of(clean);

    for (RowLikelihoods exact : new RowLikelihoods[] {inOrders, byPolicy}) {
      double[] expected = new double[ROWS];
      Arrays.fill(expected, LENGTH * NATS_PER_TOKEN);
      assertThat(exact.nats()).containsExactly(expected, within(Tolerance.EXACT_DOUBLE));
    }
    EvidenceBracket bracket = EvidenceBracket.of(chainRule, clean, 2, new CounterRandom(1));
    assertThat(bracket.lower().mean())
        .isCloseTo(NATS_PER_TOKEN / Nats.PER_BIT, within(Tolerance.EXACT_DOUBLE));
    assertThat(bracket.upper().mean())
        .isCloseTo(NATS_PER_TOKEN / Nats.PER_BIT, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void labelsAreOneARow() {
    int[] few = {0, 1};

    assertThatThrownBy(
            () ->
                new ChainRule(RowsWithClassesTest::logits, LINEAR)
                    .inDrawnOrders(clean.withLabels(few), new CounterRandom(1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels must be empty or have shape [B] = [23], got [2]");
  }

  private static int[] repeated(int token) {
    int[] row = new int[LENGTH];
    Arrays.fill(row, token);
    return row;
  }

  private static INDArray logits(DenoiserInput input) {
    double[][] logits = new double[input.positions().length][VALUES];
    for (int p = 0; p < logits.length; p++) {
      Arrays.fill(logits[p], Math.log((1 - RIGHT) / (VALUES - 1)));
      logits[p][input.labels()[input.positions()[p] / LENGTH]] = Math.log(RIGHT);
    }
    return Nd4j.createFromArray(logits);
  }
}
