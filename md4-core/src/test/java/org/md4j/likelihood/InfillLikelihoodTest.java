package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;

class InfillLikelihoodTest {
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.linear();
  private static final int ROWS = 2_000;
  private static final int[] ROW = {2, 0, 1, 1};
  private static final int[] BLANKS = {0, 2, 3};

  @ParameterizedTest
  @EnumSource
  void estimatesAreUnbiased(ToldTime toldTime) {
    SmallModel model = SmallModel.toldTime(3, 4);

    SampleMean estimate = SampleMean.of(measure(model, toldTime, 2));

    assertThat(estimate.mean())
        .isCloseTo(
            enumerated(model, toldTime) / Nats.PER_BIT,
            within(Tolerance.SIGMAS * estimate.standardError()));
    assertThat(estimate.standardError()).as("the test can tell").isLessThan(0.02 / Nats.PER_BIT);
  }

  @Test
  void toldTimesDiffer() {
    SmallModel model = SmallModel.toldTime(3, 4);

    assertThat(enumerated(model, ToldTime.OF_STEP))
        .isNotCloseTo(enumerated(model, ToldTime.OF_VISIBLE_TOKENS), within(0.05));
  }

  @Test
  void exactConditionalsGiveTheConditionalProbabilityOfTheBlanks() {
    SmallModel model = SmallModel.exact(3, 4);
    double[] joint = ((ExactDenoiser) model.denoiser()).joint();
    // Rows (a, 0, b, c): index = 27 a + 9 * 0 + 3 b + c.
    double known = 0;
    for (int a = 0; a < 3; a++) {
      for (int bc = 0; bc < 9; bc++) {
        known += joint[27 * a + bc];
      }
    }
    double exact = -Math.log(joint[27 * 2 + 3 * 1 + 1] / known) / 3;

    SampleMean estimate = SampleMean.of(measure(model, ToldTime.OF_STEP, 3));

    assertThat(estimate.mean())
        .isCloseTo(exact / Nats.PER_BIT, within(Tolerance.SIGMAS * estimate.standardError()));
  }

  @Test
  void nothingKnownIsTheBoundOfTheWholeRow() {
    SmallModel model = SmallModel.timeFree(3, 4);
    int[][] rows = new int[ROWS][];
    Arrays.fill(rows, ROW);
    TokenBatch clean = TokenBatch.of(model.vocabulary(), rows);

    SampleMean estimate =
        SampleMean.of(
            new InfillLikelihood(model.denoiser(), SCHEDULE, 4, 1024)
                .bitsPerBlank(
                    Rows.of(clean),
                    TokenBatch.allMasked(model.vocabulary(), ROWS, 4),
                    ToldTime.OF_STEP,
                    new CounterRandom(2)));

    assertThat(estimate.mean())
        .isCloseTo(
            ExactElbo.diffusion(
                    new MaskCountElbo(SCHEDULE), model.denoiser(), model.vocabulary(), ROW)
                / (4 * Nats.PER_BIT),
            within(Tolerance.SIGMAS * estimate.standardError()));
  }

  @Test
  void eachNumberOfMasksComesOnceWithAsManyDrawsAsBlanks() {
    SmallModel model = SmallModel.timeFree(3, 4);
    List<DenoiserInput> questions = new ArrayList<>();
    Denoiser recording =
        input -> {
          questions.add(input);
          return model.denoiser().logits(input);
        };
    InfillLikelihood infill = new InfillLikelihood(recording, SCHEDULE, 3, 3);
    TokenBatch clean = TokenBatch.of(model.vocabulary(), ROW);
    TokenBatch start = TokenBatch.of(model.vocabulary(), new int[] {3, 0, 3, 3});

    infill.bitsPerBlank(
        Rows.of(clean).withFirstExample(7), start, ToldTime.OF_STEP, new CounterRandom(2));
    infill.bitsPerBlank(
        Rows.of(clean).withFirstExample(7),
        start,
        ToldTime.OF_VISIBLE_TOKENS,
        new CounterRandom(2));

    assertThat(questions).hasSize(2);
    DenoiserInput ofStep = questions.get(0);
    DenoiserInput ofVisible = questions.get(1);
    assertThat(ofStep.tokens()).as("the same draws").isEqualTo(ofVisible.tokens());
    boolean[] seen = new boolean[4];
    for (int b = 0; b < 3; b++) {
      int[] row = ofStep.tokens().row(b);
      int masks = (int) Arrays.stream(row).filter(token -> token == 3).count();
      seen[masks] = true;
      assertThat(row[1]).as("known").isZero();
      assertThat(SCHEDULE.alpha(ofStep.times()[b]))
          .isCloseTo((3 - masks) / 3.0, within(Tolerance.EXACT_DOUBLE));
      assertThat(SCHEDULE.alpha(ofVisible.times()[b]))
          .isCloseTo((4 - masks) / 4.0, within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(seen).containsExactly(false, true, true, true);
  }

  @Test
  void comparisonIsPaired() {
    SmallModel model = SmallModel.toldTime(3, 4);
    TokenBatch clean = model.everyRow();
    InfillLikelihood infill = new InfillLikelihood(model.denoiser(), SCHEDULE, 2);

    InfillComparison comparison =
        infill.compare(Rows.of(clean), blanked(clean), new CounterRandom(5));

    double[] ofStep =
        infill.bitsPerBlank(Rows.of(clean), blanked(clean), ToldTime.OF_STEP, new CounterRandom(5));
    assertThat(comparison.ofStep().mean())
        .isCloseTo(SampleMean.of(ofStep).mean(), within(Tolerance.EXACT_DOUBLE));
    assertThat(comparison.ofStep().standardError())
        .isCloseTo(SampleMean.of(ofStep).standardError(), within(Tolerance.EXACT_DOUBLE));
    assertThat(comparison.difference().mean())
        .isCloseTo(
            comparison.ofStep().mean() - comparison.ofVisibleTokens().mean(),
            within(Tolerance.EXACT_DOUBLE));
    assertThat(comparison.evaluations()).isEqualTo(2 * 2 * 81);
    assertThat(
            new InfillLikelihood(SmallModel.timeFree(3, 4).denoiser(), SCHEDULE, 2)
                .compare(Rows.of(clean), blanked(clean), new CounterRandom(5))
                .difference())
        .as("a network without time")
        .isEqualTo(new SampleMean(0, 0, 81));
  }

  @Test
  void resultsDependOnTheRowsNumberNotOnTheBatch() {
    SmallModel model = SmallModel.toldTime(3, 4);
    TokenBatch clean = model.everyRow();
    InfillLikelihood whole = new InfillLikelihood(model.denoiser(), SCHEDULE, 5);
    InfillLikelihood small = new InfillLikelihood(model.denoiser(), SCHEDULE, 5, 2);
    CounterRandom random = new CounterRandom(5);

    double[] all = whole.bitsPerBlank(Rows.of(clean), blanked(clean), ToldTime.OF_STEP, random);
    double[] part =
        small.bitsPerBlank(
            Rows.of(clean.rows(20, 30)).withFirstExample(20),
            blanked(clean).rows(20, 30),
            ToldTime.OF_STEP,
            random);

    assertThat(part)
        .containsExactly(Arrays.copyOfRange(all, 20, 30), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void wrongArgumentsAreRefused() {
    SmallModel model = SmallModel.timeFree(3, 4);
    TokenBatch clean = TokenBatch.of(model.vocabulary(), ROW);
    InfillLikelihood infill = new InfillLikelihood(model.denoiser(), SCHEDULE, 2);

    assertThatThrownBy(() -> infill.compare(Rows.of(clean), clean, new CounterRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("start must hold at least one mask a row, got none in row 0");
    assertThatThrownBy(
            () ->
                infill.compare(
                    Rows.of(clean),
                    TokenBatch.of(model.vocabulary(), new int[] {3, 1, 1, 1}),
                    new CounterRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be the clean token or the mask");
    assertThatThrownBy(() -> new InfillLikelihood(model.denoiser(), SCHEDULE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("draws (0)");
  }

  private static double[] measure(SmallModel model, ToldTime toldTime, int draws) {
    int[][] rows = new int[ROWS][];
    Arrays.fill(rows, ROW);
    TokenBatch clean = TokenBatch.of(model.vocabulary(), rows);
    return new InfillLikelihood(model.denoiser(), SCHEDULE, draws, 1024)
        .bitsPerBlank(Rows.of(clean), blanked(clean), toldTime, new CounterRandom(2));
  }

  /** Masks at {@link #BLANKS}. */
  private static TokenBatch blanked(TokenBatch clean) {
    int[][] rows = new int[clean.rows()][];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = clean.row(b);
      for (int n : BLANKS) {
        rows[b][n] = clean.vocabulary().maskId();
      }
    }
    return TokenBatch.of(clean.vocabulary(), rows);
  }

  /** Nats per blank over every set of blanks, from the definition. */
  private static double enumerated(SmallModel model, ToldTime toldTime) {
    double sum = 0;
    for (int k = 1; k <= 3; k++) {
      int masks = k;
      int[] sets = IntStream.range(0, 8).filter(set -> Integer.bitCount(set) == masks).toArray();
      double alpha = toldTime == ToldTime.OF_STEP ? (3.0 - k) / 3 : (4.0 - k) / 4;
      for (int set : sets) {
        int[] noisy = ROW.clone();
        int[] positions =
            IntStream.range(0, 3).filter(i -> (set >> i & 1) == 1).map(i -> BLANKS[i]).toArray();
        for (int n : positions) {
          noisy[n] = 3;
        }
        DenoiserInput question =
            new DenoiserInput(
                TokenBatch.of(model.vocabulary(), noisy), new double[] {1 - alpha}, positions);
        double[] nats =
            new MaskedCrossEntropy()
                .natsInPlace(
                    model.denoiser().logits(question),
                    Arrays.stream(positions).map(n -> ROW[n]).toArray());
        sum += Arrays.stream(nats).sum() / (3.0 * sets.length * k);
      }
    }
    return sum;
  }
}
