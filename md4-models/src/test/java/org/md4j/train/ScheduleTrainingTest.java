package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/** A learned schedule in the trainer: it moves, repeats, resumes, averages and is kept. */
class ScheduleTrainingTest {
  private static final int LENGTH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(4).dropout(0.1).build();
  private static final StateDependentElbo OBJECTIVE =
      StateDependentElbo.of(LearnedPolynomialSchedule.perToken(NETWORK.vocabulary()));
  private static final double EMA = 0.75;
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(8, 6, 0.01)
          .optimizer(adamW -> adamW.warmupSteps(2).emaRate(EMA))
          .replicas(2)
          .checkpoints(checkpoints -> checkpoints.every(4))
          .build();

  /** Sums of floats in another order, through a few updates. */
  private static final double SUMMATION = 1e-3;

  private static final double FLOAT_ROUNDING = 1e-6;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(MaskSamples.class)
  void aResumedRunIsTheUnbrokenOneToTheBit(MaskSamples samples) {
    StateDependentElbo objective = OBJECTIVE.withMaskSamples(samples);
    Path unbroken = folder.resolve("unbroken");
    run(objective, CONFIG, unbroken, null);
    Path halved = folder.resolve("halved");
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void onStep(StepReport step) {
            if (step.step() == 6) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> run(objective, CONFIG, halved, null, killer)).hasMessage("killed");
    run(objective, CONFIG, halved, Checkpoint.read(halved));

    Checkpoint expected = Checkpoint.read(unbroken);
    Checkpoint actual = Checkpoint.read(halved);
    assertThat(actual.step()).isEqualTo(8);
    assertThat(actual.objective()).isEqualTo(expected.objective());
    assertThat(actual.averagedObjective()).isEqualTo(expected.averagedObjective());
    assertThat(actual.parameters().toFloatVector())
        .containsExactly(expected.parameters().toFloatVector());
    assertThat(raw(actual.objective())).isNotEqualTo(raw(OBJECTIVE));
    assertThat(raw(actual.averagedObjective())).isNotEqualTo(raw(actual.objective()));
  }

  @Test
  void onePassOrTwoAndOneReplicaOrTwoAreTheSameToRounding() {
    double[] expected = raw(run(OBJECTIVE, CONFIG, null, null).objective());

    double[] inTurn =
        raw(
            run(OBJECTIVE.withMaskSamples(MaskSamples.PAIR_IN_TURN), CONFIG, null, null)
                .objective());
    double[] alone =
        raw(run(OBJECTIVE, CONFIG.toBuilder().replicas(1).build(), null, null).objective());
    double[] inParts =
        raw(run(OBJECTIVE, CONFIG.toBuilder().accumulation(3).build(), null, null).objective());

    assertThat(inTurn).containsExactly(expected, within(SUMMATION));
    assertThat(alone).containsExactly(expected, within(SUMMATION));
    assertThat(inParts).containsExactly(expected, within(SUMMATION));
  }

  @Test
  void aFrozenScheduleStaysAndAFasterOneGoesFarther() {
    double[] start = raw(OBJECTIVE);
    double[] frozen =
        raw(run(OBJECTIVE, with(schedule -> schedule.frozen(true)), null, null).objective());
    double[] usual = raw(run(OBJECTIVE, CONFIG, null, null).objective());
    double[] fast =
        raw(
            run(OBJECTIVE, with(schedule -> schedule.learningRateMultiplier(4)), null, null)
                .objective());

    assertThat(frozen).containsExactly(start, within(FLOAT_ROUNDING));
    assertThat(distance(fast, start)).isGreaterThan(2 * distance(usual, start));
    assertThat(distance(usual, start)).isPositive();
  }

  /** The reference's decay takes every raw parameter towards 0. */
  @Test
  void decayIsOffUnlessAskedFor() {
    TrainerConfig decaying = CONFIG.toBuilder().optimizer(adamW -> adamW.weightDecay(5)).build();
    double[] off = raw(run(OBJECTIVE, decaying, null, null).objective());
    double[] on =
        raw(
            run(
                    OBJECTIVE,
                    decaying.toBuilder().schedule(schedule -> schedule.weightDecay(true)).build(),
                    null,
                    null)
                .objective());

    for (int token = 0; token < off.length; token++) {
      assertThat(on[token]).isLessThan(off[token]);
    }
  }

  @Test
  void afterOneStepTheAverageIsTheMovingOne() {
    TrainerConfig one =
        CONFIG.toBuilder()
            .steps(1)
            .optimizer(adamW -> adamW.warmupSteps(0))
            .checkpoints(checkpoints -> checkpoints.every(0))
            .build();
    Path file = folder.resolve("checkpoint");
    run(OBJECTIVE, one, file, null);
    Checkpoint checkpoint = Checkpoint.read(file);
    double[] start = raw(OBJECTIVE);
    double[] now = raw(checkpoint.objective());
    double[] expected = new double[start.length];
    Arrays.setAll(expected, p -> EMA * start[p] + (1 - EMA) * now[p]);

    assertThat(raw(checkpoint.averagedObjective()))
        .containsExactly(expected, within(FLOAT_ROUNDING));
    assertThat(distance(now, start)).isPositive();
  }

  @Test
  void metricsTellTheRangeOfPowers() throws IOException {
    Path lines = folder.resolve("metrics.jsonl");
    Objective learned;
    try (MetricsFile metrics = new MetricsFile(lines)) {
      learned = run(OBJECTIVE, CONFIG, null, null, metrics).objective();
    }
    List<String> all = Files.readAllLines(lines);
    JsonNode first = new ObjectMapper().readTree(all.get(0));
    JsonNode last =
        new ObjectMapper()
            .readTree(
                all.stream().filter(l -> l.contains("\"step\":8,")).findFirst().orElseThrow());
    double[] powers =
        ((LearnedPolynomialSchedule) ((StateDependentElbo) learned).schedule()).powers();

    assertThat(first.get("w_min").doubleValue()).isBetween(0.9, 1.1);
    assertThat(last.get("w_min").doubleValue())
        .isEqualTo(Arrays.stream(powers).min().orElseThrow());
    assertThat(last.get("w_max").doubleValue())
        .isEqualTo(Arrays.stream(powers).max().orElseThrow());
    assertThat(last.get("w_mean").doubleValue())
        .isCloseTo(Arrays.stream(powers).average().orElseThrow(), within(FLOAT_ROUNDING));
  }

  @Test
  void aCheckpointOfAnotherObjectiveIsRefused() {
    Path file = folder.resolve("checkpoint");
    run(OBJECTIVE, CONFIG, file, null);
    Checkpoint checkpoint = Checkpoint.read(file);

    assertThatThrownBy(
            () ->
                run(new ContinuousTimeElbo(MaskingSchedule.reference()), CONFIG, null, checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its objective is StateDependentElbo");
    StateDependentElbo tied =
        StateDependentElbo.of(LearnedPolynomialSchedule.tied(NETWORK.vocabulary()));
    assertThatThrownBy(() -> run(tied, CONFIG, null, checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its objective is StateDependentElbo");
  }

  private static TrainerConfig with(UnaryOperator<LearnedScheduleConfig.Builder> schedule) {
    return CONFIG.toBuilder().schedule(schedule).build();
  }

  private static double[] raw(Objective objective) {
    return ((StateDependentElbo) objective).schedule().parameters();
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  /** A run to its end: the trainer, closed. */
  private static Trainer run(
      Objective objective,
      TrainerConfig config,
      @Nullable Path file,
      @Nullable Checkpoint from,
      TrainingListener... listeners) {
    try (Trainer trainer =
        new Trainer(
            TransformerDenoiser.create(NETWORK, 1),
            objective,
            TestData.training(LENGTH),
            TestData.validation(LENGTH),
            config.toBuilder().evaluation(evaluation -> evaluation.rows(32)).build(),
            List.of(listeners))) {
      if (file != null) {
        trainer.checkpointTo(file);
      }
      if (from != null) {
        trainer.restore(from);
      }
      trainer.train();
      return trainer;
    }
  }
}
