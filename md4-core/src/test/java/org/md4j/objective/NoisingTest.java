package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/** How each kind of bound masks a batch and weighs its rows. */
class NoisingTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final TokenBatch CLEAN =
      TokenBatch.of(
          VOCABULARY,
          new int[] {0, 1, 2, 0, 1},
          new int[] {2, 2, 1, 0, 0},
          new int[] {1, 1, 1, 1, 1});
  private static final double[] LEVELS = {0.1, 0.55, 0.999};
  private static final Uniforms UNIFORMS = new CounterRandom(3).uniforms(Purpose.MASK, 0);

  /** {@code loss/discrete_weight}. */
  @Test
  void discreteWeightsAreTheGoldenOnes() {
    String id = "loss/discrete_weight";
    double epsilon = GoldenVectors.inputs(id).get("eps").doubleValue();
    TokenBatch row = TokenBatch.of(VOCABULARY, new int[] {0, 1});

    for (JsonNode expected : GoldenVectors.expected(id)) {
      MaskingSchedule base =
          expected.get("schedule").textValue().equals("linear")
              ? MaskingSchedule.linear()
              : MaskingSchedule.cosine();
      int steps = expected.get("T").intValue();
      Elbo elbo = new DiscreteTimeElbo(base.clipped(epsilon), steps);
      double level = (expected.get("i").intValue() - 0.5) / steps;
      NoisedBatch batch = elbo.noise(Rows.of(row), new double[] {level}, UNIFORMS);

      assertThat(batch.times()[0])
          .isCloseTo(expected.get("t").doubleValue(), within(Tolerance.EXACT_DOUBLE));
      GoldenVectors.assertMatches(
          id, "weight of " + expected, elbo.weights(batch)[0], expected.get("positive_weight"));
    }
  }

  /** {@code time/discretize}. */
  @Test
  void discreteTimesAreTheGoldenOnes() {
    String id = "time/discretize";
    Elbo elbo =
        new DiscreteTimeElbo(
            MaskingSchedule.linear(), GoldenVectors.inputs(id).get("T").intValue());
    TokenBatch row = TokenBatch.of(VOCABULARY, new int[] {0});
    JsonNode levels = GoldenVectors.inputs(id).get("t");

    for (int i = 0; i < levels.size(); i++) {
      double[] level = {levels.get(i).doubleValue()};
      GoldenVectors.assertMatches(
          id,
          "time of level " + level[0],
          elbo.noise(Rows.of(row), level, UNIFORMS).times()[0],
          GoldenVectors.expected(id).get(i));
    }
  }

  @Test
  void discreteTimeOfALevelJustBelowOneIsOne() {
    for (int steps : new int[] {1, 3, 1000, 1 << 30}) {
      Elbo elbo = new DiscreteTimeElbo(MaskingSchedule.linear(), steps);
      double[] level = {Math.nextDown(1.0)};
      NoisedBatch batch = elbo.noise(Rows.of(CLEAN.rows(0, 1)), level, UNIFORMS);
      assertThat(batch.times()).as("T = %s", steps).containsExactly(1.0);
    }
  }

  @Test
  void continuousLevelsAreTimesAndWeightsTheirRates() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    Elbo elbo = new ContinuousTimeElbo(schedule);

    NoisedBatch batch = elbo.noise(Rows.of(CLEAN), LEVELS, UNIFORMS);

    assertThat(batch.times()).containsExactly(LEVELS);
    for (int b = 0; b < LEVELS.length; b++) {
      assertThat(elbo.weights(batch)[b]).isEqualTo(schedule.weight(LEVELS[b]));
    }
  }

  @Test
  void logSnrLevelsAreEvenlySpacedInLogSnr() {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(1e-3);
    Elbo elbo = new LogSnrElbo(schedule);
    double range = schedule.logSnr(0) - schedule.logSnr(1);

    NoisedBatch batch = elbo.noise(Rows.of(CLEAN), LEVELS, UNIFORMS);

    for (int b = 0; b < LEVELS.length; b++) {
      double time = batch.times()[b];
      assertThat(schedule.logSnr(time))
          .isCloseTo(schedule.logSnr(0) - LEVELS[b] * range, within(Tolerance.QUADRATURE));
      assertThat(elbo.weights(batch)[b])
          .isCloseTo(schedule.alpha(time) * range, within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(elbo.noise(Rows.of(CLEAN.rows(0, 1)), new double[] {0}, UNIFORMS).times()[0])
        .isCloseTo(0, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void logSnrFormNeedsFiniteEnds() {
    assertThatThrownBy(() -> new LogSnrElbo(MaskingSchedule.linear()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LinearSchedule")
        .hasMessageContaining("use schedule.clipped(1e-4)");
  }

  @Test
  void maskCountMasksTheSmallestUniformsAndTellsTheirGreatestAsTime() {
    Elbo elbo = new MaskCountElbo(MaskingSchedule.linear());
    double[][] numbers = {{0.9, 0.3, 0.5, 0.1, 0.7}};
    TokenBatch row = CLEAN.rows(0, 1);

    int[] masksByLevel = {1, 2, 3, 4, 5};
    double[] smallest = {0.1, 0.3, 0.5, 0.7, 0.9};
    for (int i = 0; i < smallest.length; i++) {
      double[] level = {i / 5.0 + 0.01};
      NoisedBatch batch =
          elbo.noise(
              Rows.of(row).withFirstExample(7),
              level,
              (example, n) -> numbers[(int) example - 7][(int) n]);
      for (int n = 0; n < 5; n++) {
        assertThat(batch.noisy().isMasked(n)).isEqualTo(numbers[0][n] <= smallest[i]);
      }
      assertThat(batch.times()[0]).isCloseTo(smallest[i], within(Tolerance.EXACT_DOUBLE));
      assertThat(elbo.weights(batch)[0])
          .isCloseTo(5.0 / masksByLevel[i], within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void maskCountBreaksTiesByPosition() {
    Elbo elbo = new MaskCountElbo(MaskingSchedule.linear());
    double[] numbers = {0.5, 0.2, 0.5, 0.5, 0.9};

    NoisedBatch batch =
        elbo.noise(
            Rows.of(CLEAN.rows(0, 1)),
            new double[] {0.5},
            (example, index) -> numbers[(int) index]);

    assertThat(batch.maskedPositions()).containsExactly(0, 1, 2);
  }

  @Test
  void maskCountClampsTheTimeToTheScheduleAndHasNoConstants() {
    Elbo elbo = new MaskCountElbo(MaskingSchedule.linear().clipped(0.1));
    TokenBatch row = TokenBatch.of(VOCABULARY, new int[] {1});
    double[] level = {0.0};

    assertThat(elbo.noise(Rows.of(row), level, (example, index) -> 0.01).times())
        .containsExactly(0.0);
    assertThat(elbo.noise(Rows.of(row), level, (example, index) -> 0.99).times())
        .containsExactly(1.0);
    assertThat(elbo.reconstruction(1, VOCABULARY)).isZero();
    assertThat(elbo.prior(1, VOCABULARY)).isZero();
  }

  @Test
  void weightsOfARowWithoutMasksAreHarmless() {
    Elbo elbo = new MaskCountElbo(MaskingSchedule.linear());
    NoisedBatch batch = NoisedBatch.of(Rows.of(CLEAN), CLEAN, LEVELS);

    assertThat(elbo.weights(batch)).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void rowsAreNoisedTheSameWhateverTheBatch(int kind) {
    Elbo elbo = kinds()[kind];

    NoisedBatch whole = elbo.noise(Rows.of(CLEAN).withFirstExample(40), LEVELS, UNIFORMS);

    for (int b = 0; b < CLEAN.rows(); b++) {
      NoisedBatch alone =
          elbo.noise(
              Rows.of(CLEAN.rows(b, b + 1)).withFirstExample(40 + b),
              new double[] {LEVELS[b]},
              UNIFORMS);
      assertThat(alone.noisy()).isEqualTo(whole.noisy().rows(b, b + 1));
      assertThat(alone.times()[0]).isEqualTo(whole.times()[b]);
      assertThat(elbo.weights(alone)[0]).isEqualTo(elbo.weights(whole)[b]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void rejectsLevelsOfTheWrongShapeOrRange(int kind) {
    Elbo elbo = kinds()[kind];

    assertThatThrownBy(() -> elbo.noise(Rows.of(CLEAN), new double[] {0.5}, UNIFORMS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("levels must have shape [B] = [3], got [1]");
    assertThatThrownBy(() -> elbo.noise(Rows.of(CLEAN), new double[] {0, 0.5, 1}, UNIFORMS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("levels[2] (1.0) must be in [0, 1)");
    assertThatThrownBy(() -> elbo.noise(Rows.of(CLEAN).withFirstExample(-1), LEVELS, UNIFORMS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstExample (-1) must be at least 0");
  }

  @Test
  void rejectsABoundWithoutSteps() {
    assertThatThrownBy(() -> new DiscreteTimeElbo(MaskingSchedule.linear(), 0))
        .hasMessage("steps (0) must be at least 1");
  }

  @Test
  void rejectsARowWithoutTokens() {
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    assertThatThrownBy(() -> elbo.prior(0, VOCABULARY)).hasMessage("length (0) must be at least 1");
  }

  private static Elbo[] kinds() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    return new Elbo[] {
      new ContinuousTimeElbo(schedule),
      new DiscreteTimeElbo(schedule, 4),
      new LogSnrElbo(schedule),
      new MaskCountElbo(schedule)
    };
  }
}
