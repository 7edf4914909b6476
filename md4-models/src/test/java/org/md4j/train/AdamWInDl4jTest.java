package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** AdamW as an updater of DL4J's own networks and fit loop. */
class AdamWInDl4jTest {
  private static final double DECAY = 0.03;
  private static final WarmupCosineSchedule RATE = new WarmupCosineSchedule(0.05, 2, 20);
  private static final AdamW ADAMW = new AdamW(0, RATE, 0.9, 0.999, 1e-8, DECAY);
  private static final INDArray FEATURES =
      Nd4j.createFromArray(new double[][] {{0.1, -0.4}, {0.7, 0.2}, {-0.5, 0.9}});
  private static final INDArray LABELS =
      Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}});

  /** A dozen updates in double. */
  private static final double ROUNDING = 1e-11;

  @Test
  void fitIsThePapersAdamW() {
    MultiLayerNetwork network = network();
    PlainAdamW plain = new PlainAdamW(network.params().toDoubleVector());

    for (int step = 0; step < 12; step++) {
      double[] gradient = gradient(network);
      network.fit(FEATURES, LABELS);
      double[] expected = plain.step(gradient, RATE.at(step), 0.9, 0.999, 1e-8, DECAY);

      assertThat(network.params().toDoubleVector())
          .as("parameters after step %d", step + 1)
          .containsExactly(expected, within(ROUNDING));
    }
  }

  @Test
  void configurationSurvivesJson() {
    MultiLayerConfiguration configuration = network().getLayerWiseConfigurations();

    MultiLayerConfiguration restored = MultiLayerConfiguration.fromJson(configuration.toJson());

    assertThat(restored).isEqualTo(configuration);
    assertThat(((BaseLayer) restored.getConf(0).getLayer()).getIUpdater()).isEqualTo(ADAMW);
  }

  @Test
  void aSavedNetworkContinuesAsTheOriginal() throws IOException {
    MultiLayerNetwork network = network();
    for (int step = 0; step < 5; step++) {
      network.fit(FEATURES, LABELS);
    }
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, saved, true);
    MultiLayerNetwork restored =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(saved.toByteArray()), true);

    network.fit(FEATURES, LABELS);
    restored.fit(FEATURES, LABELS);

    assertThat(restored.params().toDoubleVector())
        .containsExactly(network.params().toDoubleVector());
  }

  private static double[] gradient(MultiLayerNetwork network) {
    network.setInput(FEATURES);
    network.setLabels(LABELS);
    network.computeGradientAndScore();
    return network.getFlattenedGradients().div(FEATURES.rows()).toDoubleVector();
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .updater(ADAMW)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .weightDecay(DECAY)
                        .weightDecayBias(DECAY)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .weightDecay(DECAY)
                        .weightDecayBias(DECAY)
                        .build())
                .build());
    network.init();
    return network;
  }
}
