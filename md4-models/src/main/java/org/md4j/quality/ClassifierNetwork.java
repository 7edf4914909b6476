package org.md4j.quality;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.model.layer.LayerNetwork;
import org.md4j.model.layer.LayerVertex;
import org.md4j.model.layer.image.DownsamplingLayer;
import org.md4j.model.layer.image.PixelEmbeddingLayer;
import org.md4j.model.layer.image.PixelMeanLayer;
import org.md4j.model.layer.image.ResidualBlockLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One replica of the classifier: residual blocks with halvings between them, the mean over what is
 * left of the image (the features), and a softmax of a dense map of that.
 */
final class ClassifierNetwork {
  /** The number F of features, the channels of the last block. */
  static final int FEATURES = 128;

  private static final int[] CHANNELS = {32, 64, FEATURES};
  private static final int EMBEDDING = 4;
  private static final int VALUES = 256;
  private static final int GROUPS = 8;

  /** The largest shorter side of an image that is not halved before the first block. */
  private static final int LARGEST = 32;

  private static final String OUTPUT = "features";

  private final LayerNetwork network;
  private final INDArray weight;
  private final INDArray bias;
  private final INDArray gradient;
  private final INDArray weightGradient;
  private final INDArray biasGradient;
  private final int classes;

  /**
   * Makes a replica on parameters that exist.
   *
   * @param parameters [count], shared
   */
  ClassifierNetwork(ComputationGraphConfiguration layers, int classes, INDArray parameters) {
    long body = bodyCount(layers);
    this.classes = classes;
    network =
        new LayerNetwork(
            layers, part(parameters, 0, body), ComputeBackend.preferred().open(DataType.FLOAT));
    gradient = Nd4j.zeros(DataType.FLOAT, parameters.length());
    long weights = (long) FEATURES * classes;
    weight = part(parameters, body, body + weights).reshape('c', FEATURES, classes);
    bias = part(parameters, body + weights, body + weights + classes);
    weightGradient = part(gradient, body, body + weights).reshape('c', FEATURES, classes);
    biasGradient = part(gradient, body + weights, body + weights + classes).reshape(1, classes);
  }

  static ComputationGraphConfiguration layers(int height, int width, int colours) {
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .miniBatch(false)
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs("tokens")
            .addVertex(
                "embedding",
                new LayerVertex(
                    new PixelEmbeddingLayer(
                        VALUES + 1, EMBEDDING, height, width, colours, CHANNELS[0], 0)),
                "tokens");
    String previous = "embedding";
    int h = height;
    int w = width;
    int channels = CHANNELS[0];
    if (Math.min(h, w) > LARGEST && h % 2 == 0 && w % 2 == 0) {
      graph.addVertex("halved", new LayerVertex(new DownsamplingLayer(h, w, channels)), previous);
      previous = "halved";
      h /= 2;
      w /= 2;
    }
    for (int level = 0; level < CHANNELS.length; level++) {
      if (level > 0 && h % 2 == 0 && w % 2 == 0) {
        String name = "down" + level;
        graph.addVertex(name, new LayerVertex(new DownsamplingLayer(h, w, channels)), previous);
        previous = name;
        h /= 2;
        w /= 2;
      }
      String name = "block" + level;
      graph.addVertex(
          name,
          new LayerVertex(
              new ResidualBlockLayer(h, w, channels, 0, CHANNELS[level], GROUPS, 0, false, 0)),
          previous);
      previous = name;
      channels = CHANNELS[level];
    }
    return graph
        .addVertex(OUTPUT, new LayerVertex(new PixelMeanLayer(channels)), previous)
        .setOutputs(OUTPUT)
        .build();
  }

  static long parameterCount(ComputationGraphConfiguration layers, int classes) {
    return bodyCount(layers) + (FEATURES + 1L) * classes;
  }

  private static long bodyCount(ComputationGraphConfiguration layers) {
    return layers.getVertices().values().stream().mapToLong(v -> v.numParams(true)).sum();
  }

  /** Draws all parameters; the softmax starts at zero, the embedding as smooth functions. */
  void initialise(long seed) {
    network.initialise(new CounterRandom(seed).uniforms(Purpose.INITIALISATION, 0));
    weight.assign(0);
    bias.assign(0);
    Objects.requireNonNull(network.graph().getVertex("embedding").paramTable(true).get("embedding"))
        .assign(brightness());
  }

  /**
   * Makes a first embedding in which close values are close to each other, as in an image they mean
   * nearly the same.
   */
  private static INDArray brightness() {
    float[][] rows = new float[VALUES + 1][EMBEDDING];
    for (int value = 0; value < VALUES; value++) {
      double x = 2.0 * value / (VALUES - 1) - 1;
      rows[value] =
          new float[] {
            (float) x, (float) (x * x), (float) Math.sin(Math.PI * x), (float) Math.cos(Math.PI * x)
          };
    }
    return Nd4j.createFromArray(rows);
  }

  /** Computes the features of images, [B, F], in this replica's own memory until the next call. */
  INDArray features(int[][] images, boolean training) {
    return network.forward(training, Tensor.of(Nd4j.createFromArray(images))).array();
  }

  /** Computes ln p(class) + constant, [B][K] for K classes. */
  float[][] logits(INDArray features) {
    INDArray logits = Nd4j.createUninitialized(DataType.FLOAT, features.size(0), classes);
    MatrixProducts.product(features, weight, logits, 1, 0);
    return logits.addiRowVector(bias).toFloatMatrix();
  }

  /**
   * Writes the gradient of {@code scale * sum of -ln p(label)} and returns that sum in nats,
   * unscaled.
   */
  double gradient(int[][] images, int[] labels, double scale) {
    INDArray features = features(images, true);
    float[][] slopes = logits(features);
    double loss = 0;
    for (int b = 0; b < labels.length; b++) {
      loss += softmaxSlopesInPlace(slopes[b], labels[b], scale);
    }
    INDArray dLogits = Nd4j.createFromArray(slopes);
    MatrixProducts.productTransposedFirst(features, dLogits, weightGradient, 1, 0);
    MatrixProducts.product(
        Nd4j.ones(DataType.FLOAT, 1, labels.length), dLogits, biasGradient, 1, 0);
    INDArray dFeatures = Nd4j.createUninitialized(DataType.FLOAT, labels.length, FEATURES);
    MatrixProducts.productTransposedSecond(dLogits, weight, dFeatures, 1, 0);
    network.backward(Tensor.of(dFeatures), false);
    INDArray body = network.gradients();
    part(gradient, 0, body.length()).assign(body);
    return loss;
  }

  /**
   * The gradient of all parameters, as the last {@link #gradient(int[][], int[], double)} left it.
   */
  INDArray gradient() {
    return gradient;
  }

  private static double softmaxSlopesInPlace(float[] logits, int label, double scale) {
    double[] weights = new double[logits.length];
    double largest = logits[0];
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Math.exp(logits[k] - largest);
    }
    double sum = Arrays.stream(weights).sum();
    double loss = Math.log(sum) - (logits[label] - largest);
    for (int k = 0; k < weights.length; k++) {
      logits[k] = (float) (scale * (weights[k] / sum - (k == label ? 1 : 0)));
    }
    return loss;
  }

  private static INDArray part(INDArray vector, long from, long to) {
    return vector.get(NDArrayIndex.interval(from, to));
  }
}
