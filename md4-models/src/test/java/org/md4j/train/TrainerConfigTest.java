package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.model.ReplicaPool;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

@Tag("slow")
class TrainerConfigTest {
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(2, 8)
          .layers(1)
          .heads(1)
          .headSize(4)
          .conditioning(told -> told.classes(2))
          .build();
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(4, 4, 0.01).optimizer(adamW -> adamW.emaRate(0.9)).replicas(1).build();

  private static final Objective MD4 = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final Objective GENMD4 =
      StateDependentElbo.of(LearnedPolynomialSchedule.perToken(NETWORK.vocabulary()));

  @TempDir private Path folder;

  private static final Map<String, UnaryOperator<TrainerConfig.Builder>> CHANGES =
      Map.ofEntries(
          Map.entry("steps", c -> c.steps(5)),
          Map.entry("batchSize", c -> c.batchSize(5)),
          Map.entry("accumulation", c -> c.accumulation(2)),
          Map.entry("optimizer.learningRate", c -> c.optimizer(o -> o.learningRate(0.02))),
          Map.entry("optimizer.warmupSteps", c -> c.optimizer(o -> o.warmupSteps(2))),
          Map.entry("optimizer.rateShape", c -> c.optimizer(o -> o.rateShape(RateShape.LINEAR))),
          Map.entry("optimizer.cooldownShare", c -> c.optimizer(o -> o.cooldownShare(0.5))),
          Map.entry("optimizer.beta1", c -> c.optimizer(o -> o.beta1(0.8))),
          Map.entry("optimizer.beta2", c -> c.optimizer(o -> o.beta2(0.99))),
          Map.entry("optimizer.epsilon", c -> c.optimizer(o -> o.epsilon(1e-3))),
          Map.entry("optimizer.weightDecay", c -> c.optimizer(o -> o.weightDecay(0.5))),
          Map.entry("optimizer.clipNorm", c -> c.optimizer(o -> o.clipNorm(1e-6))),
          Map.entry("optimizer.emaRate", c -> c.optimizer(o -> o.emaRate(0.5))),
          Map.entry(
              "optimizer.muon.learningRate", c -> c.optimizer(o -> o.muon(muon(0.03, 0.9, 3)))),
          Map.entry("optimizer.muon.momentum", c -> c.optimizer(o -> o.muon(muon(0.02, 0.5, 3)))),
          Map.entry("optimizer.muon.iterations", c -> c.optimizer(o -> o.muon(muon(0.02, 0.9, 4)))),
          Map.entry("optimizer.mostSkips", c -> c.optimizer(o -> o.mostSkips(1))),
          Map.entry("labelDropout", c -> c.labelDropout(0.5)),
          Map.entry(
              "schedule.learningRateMultiplier", c -> c.schedule(s -> s.learningRateMultiplier(2))),
          Map.entry("schedule.weightDecay", c -> c.schedule(s -> s.weightDecay(true))),
          Map.entry("schedule.frozen", c -> c.schedule(s -> s.frozen(true))),
          Map.entry("noise.times", c -> c.noise(n -> n.withTimes(TimeLaw.power(1)))),
          Map.entry("noise.weight", c -> c.noise(n -> n.withWeight(TrainingWeight.capped(1)))),
          Map.entry("noise.maskCounts", c -> c.noise(n -> n.withMaskCounts(true))),
          Map.entry("noise.complementaryPairs", c -> c.noise(n -> n.withComplementaryPairs(true))),
          Map.entry("rowChoice", c -> c.rowChoice(RowChoice.EPOCHS)),
          Map.entry("evaluation.every", c -> c.evaluation(e -> e.every(2))),
          Map.entry("evaluation.rows", c -> c.evaluation(e -> e.rows(2))),
          Map.entry("checkpoints.every", c -> c.checkpoints(k -> k.every(2))),
          Map.entry("checkpoints.minutes", c -> c.checkpoints(k -> k.minutes(1e-9))),
          Map.entry("checkpoints.keep", c -> c.checkpoints(k -> k.keep(1))),
          Map.entry("seed", c -> c.seed(1)),
          Map.entry("replicas", c -> c.replicas(2)));

  static Stream<String> fields() {
    return values(CONFIG).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldChangesWhatARunDoes(String field) throws IOException {
    TrainerConfig base = baseOf(field);
    TrainerConfig changed = CHANGES.get(field).apply(base.toBuilder()).build();

    assertThat(changed).isNotEqualTo(base);
    assertThat(differingFields(base, changed)).containsExactly(field);
    // Every part of the noise fits MD4; schedules, which steps too large would spoil, are GenMD4's.
    boolean fixed = field.startsWith("noise.") || field.equals("optimizer.mostSkips");
    Objective objective = fixed ? MD4 : GENMD4;
    assertThat(run(changed, objective)).isNotEqualTo(run(base, objective));
    assertThat(run(base, objective)).isEqualTo(run(base, objective));
  }

  /** Settings that a field has an effect in. */
  private static TrainerConfig baseOf(String field) {
    UnaryOperator<OptimizerConfig.Builder> change = UnaryOperator.identity();
    if (field.equals("schedule.weightDecay")) {
      // The schedule's decay is in proportion to the network's, and nothing where that is nothing.
      change = adamW -> adamW.weightDecay(0.5);
    } else if (field.equals("optimizer.cooldownShare")) {
      change = adamW -> adamW.rateShape(RateShape.WARMUP_STABLE_DECAY);
    } else if (field.equals("optimizer.mostSkips")) {
      // So large a step that no loss after it is finite.
      change = adamW -> adamW.learningRate(1e30);
    } else if (field.startsWith("optimizer.muon.")) {
      change = adamW -> adamW.muon(muon(0.02, 0.9, 3));
    }
    return CONFIG.toBuilder().optimizer(change).build();
  }

  private static MuonConfig muon(double learningRate, double momentum, int iterations) {
    return new MuonConfig(learningRate, momentum, iterations);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("steps (0) must be at least 1", c -> c.steps(0)),
        mistake("batchSize (0) must be at least 1", c -> c.batchSize(0)),
        mistake("accumulation (5) must be at most batchSize, 4", c -> c.accumulation(5)),
        mistake("accumulation (0) must be at least 1", c -> c.accumulation(0)),
        mistake(
            "learningRate (0.0) must be above 0", c -> c.optimizer(adamW -> adamW.learningRate(0))),
        mistake("warmupSteps (-1)", c -> c.optimizer(adamW -> adamW.warmupSteps(-1))),
        mistake(
            "cooldownShare (0.0) must be in (0, 1]",
            c -> c.optimizer(adamW -> adamW.cooldownShare(0))),
        mistake(
            "cooldownShare (NaN) must be in (0, 1]",
            c -> c.optimizer(adamW -> adamW.cooldownShare(Double.NaN))),
        mistake("beta1 (1.0) must be in [0, 1)", c -> c.optimizer(adamW -> adamW.beta1(1))),
        mistake("beta2 (-0.5) must be in [0, 1)", c -> c.optimizer(adamW -> adamW.beta2(-0.5))),
        mistake("epsilon (0.0) must be above 0", c -> c.optimizer(adamW -> adamW.epsilon(0))),
        mistake("weightDecay (-1.0)", c -> c.optimizer(adamW -> adamW.weightDecay(-1))),
        mistake("clipNorm (NaN)", c -> c.optimizer(adamW -> adamW.clipNorm(Double.NaN))),
        mistake("mostSkips (-1)", c -> c.optimizer(adamW -> adamW.mostSkips(-1))),
        mistake("emaRate (1.0) must be in [0, 1)", c -> c.optimizer(adamW -> adamW.emaRate(1))),
        mistake(
            "learningRateMultiplier (0.0)",
            c -> c.schedule(schedule -> schedule.learningRateMultiplier(0))),
        mistake("labelDropout (1.0) must be in [0, 1)", c -> c.labelDropout(1)),
        mistake("evaluation.every (-1)", c -> c.evaluation(evaluation -> evaluation.every(-1))),
        mistake("evaluation.rows (-1)", c -> c.evaluation(evaluation -> evaluation.rows(-1))),
        mistake("checkpoints.every (-1)", c -> c.checkpoints(k -> k.every(-1))),
        mistake("checkpoints.minutes (NaN)", c -> c.checkpoints(k -> k.minutes(Double.NaN))),
        mistake(
            "checkpoints.minutes (Infinity) must be finite",
            c -> c.checkpoints(k -> k.minutes(Double.POSITIVE_INFINITY))),
        mistake("checkpoints.minutes (-1.0)", c -> c.checkpoints(k -> k.minutes(-1))),
        mistake("checkpoints.keep (0) must be at least 1", c -> c.checkpoints(k -> k.keep(0))),
        mistake("replicas (-1)", c -> c.replicas(-1)),
        mistake("replicas (5) must be at most the rows", c -> c.replicas(5)));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamed(String message, UnaryOperator<TrainerConfig.Builder> change) {
    assertThatThrownBy(() -> change.apply(CONFIG.toBuilder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void zeroReplicasAreTheDefaultAtMostOnePerRow() throws IOException {
    assertThat(run(CONFIG.toBuilder().replicas(0).build()).get(0))
        .isEqualTo("replicas " + Math.min(ReplicaPool.defaultSize(), 4));
    assertThat(run(CONFIG.toBuilder().replicas(0).accumulation(4).build()).get(0))
        .isEqualTo("replicas 1");
  }

  /** Spec 7.5, the columns OWT MD4-S and MD4-M. */
  @Test
  void theOpenWebTextPresetsAreThePapers() {
    TrainerConfig small = TextPreset.GPT2_SMALL.trainer();
    assertThat(TextPreset.GPT2_SMALL.network()).isEqualTo(TransformerConfig.gpt2Small());
    assertThat(TextPreset.GPT2_MEDIUM.network()).isEqualTo(TransformerConfig.gpt2Medium());
    assertThat(TextPreset.GPT2_SMALL.network().dropout()).isEqualTo(0.02);
    assertThat(TextPreset.GPT2_MEDIUM.network().dropout()).isZero();
    assertThat(TextPreset.GPT2_MEDIUM.trainer()).isEqualTo(small);
    assertThat(small.batchSize()).isEqualTo(512);
    assertThat(small.steps()).isEqualTo(1_000_000);
    assertThat(small.optimizer().learningRate()).isEqualTo(3e-4);
    assertThat(small.optimizer().warmupSteps()).isEqualTo(2_000);
    assertThat(small.optimizer().weightDecay()).isEqualTo(0.03);
    assertThat(small.optimizer().emaRate()).isEqualTo(0.9999);
    assertThat(small.rowChoice()).isEqualTo(RowChoice.EPOCHS);
  }

  @Test
  void presetsAreNamedAndTheText8OneIsThePapers() {
    assertThat(TextPreset.ALL)
        .extracting(TextPreset::name)
        .containsExactly("tiny", "mini", "words-mini", "text8", "gpt2-small", "gpt2-medium");
    TrainerConfig paper = TextPreset.TEXT8.trainer();
    assertThat(TextPreset.TEXT8.network()).isEqualTo(TransformerConfig.text8());
    assertThat(paper.batchSize()).isEqualTo(512);
    assertThat(paper.steps()).isEqualTo(1_000_000);
    assertThat(paper.optimizer().learningRate()).isEqualTo(5e-4);
    assertThat(paper.optimizer().warmupSteps()).isEqualTo(2000);
    assertThat(paper.optimizer().beta1()).isEqualTo(0.9);
    assertThat(paper.optimizer().beta2()).isEqualTo(0.999);
    assertThat(paper.optimizer().epsilon()).isEqualTo(1e-8);
    assertThat(paper.optimizer().weightDecay()).isEqualTo(0.03);
    assertThat(paper.optimizer().clipNorm()).isZero();
    assertThat(paper.optimizer().emaRate()).isEqualTo(0.9999);
    assertThat(TextPreset.MINI.network())
        .isEqualTo(
            TransformerConfig.builder(27, 256)
                .layers(4)
                .heads(4)
                .headSize(32)
                .shortConvolution(5)
                .ngrams(new NgramEmbedding(List.of(3, 5), 262_144, 16))
                .build());
    assertThat(TextPreset.MINI.trainer().batchSize()).isEqualTo(32);
  }

  private static Arguments mistake(String message, UnaryOperator<TrainerConfig.Builder> change) {
    return Arguments.of(message, change);
  }

  private static List<String> differingFields(TrainerConfig base, TrainerConfig changed) {
    Map<String, Object> before = values(base);
    Map<String, Object> after = values(changed);
    return before.keySet().stream()
        .filter(field -> !before.get(field).equals(after.get(field)))
        .toList();
  }

  /** Every value, of nested settings too, by its path. */
  private static Map<String, Object> values(TrainerConfig config) {
    Map<String, Object> values = new LinkedHashMap<>();
    putValues(values, "", config);
    return values;
  }

  private static void putValues(Map<String, Object> into, String prefix, Record settings) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      String path = prefix + component.getName();
      try {
        Object value = component.getAccessor().invoke(settings);
        if (component.getType().isRecord() && value instanceof Record nested) {
          putValues(into, path + ".", nested);
        } else {
          into.put(path, value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** All that can be seen of a run, clocks apart. */
  private List<String> run(TrainerConfig config) throws IOException {
    return run(config, GENMD4);
  }

  private List<String> run(TrainerConfig config, Objective objective) throws IOException {
    List<String> seen = new ArrayList<>();
    TransformerDenoiser network = TransformerDenoiser.create(NETWORK, 1);
    TrainingListener recorder =
        new TrainingListener() {
          @Override
          public void onStart(TrainingStart start) {
            seen.add("replicas " + start.replicas());
          }

          @Override
          public void onStep(StepReport step) {
            seen.add("step " + step.step() + " " + step.learningRate());
          }

          @Override
          public void onEvaluation(EvaluationReport evaluation) {
            seen.add("evaluation of " + evaluation.rows() + " at " + evaluation.step());
          }

          @Override
          public void onCheckpoint(Path file) {
            seen.add("checkpoint");
          }
        };
    try (Trainer trainer =
        new Trainer(
            network,
            objective,
            new TwoClasses(8, 100, 1),
            new TwoClasses(8, 20, 2),
            config,
            List.of(recorder))) {
      Path kept = Files.createTempDirectory(folder, "run");
      trainer.checkpointTo(kept.resolve("checkpoint"));
      try {
        trainer.train();
      } catch (TrainingDivergedException e) {
        seen.add("diverged");
      }
      try (Stream<Path> files = Files.list(kept)) {
        files.map(kept::relativize).map(Path::toString).sorted().forEach(seen::add);
      }
      seen.add(Arrays.toString(network.parameters().toFloatVector()));
      seen.add(
          trainer.withAveragedParameters(
              denoiser -> Arrays.toString(network.parameters().toFloatVector())));
    }
    return seen;
  }
}
