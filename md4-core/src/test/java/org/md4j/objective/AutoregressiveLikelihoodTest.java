package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.Tolerance;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.toy.CausalToyDenoiser;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.Sequences;

class AutoregressiveLikelihoodTest {
  private static final AutoregressiveLikelihood OBJECTIVE = new AutoregressiveLikelihood();
  private static final Uniforms UNUSED =
      (example, index) -> {
        throw new AssertionError("no number is to be drawn");
      };

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 2", "3, 3", "4, 1"})
  void probabilitiesOfAllRowsSumToOneAndAreThoseOfTheChainRule(int size, int length) {
    CausalToyDenoiser denoiser = new CausalToyDenoiser(new Vocabulary(size));
    TokenBatch rows = everyRow(size, length);

    List<ElboTerms> terms = OBJECTIVE.estimate(noised(rows), denoiser);

    double sum = 0;
    for (int b = 0; b < rows.rows(); b++) {
      assertThat(terms.get(b).reconstruction()).isZero();
      assertThat(terms.get(b).prior()).isZero();
      assertThat(terms.get(b).total())
          .isCloseTo(chainRule(denoiser, rows.row(b)), within(Tolerance.EXACT_DOUBLE));
      sum += Math.exp(-terms.get(b).total());
    }
    assertThat(sum).isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void nothingIsMaskedAndEveryPositionIsAskedAbout() {
    TokenBatch rows = everyRow(3, 2);
    NoisedBatch batch = noised(rows);

    assertThat(batch.maskedPositions()).isEmpty();
    assertThat(batch.noisy().toFlat()).containsExactly(rows.toFlat());
    assertThat(batch.times()).containsOnly(0);
    assertThat(OBJECTIVE.positions(batch))
        .containsExactly(IntStream.range(0, 2 * rows.rows()).toArray());
  }

  @Test
  void gradientIsThatOfTheLikelihood() {
    TokenBatch rows = everyRow(3, 2);
    LogitSlopes.assertGradient(
        OBJECTIVE,
        new CausalToyDenoiser(new Vocabulary(3)),
        rows,
        levels(rows),
        UNUSED,
        (batch, denoiser) -> total(OBJECTIVE.estimate(batch, denoiser)));
  }

  @Test
  void natsOfTheLossAreThoseOfTheRows() {
    CausalToyDenoiser denoiser = new CausalToyDenoiser(new Vocabulary(3));
    TokenBatch rows = everyRow(3, 2);
    TrainingLoss loss = OBJECTIVE.trainingLoss(new LogitWorkspace());
    for (int b = 0; b < rows.rows(); b += 3) {
      loss.add(
          new GradientRecorder(denoiser),
          new TrainingRows(
              Rows.of(rows.rows(b, b + 3)).withFirstExample(b), new double[3], UNUSED, UNUSED),
          0.1);
    }

    assertThat(loss.nats())
        .isCloseTo(
            total(OBJECTIVE.estimate(noised(rows), denoiser)),
            within(100 * Tolerance.EXACT_DOUBLE));
  }

  private static double total(List<ElboTerms> terms) {
    return terms.stream().mapToDouble(ElboTerms::total).sum();
  }

  private static NoisedBatch noised(TokenBatch rows) {
    return OBJECTIVE.noise(Rows.of(rows), levels(rows), UNUSED);
  }

  private static double[] levels(TokenBatch rows) {
    double[] levels = new double[rows.rows()];
    Arrays.fill(levels, 0.7);
    return levels;
  }

  private static TokenBatch everyRow(int size, int length) {
    return TokenBatch.of(
        new Vocabulary(size),
        IntStream.range(0, Sequences.count(size, length))
            .mapToObj(i -> Sequences.at(i, size, length))
            .toArray(int[][]::new));
  }

  private static double chainRule(CausalToyDenoiser denoiser, int... row) {
    double nats = 0;
    for (int n = 0; n < row.length; n++) {
      double[] logits = denoiser.at(n, Arrays.copyOf(row, n));
      nats += Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[row[n]];
    }
    return nats;
  }
}
