package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboTerms;
import org.md4j.process.AntitheticTimes;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class EvaluatorTest {
  private static final int LENGTH = 5;
  private static final Elbo OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final CounterRandom RANDOM = new CounterRandom(11);
  private static final RowSource DATA = TestData.validation(LENGTH);

  /** Sums in double of the same numbers in another order. */
  private static final double SUMMATION_ORDER = 1e-12;

  private final NeighbourDenoiser network = network();

  @ParameterizedTest
  @CsvSource({"1, 16", "2, 16", "3, 5", "2, 1"})
  void resultIsTheSameForAnySplit(int replicas, int rowsPerCall) {
    EvaluationReport report = evaluate(36, replicas, rowsPerCall);
    EvaluationReport expected = evaluate(36, 1, 16);

    assertThat(report.bitsPerToken()).isEqualTo(expected.bitsPerToken());
    assertThat(report.standardError()).isEqualTo(expected.standardError());
    assertThat(report.terms()).isEqualTo(expected.terms());
  }

  @Test
  void isTheMeanOverRowsWithTheSpreadOfGroups() {
    List<Double> bits = new ArrayList<>();
    List<Double> groupMeans = new ArrayList<>();
    int[] groupSizes = {16, 16, 4};
    int row = 0;
    for (int group = 0; group < groupSizes.length; group++) {
      int[][] rows = new int[groupSizes[group]][LENGTH];
      for (int i = 0; i < rows.length; i++) {
        DATA.row(row + i, rows[i]);
      }
      List<ElboTerms> terms =
          OBJECTIVE.estimate(
              OBJECTIVE.noise(
                  Rows.of(TokenBatch.of(DATA.vocabulary(), rows)).withFirstExample(row),
                  AntitheticTimes.sample(
                      rows.length, RANDOM.uniforms(Purpose.EVALUATION_TIME, group)),
                  RANDOM.uniforms(Purpose.EVALUATION_MASK, 0)),
              network);
      terms.forEach(term -> bits.add(term.bitsPerToken(LENGTH)));
      groupMeans.add(ElboTerms.mean(terms).bitsPerToken(LENGTH));
      row += rows.length;
    }
    double mean = bits.stream().mapToDouble(b -> b).average().orElseThrow();
    double sum = 0;
    for (int group = 0; group < groupSizes.length; group++) {
      sum += Math.pow(groupSizes[group] / 36.0 * (groupMeans.get(group) - mean), 2);
    }

    EvaluationReport report = evaluate(36, 2, 4);

    assertThat(report.rows()).isEqualTo(36);
    assertThat(report.step()).isEqualTo(9);
    assertThat(report.bitsPerToken()).isCloseTo(mean, within(SUMMATION_ORDER));
    assertThat(report.standardError()).isCloseTo(Math.sqrt(sum * 3 / 2), within(SUMMATION_ORDER));
    assertThat(report.terms().prior())
        .isCloseTo(OBJECTIVE.prior(LENGTH, DATA.vocabulary()), within(SUMMATION_ORDER));
  }

  @Test
  void usesTheRowsThereAre() {
    assertThat(evaluate(0, 1, 16).rows()).isEqualTo(DATA.size());
    assertThat(evaluate(1_000_000, 1, 16).rows()).isEqualTo(DATA.size());
    assertThat(evaluate(3, 2, 16).rows()).isEqualTo(3);
  }

  @Test
  void oneGroupHasNoStandardError() {
    assertThat(evaluate(16, 1, 16).standardError()).isNaN();
    assertThat(evaluate(17, 1, 16).standardError()).isPositive();
  }

  private EvaluationReport evaluate(int rows, int replicas, int rowsPerCall) {
    try (ReplicaPool pool = new ReplicaPool(replicas)) {
      return new Evaluator(DATA, rows, rowsPerCall, RANDOM)
          .evaluate(OBJECTIVE, pool, ParallelDenoiser.replicate(network, replicas), 9);
    }
  }

  private static NeighbourDenoiser network() {
    NeighbourDenoiser made = NeighbourDenoiser.create(new Vocabulary(27));
    made.parameters()
        .assign(Transforms.sin(Nd4j.linspace(DataType.FLOAT, 0, 50, made.parameters().length())));
    return made;
  }
}
