package org.md4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.StepReport;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingStart;

/** A model goes from one precision to the other, whatever this machine multiplies. */
class MixedPrecisionTest {
  private static final int LENGTH = 12;
  private static final int STEPS = 12;
  private static final String SENTENCE = "the cat sat on the mat and the dog ";

  /** Bits a token. Operands keep 8 bits, which moved a loss of these steps by up to 0.0004. */
  private static final double ROUNDING = 0.005;

  /** Gradients summed in another order, over the steps of a run: see TrainerTest. */
  private static final double SUMMATION_ORDER = 1e-4;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aCheckpointGoesOnInTheOtherPrecision(Precision first) {
    Precision second = first == Precision.F32 ? Precision.BF16 : Precision.F32;
    List<Double> unbroken = new ArrayList<>();
    List<Double> begun = new ArrayList<>();
    List<Double> continued = new ArrayList<>();
    Path early = folder.resolve("early.md4");
    Training saved =
        training(STEPS, 1, first, begun).toBuilder()
            .config(config(STEPS, 1).toBuilder().checkpointEvery(STEPS / 2).build())
            .checkpoint(folder.resolve("run.md4"))
            .listener(new KeepFirst(early))
            .build();

    train(STEPS, Precision.F32, unbroken).close();
    MaskedDiffusion.train(text(), network(), saved).close();
    try (MaskedDiffusion half = MaskedDiffusion.load(early);
        MaskedDiffusion whole =
            half.continueTraining(text(), training(STEPS, 1, second, continued))) {
      assertThat(half.checkpoint().step()).isEqualTo(STEPS / 2);
      assertThat(whole.checkpoint().step()).isEqualTo(STEPS);
    }

    assertThat(continued).hasSize(STEPS / 2);
    List<Double> broken = new ArrayList<>(begun.subList(0, STEPS / 2));
    broken.addAll(continued);
    assertThat(broken).isNotEqualTo(unbroken);
    for (int step = 0; step < STEPS; step++) {
      assertThat(broken.get(step))
          .as("step %d", step + 1)
          .isCloseTo(unbroken.get(step), within(ROUNDING));
    }
  }

  /** Keeps the first checkpoint of a run. */
  private record KeepFirst(Path copy) implements TrainingListener {
    @Override
    public void onCheckpoint(Path file) {
      try {
        if (!Files.exists(copy)) {
          Files.copy(file, copy);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void numberOfReplicasChangesSummationOrderOnly() {
    try (MaskedDiffusion one =
            MaskedDiffusion.train(
                text(), network(), training(3, 1, Precision.BF16, new ArrayList<>()));
        MaskedDiffusion two =
            MaskedDiffusion.train(
                text(), network(), training(3, 2, Precision.BF16, new ArrayList<>()))) {
      assertThat(two.checkpoint().parameters().toFloatVector())
          .containsExactly(
              one.checkpoint().parameters().toFloatVector(), within((float) SUMMATION_ORDER));
    }
  }

  @Test
  void aTrainedModelIsAskedInThePrecisionOfItsTraining() {
    RowSource heldOut = text().valid().chunks(LENGTH);
    Path file = folder.resolve("model.md4");
    try (MaskedDiffusion trained = train(STEPS, Precision.BF16, new ArrayList<>())) {
      trained.save(file);
      double bits = trained.likelihood(heldOut).forEvaluations(64).bitsPerToken();
      try (MaskedDiffusion same =
              MaskedDiffusion.load(file, ComputeBackend.preferred(Precision.BF16));
          MaskedDiffusion wide = MaskedDiffusion.load(file)) {
        assertThat(same.likelihood(heldOut).forEvaluations(64).bitsPerToken()).isEqualTo(bits);
        assertThat(same.sample(2).texts()).isEqualTo(trained.sample(2).texts());
        assertThat(wide.likelihood(heldOut).forEvaluations(64).bitsPerToken())
            .isNotEqualTo(bits)
            .isCloseTo(bits, within(ROUNDING));
      }
    }
  }

  @Test
  void aRunSaysItsPrecision() {
    List<String> said = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      Training training =
          training(1, 1, precision, new ArrayList<>()).toBuilder()
              .listener(
                  new TrainingListener() {
                    @Override
                    public void onStart(TrainingStart start) {
                      said.add(start.computation());
                    }
                  })
              .build();
      MaskedDiffusion.train(text(), network(), training).close();
    }

    assertThat(said)
        .satisfiesExactly(
            line -> assertThat(line).contains("f32").doesNotContain("bf16"),
            line -> assertThat(line).contains("bf16"));
  }

  @Test
  void trainingsOfEqualSettingsAreEqual() {
    TrainerConfig config = TrainerConfig.builder(1, 1, 0.01).build();

    assertThat(Training.of(config)).isEqualTo(Training.of(config));
    assertThat(Training.of(config).toBuilder().build()).isEqualTo(Training.of(config));
  }

  private static MaskedDiffusion train(int steps, Precision precision, List<Double> losses) {
    return MaskedDiffusion.train(text(), network(), training(steps, 1, precision, losses));
  }

  private static Training training(
      int steps, int replicas, Precision precision, List<Double> losses) {
    return Training.builder(config(steps, replicas))
        .backend(ComputeBackend.preferred(precision))
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(StepReport report) {
                losses.add(report.bitsPerToken());
              }
            })
        .build();
  }

  private static TrainerConfig config(int steps, int replicas) {
    return TrainerConfig.builder(steps, 8, 0.01)
        .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.5))
        .evaluation(evaluation -> evaluation.rows(8))
        .replicas(replicas)
        .build();
  }

  private static TransformerConfig network() {
    return TransformerConfig.builder(27, LENGTH).layers(2).heads(2).headSize(8).build();
  }

  private static TokenSplits text() {
    return TextFile.read(
            "sentences",
            new ByteArrayInputStream(SENTENCE.repeat(40).getBytes(StandardCharsets.US_ASCII)))
        .split();
  }
}
