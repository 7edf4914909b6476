package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.GuidedDenoiser;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.model.TimeConditioning;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.ndarray.INDArray;

@Tag("slow")
class ClassConditionalTrainingTest {
  private static final int LENGTH = 4;
  private static final int NULL_LABEL = 2;
  private static final Elbo OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(2, LENGTH)
          .layers(1)
          .heads(1)
          .headSize(8)
          .conditioning(told -> told.classes(2))
          .build();
  private static final RowSource TRAINING = new TwoClasses(LENGTH, 4_000, 1);
  private static final RowSource VALIDATION = new TwoClasses(LENGTH, 400, 2);

  /** What a few hundred steps leave between a learned probability and the law's. */
  private static final double LEARNED = 0.08;

  /** Another order of the sums of a few steps of training, in 32 bits. */
  private static final float SUMMATION_ORDER = 1e-5f;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void labelsGiveTheirClassesLawAndTheNullLabelTheMixture(boolean timed) {
    TransformerConfig config =
        TransformerConfig.builder(2, LENGTH)
            .layers(1)
            .heads(1)
            .headSize(16)
            .conditioning(told -> told.time(timed ? TimeConditioning.TIME : TimeConditioning.NONE))
            .conditioning(told -> told.classes(2))
            .build();
    TransformerDenoiser network = TransformerDenoiser.create(config, 1);
    TrainerConfig settings =
        TrainerConfig.builder(400, 64, 5e-3)
            .optimizer(adamW -> adamW.warmupSteps(20).emaRate(0.95))
            .labelDropout(0.4)
            .replicas(1)
            .build();
    try (Trainer trainer = trainer(network, settings)) {
      trainer.train();
      trainer.withAveragedParameters(
          denoiser -> {
            double faithful = TwoClasses.FIDELITY;
            // Nothing is visible: the class alone decides, and without it both are as likely.
            assertThat(probabilityOfOne(denoiser, 0, 2, 2))
                .isCloseTo(1 - faithful, within(LEARNED));
            assertThat(probabilityOfOne(denoiser, 1, 2, 2)).isCloseTo(faithful, within(LEARNED));
            assertThat(probabilityOfOne(denoiser, NULL_LABEL, 2, 2))
                .isCloseTo(0.5, within(LEARNED));
            // A visible token says nothing more to who knows the class, and much to who does not.
            assertThat(probabilityOfOne(denoiser, 0, 2, 1))
                .isCloseTo(1 - faithful, within(LEARNED));
            assertThat(probabilityOfOne(denoiser, NULL_LABEL, 2, 1))
                .isCloseTo(faithful * faithful + (1 - faithful) * (1 - faithful), within(LEARNED));
            assertThat(probabilityOfOne(new GuidedDenoiser(denoiser, NULL_LABEL, 1), 1, 2, 2))
                .isGreaterThan(probabilityOfOne(denoiser, 1, 2, 2) + 0.05);
            return true;
          });
    }
  }

  /** The predicted probability of token 1 at position 0 of a row (m, x, m, m). */
  private static double probabilityOfOne(Denoiser denoiser, int label, int first, int second) {
    TokenBatch tokens =
        TokenBatch.of(NETWORK.vocabulary(), new int[] {first, second, NULL_LABEL, NULL_LABEL});
    double[] logits =
        denoiser
            .logits(
                new DenoiserInput(
                    Rows.of(tokens).withLabels(new int[] {label}),
                    new double[] {0.8},
                    new int[] {0}))
            .toDoubleVector();
    return 1 / (1 + Math.exp(logits[0] - logits[1]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3})
  void labelsDoNotDependOnReplicasOrMicroBatches(double dropout) {
    TrainerConfig one =
        TrainerConfig.builder(6, 12, 1e-2)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .labelDropout(dropout)
            .replicas(1)
            .build();

    float[] expected = trained(one);

    assertThat(trained(one.toBuilder().replicas(2).build()))
        .containsExactly(expected, within(SUMMATION_ORDER));
    assertThat(trained(one.toBuilder().accumulation(5).build()))
        .containsExactly(expected, within(SUMMATION_ORDER));
    assertThat(trained(one.toBuilder().labelDropout(0.6).build())).isNotEqualTo(expected);
  }

  private static float[] trained(TrainerConfig config) {
    TransformerDenoiser network = TransformerDenoiser.create(NETWORK, 1);
    try (Trainer trainer = trainer(network, config)) {
      trainer.train();
    }
    return network.parameters().toFloatVector();
  }

  @Test
  void aStepTellsTheDrawnRowsTheirLabelsUnlessTheirUniformIsBelowTheDropout() {
    TrainerConfig config =
        TrainerConfig.builder(3, 8, 1e-2)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .labelDropout(0.5)
            .accumulation(3)
            .replicas(1)
            .evaluation(evaluation -> evaluation.rows(20))
            .build();
    LabelRecorder recorder =
        new LabelRecorder(TransformerDenoiser.create(NETWORK, 1), new ArrayList<>());
    CounterRandom random = new CounterRandom(config.seed());
    List<Integer> expected = new ArrayList<>();
    for (int step = 0; step < config.steps(); step++) {
      for (int row = 0; row < config.batchSize(); row++) {
        long index = (long) (random.uniforms(Purpose.DATA, step).at(row, 0) * TRAINING.size());
        boolean dropped = random.uniforms(Purpose.LABEL_DROPOUT, step).at(row, 0) < 0.5;
        expected.add(dropped ? NULL_LABEL : TRAINING.label(index));
      }
    }
    IntStream.range(0, 20).forEach(row -> expected.add(VALIDATION.label(row)));

    try (Trainer trainer = trainer(recorder, config)) {
      trainer.train();
    }

    assertThat(expected).contains(0, 1, NULL_LABEL);
    assertThat(recorder.seen()).isEqualTo(expected);
  }

  @Test
  void aRunWithClassesGoesOnFromItsCheckpoint() {
    TrainerConfig config =
        TrainerConfig.builder(6, 8, 1e-2)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .labelDropout(0.3)
            .replicas(1)
            .build();
    Path file = folder.resolve("checkpoint");
    TransformerDenoiser unbroken = TransformerDenoiser.create(NETWORK, 1);
    StopAt stop = new StopAt(3);
    try (Trainer trainer =
        trainer(
            TransformerDenoiser.create(NETWORK, 1),
            config.toBuilder().checkpoints(checkpoints -> checkpoints.every(3)).build(),
            stop)) {
      trainer.checkpointTo(file);
      assertThatThrownBy(trainer::train).hasMessage("stopped");
    }
    try (Trainer trainer = trainer(unbroken, config)) {
      trainer.train();
    }
    Checkpoint checkpoint = Checkpoint.read(file);
    TrainableDenoiser resumed = checkpoint.network().create(9);
    try (Trainer trainer = trainer(resumed, checkpoint.trainer())) {
      trainer.restore(checkpoint);
      trainer.train();
    }

    assertThat(checkpoint.network().classes()).isEqualTo(2);
    assertThat(checkpoint.trainer().labelDropout()).isEqualTo(0.3);
    assertThat(resumed.parameters().toFloatVector())
        .containsExactly(unbroken.parameters().toFloatVector());
  }

  @Test
  void networkDataAndSettingsMustAgreeAboutClasses() {
    TrainerConfig config =
        TrainerConfig.builder(1, 4, 1e-2)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .replicas(1)
            .build();

    assertThatThrownBy(
            () ->
                trainer(
                    TransformerDenoiser.create(
                        NETWORK.toBuilder().conditioning(told -> told.classes(0)).build(), 1),
                    config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("training.classes (2) must be that of the network, 0");
    TransformerDenoiser plain =
        TransformerDenoiser.create(
            TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(4).build(), 1);
    assertThatThrownBy(
            () ->
                new Trainer(
                    plain,
                    OBJECTIVE,
                    TestData.training(8),
                    TestData.validation(8),
                    config.toBuilder().labelDropout(0.1).build(),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labelDropout (0.1) must be 0 for training data without classes");
    assertThatThrownBy(() -> TestData.training(8).label(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("label of row 3 must not be asked for: sentences");
  }

  private static Trainer trainer(
      TrainableDenoiser network, TrainerConfig config, TrainingListener... listeners) {
    return new Trainer(network, OBJECTIVE, TRAINING, VALIDATION, config, List.of(listeners));
  }

  /** A network that remembers the labels it was told, in order. */
  private record LabelRecorder(TransformerDenoiser network, List<Integer> seen)
      implements TrainableDenoiser {
    @Override
    public TransformerConfig config() {
      return network.config();
    }

    @Override
    public INDArray parameters() {
      return network.parameters();
    }

    @Override
    public INDArray gradients() {
      return network.gradients();
    }

    @Override
    public INDArray logits(DenoiserInput input) {
      Arrays.stream(input.labels()).forEach(seen::add);
      return network.logits(input);
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      Arrays.stream(input.labels()).forEach(seen::add);
      return network.forwardForTraining(input, dropout);
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      network.backward(logitGradients, accumulate);
    }

    @Override
    public TrainableDenoiser replica() {
      return network.replica();
    }
  }

  /** Ends a run once the checkpoint of a step is on the disk. */
  private record StopAt(int step) implements TrainingListener {
    @Override
    public void onCheckpoint(Path file) {
      if (Checkpoint.read(file).step() == step) {
        throw new IllegalStateException("stopped");
      }
    }
  }
}
