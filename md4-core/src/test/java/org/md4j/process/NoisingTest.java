package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.CHI_SQUARE_LEVEL;
import static org.md4j.Tolerance.SIGMAS;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;

/** Draws of the forward process and of its posterior. */
class NoisingTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(5);
  private static final CounterRandom RANDOM = new CounterRandom(23);
  private static final Uniforms MASK = RANDOM.uniforms(Purpose.MASK, 0);
  private static final Uniforms UNMASK = RANDOM.uniforms(Purpose.UNMASK, 0);

  static Stream<MaskingSchedule> schedules() {
    return ForwardProcessTest.schedules();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void maskedFractionIsOneMinusAlpha(MaskingSchedule schedule) {
    int rows = 100;
    int length = 200;
    for (double t : new double[] {0.05, 0.3, 0.5, 0.8, 0.95}) {
      NoisedBatch batch =
          new ForwardProcess(schedule).noise(Rows.of(clean(rows, length)), times(rows, t), MASK);
      double tokens = rows * length;
      double expected = schedule.oneMinusAlpha(t);
      double deviation = Math.sqrt(expected * schedule.alpha(t) / tokens);

      assertThat(batch.maskedPositions().length / tokens)
          .as("masked fraction at %s", t)
          .isCloseTo(expected, within(SIGMAS * deviation));
    }
  }

  @Test
  void tokensAreKeptWhereTheirUniformIsBelowAlpha() {
    double[][] uniforms = {{0.1, 0.59, 0.61}, {0.1, 0.19, 0.21}};
    TokenBatch clean = TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {3, 4, 0});

    NoisedBatch batch =
        new ForwardProcess(MaskingSchedule.linear())
            .noise(
                Rows.of(clean).withFirstExample(7),
                new double[] {0.4, 0.8},
                (example, index) -> uniforms[(int) example - 7][(int) index]);

    assertThat(batch.noisy())
        .isEqualTo(TokenBatch.of(VOCABULARY, new int[] {0, 1, 5}, new int[] {3, 4, 5}));
    assertThat(batch.clean().tokens()).isEqualTo(clean);
    assertThat(batch.times()).containsExactly(0.4, 0.8);
  }

  @Test
  void nothingIsMaskedAtZeroAndEverythingAtOne() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.linear());

    assertThat(process.noise(Rows.of(clean(2, 50)), times(2, 0), MASK).maskedPositions()).isEmpty();
    assertThat(process.noise(Rows.of(clean(2, 50)), times(2, 1), MASK).noisy())
        .isEqualTo(TokenBatch.allMasked(VOCABULARY, 2, 50));
  }

  @Test
  void masksOnlyEverGrowWithTime() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.cosine());
    NoisedBatch early = process.noise(Rows.of(clean(4, 50)), times(4, 0.3), MASK);
    NoisedBatch late = process.noise(Rows.of(clean(4, 50)), times(4, 0.6), MASK);

    assertThat(late.maskedPositions()).contains(early.maskedPositions());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void drawsDoNotDependOnHowRowsAreSplitIntoBatches(int rowsAtOnce) {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.reference());
    int rows = 10;
    TokenBatch clean = clean(rows, 30);
    double[] times = AntitheticTimes.sample(rows, RANDOM.uniforms(Purpose.TIME, 0));
    double[] earlier = Arrays.stream(times).map(t -> t / 2).toArray();
    NoisedBatch whole = process.noise(Rows.of(clean).withFirstExample(100), times, MASK);
    TokenBatch wholeEarlier = process.posterior(whole, earlier, UNMASK);

    for (int b = 0; b < rows; b += rowsAtOnce) {
      int end = b + rowsAtOnce;
      NoisedBatch part =
          process.noise(
              Rows.of(clean.rows(b, end)).withFirstExample(100 + b),
              Arrays.copyOfRange(times, b, end),
              MASK);
      TokenBatch partEarlier = process.posterior(part, Arrays.copyOfRange(earlier, b, end), UNMASK);

      assertThat(part.noisy()).isEqualTo(whole.noisy().rows(b, end));
      assertThat(partEarlier).isEqualTo(wholeEarlier.rows(b, end));
    }
  }

  @Test
  void posteriorRevealsWhereTheUniformIsBelowTheUnmaskProbability() {
    TokenBatch clean = TokenBatch.of(VOCABULARY, new int[] {0, 1, 2}, new int[] {3, 4, 0});
    TokenBatch noisy = TokenBatch.of(VOCABULARY, new int[] {5, 1, 5}, new int[] {5, 5, 0});
    NoisedBatch batch =
        NoisedBatch.of(Rows.of(clean).withFirstExample(7), noisy, new double[] {0.5, 0.8});
    double[][] uniforms = {{0.19, 0, 0.21}, {0.49, 0.51, 0}};

    TokenBatch earlier =
        new ForwardProcess(MaskingSchedule.linear())
            .posterior(
                batch,
                new double[] {0.4, 0.4},
                (example, index) -> uniforms[(int) example - 7][(int) index]);

    assertThat(earlier)
        .isEqualTo(TokenBatch.of(VOCABULARY, new int[] {0, 1, 5}, new int[] {3, 5, 0}));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void noisingThenGoingBackHasTheJointLawOfGoingForward(MaskingSchedule schedule) {
    double s = 0.4;
    double t = 0.75;
    ForwardProcess process = new ForwardProcess(schedule);
    int rows = 200;
    int length = 100;
    NoisedBatch late = process.noise(Rows.of(clean(rows, length)), times(rows, t), MASK);
    TokenBatch early = process.posterior(late, times(rows, s), UNMASK);

    long[] counts = new long[3];
    for (int i = 0; i < rows * length; i++) {
      counts[early.isMasked(i) ? 2 : late.noisy().isMasked(i) ? 1 : 0]++;
      assertThat(early.isMasked(i) && !late.noisy().isMasked(i)).isFalse();
      assertThat(early.isMasked(i) || early.token(i) == late.clean().tokens().token(i)).isTrue();
    }
    double kept = schedule.alpha(s) * process.survivalProbability(s, t);
    double maskedBetween = schedule.alpha(s) - kept;
    double tokens = rows * length;
    double[] expected = {tokens * kept, tokens * maskedBetween, tokens * schedule.oneMinusAlpha(s)};
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(CHI_SQUARE_LEVEL);
  }

  @Test
  void rejectsArgumentsThatDoNotFitTheRows() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.linear());
    NoisedBatch batch = process.noise(Rows.of(clean(2, 3)), times(2, 0.5), MASK);

    assertThatThrownBy(() -> process.noise(Rows.of(clean(2, 3)), times(3, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times must have shape [B] = [2], got [3]");
    assertThatThrownBy(
            () -> process.noise(Rows.of(clean(2, 3)).withFirstExample(-1), times(2, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstExample (-1) must be at least 0");
    assertThatThrownBy(() -> process.posterior(batch, times(1, 0.5), UNMASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("earlier must have shape [B] = [2], got [1]");
    assertThatThrownBy(() -> process.posterior(batch, times(2, 0.6), UNMASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("earlier time s (0.6) must not be after t, got t 0.5");
  }

  @Test
  void rejectsRowsThatHoldMasksAlready() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.linear());

    assertThatThrownBy(
            () ->
                process.noise(Rows.of(TokenBatch.allMasked(VOCABULARY, 1, 2)), times(1, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clean must not hold masks");
  }

  private static TokenBatch clean(int rows, int length) {
    int[] tokens = new int[rows * length];
    Arrays.setAll(tokens, i -> i % VOCABULARY.size());
    return TokenBatch.ofFlat(VOCABULARY, rows, tokens);
  }

  private static double[] times(int rows, double t) {
    double[] times = new double[rows];
    Arrays.fill(times, t);
    return times;
  }
}
