package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Uniforms;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaPool;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Muon beside AdamW on one flat vector, against PyTorch: {@code golden/pytorch_muon.py} made the
 * expected values; parameters and gradients are its formulas.
 */
class MuonTest {
  /** Twenty steps in double; each library rounds sums of some ten terms in its own order. */
  private static final double TRAJECTORY = 1e-11;

  private static final int STEPS = 20;
  private static final double MUON_RATE = 0.02;
  private static final double WEIGHT_DECAY = 0.1;
  private static final double CLIP_NORM = 0.5;
  private static final double EMA_RATE = 0.9;

  /** A vector of 3, [6, 4], a vector of 2, [3, 7], a kernel [3, 3, 2, 5] and a vector of 4. */
  private static final List<ParameterMatrix> MATRICES =
      List.of(
          new ParameterMatrix(3, 6, 4),
          new ParameterMatrix(29, 3, 7),
          new ParameterMatrix(50, 18, 5));

  private static final int COUNT = 144;

  private static final OptimizerConfig SETTINGS =
      OptimizerConfig.builder(2e-3)
          .warmupSteps(3)
          .weightDecay(WEIGHT_DECAY)
          .clipNorm(CLIP_NORM)
          .emaRate(EMA_RATE)
          .muon(MuonConfig.builder(MUON_RATE).build())
          .build();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void twentyStepsArePyTorchs(int threads) throws IOException {
    JsonNode golden = golden();
    INDArray parameters = Nd4j.createFromArray(start());
    INDArray gradient = Nd4j.zeros(DataType.DOUBLE, COUNT);
    int clipped = 0;
    try (ReplicaPool pool = new ReplicaPool(threads);
        FlatOptimizer optimizer = optimizer(parameters, List.of(gradient), SETTINGS, threads)) {
      for (int step = 0; step < STEPS; step++) {
        gradient.assign(Nd4j.createFromArray(gradient(step)));
        double norm = optimizer.reduce(pool);
        clipped += norm > CLIP_NORM ? 1 : 0;
        optimizer.update(pool, norm, step);
        JsonNode expected = golden.get("parameters").get(String.valueOf(step + 1));
        if (expected != null) {
          assertThat(parameters.toDoubleVector())
              .as("parameters after %d steps", step + 1)
              .containsExactly(values(expected), within(TRAJECTORY));
        }
      }
      assertThat(clipped).isEqualTo(golden.get("clipped").intValue()).isBetween(1, STEPS - 1);
      assertThat(optimizer.state().average().toDoubleVector())
          .containsExactly(values(golden.get("average")), within(TRAJECTORY));
      for (int i = 0; i < MATRICES.size(); i++) {
        OptimizerState part =
            optimizer.state().part(MATRICES.get(i).offset(), MATRICES.get(i).end());
        assertThat(part.mean().toDoubleVector())
            .as("momentum of %s", MATRICES.get(i))
            .containsExactly(values(golden.get("momentum").get(i)), within(TRAJECTORY));
        assertThat(part.meanSquare().toDoubleVector()).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void stepsAreTheSameToTheBitWhateverTheNumberOfThreads(int threads) {
    assertThat(inFloat(threads)).containsExactly(inFloat(1));
  }

  @Test
  void gradientsOfZeroLeaveMatricesToTheDecay() {
    INDArray parameters = Nd4j.createFromArray(start());
    double[] before = parameters.toDoubleVector();
    OptimizerConfig steady = SETTINGS.toBuilder().warmupSteps(0).build();
    try (ReplicaPool pool = new ReplicaPool(1);
        FlatOptimizer optimizer =
            optimizer(parameters, List.of(Nd4j.zeros(DataType.DOUBLE, COUNT)), steady, 1)) {
      optimizer.update(pool, optimizer.reduce(pool), 0);
    }

    for (ParameterMatrix matrix : MATRICES) {
      for (int i = (int) matrix.offset(); i < matrix.end(); i++) {
        assertThat(parameters.getDouble(i))
            .isCloseTo(before[i] * (1 - MUON_RATE * WEIGHT_DECAY), within(TRAJECTORY));
      }
    }
  }

  @Test
  void aStepsLengthDoesNotDependOnTheGradientsSize() {
    assertThat(firstStep(1e-3)).containsExactly(firstStep(1), within(1e-3));
    assertThat(firstStep(1)[3]).isNotCloseTo(start()[3], within(1e-3));
  }

  @Test
  void rangesOfItsSettingsAreChecked() {
    assertThatThrownBy(() -> MuonConfig.builder(-0.1).build())
        .hasMessage("muon.learningRate (-0.1) must be at least 0 and finite");
    assertThatThrownBy(() -> MuonConfig.builder(0.1).momentum(1).build())
        .hasMessage("muon.momentum (1.0) must be in [0, 1)");
    assertThatThrownBy(() -> MuonConfig.builder(0.1).iterations(0).build())
        .hasMessage("muon.iterations (0) must be at least 1");
  }

  @Test
  void aRunsMuonHasTheRunsShapeOfTheRateAndItsDecay() {
    TrainerConfig config =
        TrainerConfig.builder(50, 1, 0.1)
            .optimizer(
                adamW ->
                    adamW
                        .warmupSteps(4)
                        .rateShape(RateShape.WARMUP_STABLE_DECAY)
                        .cooldownShare(0.4)
                        .weightDecay(0.3)
                        .muon(MuonConfig.builder(0.05).build()))
            .build();
    List<ParameterMatrix> matrices = List.of(new ParameterMatrix(1, 2, 3));

    assertThat(Muon.of(new Named(matrices, 10), config))
        .contains(
            new Muon(
                matrices,
                MuonConfig.builder(0.05).build(),
                new LearningRateSchedule(0.05, 4, 50, RateShape.WARMUP_STABLE_DECAY, 0.4),
                0.3,
                ComputeBackend.preferred()));
  }

  @Test
  void matricesThatOverlapOrLieOutsideAreRefused() {
    TrainerConfig config =
        TrainerConfig.builder(1, 1, 0.1).optimizer(adamW -> adamW.muon(SETTINGS.muon())).build();
    ParameterMatrix first = new ParameterMatrix(1, 2, 3);
    for (ParameterMatrix second :
        List.of(new ParameterMatrix(6, 2, 2), new ParameterMatrix(7, 2, 2))) {
      assertThatThrownBy(() -> Muon.of(new Named(List.of(first, second), 10), config))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be in order, apart and within the 10 parameters, got")
          .hasMessageContaining(second.toString());
    }
    assertThat(Muon.of(new Named(List.of(first), 10), config).orElseThrow().matrices())
        .containsExactly(first);
    assertThat(
            Muon.of(
                new Named(List.of(), 10),
                config.toBuilder().optimizer(adamW -> adamW.muon(MuonConfig.off())).build()))
        .isEmpty();
  }

  @Test
  void isOffUnlessAskedFor() {
    assertThat(OptimizerConfig.builder(1).build().muon()).isEqualTo(MuonConfig.off());
    assertThat(MuonConfig.off().enabled()).isFalse();
    assertThat(MuonConfig.builder(MuonConfig.USUAL_LEARNING_RATE).build())
        .isEqualTo(new MuonConfig(0.02, 0.95, 5));
    List<OptimizerConfig> ofThePaper =
        List.of(
            TextPreset.TEXT8.trainer().optimizer(),
            ImagePreset.CIFAR10.trainer().optimizer(),
            ImagePreset.IMAGENET64.trainer().optimizer(),
            ImagePreset.IMAGENET64_SAMPLES.trainer().optimizer(),
            ImagePreset.IMAGENET64_CLASS.trainer().optimizer());
    for (OptimizerConfig optimizer : ofThePaper) {
      assertThat(optimizer.muon()).isEqualTo(MuonConfig.off());
      assertThat(optimizer.rateShape()).isEqualTo(RateShape.COSINE);
    }
  }

  /** A network of which nothing is asked but its parameters. */
  private record Named(List<ParameterMatrix> matrices, int count) implements TrainableDenoiser {
    @Override
    public NetworkConfig config() {
      throw new UnsupportedOperationException();
    }

    @Override
    public INDArray parameters() {
      return Nd4j.zeros(DataType.FLOAT, count);
    }

    @Override
    public INDArray gradients() {
      throw new UnsupportedOperationException();
    }

    @Override
    public INDArray logits(DenoiserInput input) {
      throw new UnsupportedOperationException();
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainableDenoiser replica() {
      return this;
    }
  }

  /** Parameters after a step without decay, with gradients so many times the usual ones. */
  private static double[] firstStep(double size) {
    INDArray parameters = Nd4j.createFromArray(start());
    OptimizerConfig plain = SETTINGS.toBuilder().warmupSteps(0).weightDecay(0).clipNorm(0).build();
    INDArray gradient = Nd4j.createFromArray(gradient(0)).muli(size);
    try (ReplicaPool pool = new ReplicaPool(1);
        FlatOptimizer optimizer = optimizer(parameters, List.of(gradient), plain, 1)) {
      optimizer.update(pool, optimizer.reduce(pool), 0);
    }
    return parameters.toDoubleVector();
  }

  /** Parameters after all steps in 32 bits, with whatever is fastest on this machine. */
  private static float[] inFloat(int threads) {
    INDArray parameters = Nd4j.createFromArray(start()).castTo(DataType.FLOAT);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, COUNT);
    // Without a bound: the norm is a sum that threads share.
    OptimizerConfig unclipped = SETTINGS.toBuilder().clipNorm(0).build();
    try (ReplicaPool pool = new ReplicaPool(threads);
        FlatOptimizer optimizer = optimizer(parameters, List.of(gradient), unclipped, threads)) {
      for (int step = 0; step < STEPS; step++) {
        gradient.assign(Nd4j.createFromArray(gradient(step)).castTo(DataType.FLOAT));
        optimizer.update(pool, optimizer.reduce(pool), step);
      }
    }
    return parameters.toFloatVector();
  }

  private static FlatOptimizer optimizer(
      INDArray parameters, List<INDArray> gradients, OptimizerConfig settings, int threads) {
    return new FlatOptimizer(
        parameters,
        gradients,
        new AdamW(
            0,
            settings.schedule(settings.learningRate(), STEPS),
            settings.beta1(),
            settings.beta2(),
            settings.epsilon(),
            settings.weightDecay()),
        Optional.of(
            new Muon(
                MATRICES,
                settings.muon(),
                settings.schedule(settings.muon().learningRate(), STEPS),
                settings.weightDecay(),
                ComputeBackend.preferred())),
        settings.clipNorm(),
        settings.emaRate(),
        threads);
  }

  private static double[] start() {
    double[] values = new double[COUNT];
    Arrays.setAll(values, i -> 0.3 * Math.sin(1.7 * i + 0.2));
    return values;
  }

  private static double[] gradient(int step) {
    double[] values = new double[COUNT];
    Arrays.setAll(
        values,
        i -> 0.01 * (1 + step % 3 * 3) * Math.sin(0.37 * ((double) i * i) + 0.1 * i + 1.3 * step));
    return values;
  }

  private static double[] values(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).doubleValue());
    return values;
  }

  private static JsonNode golden() throws IOException {
    try (InputStream file = MuonTest.class.getResourceAsStream("/golden/pytorch_muon.json")) {
      return new ObjectMapper().readTree(file);
    }
  }
}
