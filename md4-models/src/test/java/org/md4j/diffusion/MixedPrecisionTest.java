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
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.model.NetworkConfig;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.StepReport;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingStart;

/** A model goes from one precision to the other, whatever this machine multiplies. */
class MixedPrecisionTest {
  private static final int LENGTH = 12;
  private static final int STEPS = 8;
  private static final String SENTENCE = "the cat sat on the mat and the dog ";

  /** Bits a token. Operands keep 8 bits, which moved a loss of these steps by up to 0.0004. */
  private static final double ROUNDING = 0.005;

  /** Bits a token of images, where it moved a loss by up to 0.006. */
  private static final double ROUNDING_OF_IMAGES = 0.02;

  /** Gradients summed in another order, over the steps of a run: see TrainerTest. */
  private static final double SUMMATION_ORDER = 1e-4;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Model.class)
  void aCheckpointGoesOnInTheOtherPrecision(Model model) {
    RowSource data = text().train().windows(LENGTH);
    RowSource heldOut = text().valid().chunks(LENGTH);

    assertGoesOn(data, heldOut, network(), model, ROUNDING);
  }

  @Test
  void aNetworkOfImagesGoesOnInTheOtherPrecision() {
    UNetConfig network =
        UNetConfig.builder(4, 4, 3)
            .embeddingWidth(8)
            .channels(8)
            .channelMultipliers(List.of(1, 2))
            .blocksPerLevel(1)
            .middle(new Middle.Attention(1))
            .groups(4)
            .build();
    RowSource images = noise(network, 16);

    assertGoesOn(images, images, network, Model.MD4, ROUNDING_OF_IMAGES);
  }

  /** Images of equally likely values. */
  private static RowSource noise(UNetConfig network, int images) {
    Uniforms draws = new CounterRandom(0).uniforms(Purpose.DATA, 0);
    int[][] tokens = new int[images][network.length()];
    for (int image = 0; image < images; image++) {
      for (int n = 0; n < network.length(); n++) {
        tokens[image][n] = (int) (draws.at(image, n) * network.vocabulary().size());
      }
    }
    return RowSource.of("noise", Rows.of(TokenBatch.of(network.vocabulary(), tokens)));
  }

  private void assertGoesOn(
      RowSource data, RowSource heldOut, NetworkConfig network, Model model, double rounding) {
    List<Double> unbroken = new ArrayList<>();
    Training wide = training(STEPS, 1, Precision.F32, unbroken).toBuilder().model(model).build();
    MaskedDiffusion.train(data, heldOut, network, wide).close();

    for (Precision first : Precision.values()) {
      List<Double> broken = broken(data, heldOut, network, model, first);
      assertThat(broken).hasSize(STEPS).isNotEqualTo(unbroken);
      for (int step = 0; step < STEPS; step++) {
        assertThat(broken.get(step))
            .as("step %d, begun in %s", step + 1, first)
            .isCloseTo(unbroken.get(step), within(rounding));
      }
    }
  }

  /** The losses of a training that changes its precision halfway. */
  private List<Double> broken(
      RowSource data, RowSource heldOut, NetworkConfig network, Model model, Precision first) {
    Precision second = first == Precision.F32 ? Precision.BF16 : Precision.F32;
    List<Double> begun = new ArrayList<>();
    List<Double> continued = new ArrayList<>();
    Path early = folder.resolve(first + ".md4");
    Training saved =
        training(STEPS, 1, first, begun).toBuilder()
            .model(model)
            .config(
                config(STEPS, 1).toBuilder()
                    .checkpoints(checkpoints -> checkpoints.every(STEPS / 2))
                    .build())
            .checkpoint(folder.resolve("run.md4"))
            .listener(new KeepFirst(early))
            .build();

    MaskedDiffusion.train(data, heldOut, network, saved).close();
    try (MaskedDiffusion half = MaskedDiffusion.load(early);
        MaskedDiffusion whole =
            half.continueTraining(data, heldOut, training(STEPS, 1, second, continued))) {
      assertThat(half.checkpoint().step()).isEqualTo(STEPS / 2);
      assertThat(whole.checkpoint().step()).isEqualTo(STEPS);
    }

    List<Double> losses = new ArrayList<>(begun.subList(0, STEPS / 2));
    losses.addAll(continued);
    return losses;
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
