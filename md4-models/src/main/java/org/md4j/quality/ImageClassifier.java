package org.md4j.quality;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Sha256;
import org.md4j.model.ReplicaPool;
import org.md4j.train.AdamW;
import org.md4j.train.AdamWUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small convolutional network that learns, in about a minute, to tell the classes of a data set's
 * images, or how they were rotated where there are no labels; what it looks at before its last map
 * is {@link ImageFeatures} that need no file.
 *
 * <p>A Fréchet distance of its features is a <em>classifier Fréchet distance</em>. It is no FID,
 * and compares only with values of the same classifier.
 *
 * <p>For one seed, machine and number of threads the same parameters to the bit. Not safe for use
 * by several threads at once.
 */
public final class ImageClassifier {
  private static final Logger LOG = LoggerFactory.getLogger(ImageClassifier.class);
  private static final int LARGEST_EVALUATION = 2000;
  private static final int EVALUATION_BATCH = 50;

  private final ClassifierNetwork network;
  private final String name;
  private final int length;
  private final double accuracy;

  private ImageClassifier(ClassifierNetwork network, String name, int length, double accuracy) {
    this.network = network;
    this.name = name;
    this.length = length;
    this.accuracy = accuracy;
  }

  /**
   * Trains a classifier.
   *
   * @param training images to learn from, with 2 or more classes, or square
   * @param heldOut other images of the same kind, whose first 2,000 measure the accuracy
   * @param height height of the images
   * @param width width of the images
   * @param colours colours of a pixel, 1 or 3
   */
  public static ImageClassifier train(
      RowSource training,
      RowSource heldOut,
      int height,
      int width,
      int colours,
      ClassifierConfig config) {
    ClassifierTask task = new ClassifierTask(training, height, width, colours);
    ClassifierTask test = new ClassifierTask(heldOut, height, width, colours);
    if (test.classes() != task.classes()) {
      throw new IllegalArgumentException(
          "heldOut must have the %d classes of training, got %d"
              .formatted(task.classes(), test.classes()));
    }
    ComputationGraphConfiguration layers = ClassifierNetwork.layers(height, width, colours);
    INDArray parameters =
        Nd4j.zeros(DataType.FLOAT, ClassifierNetwork.parameterCount(layers, task.classes()));
    ClassifierNetwork network = fit(task, layers, parameters, config);
    double accuracy = accuracy(network, test, config.seed());
    LOG.info("classifier of {}: accuracy {} held out", training.name(), accuracy);
    String name =
        "classifier of %s of %s (sha256 %s), parameters %s"
            .formatted(
                task.labelled() ? task.classes() + " labels" : "four rotations",
                training.name(),
                training.sha256(),
                sha256(parameters));
    return new ImageClassifier(network, name, training.length(), accuracy);
  }

  private static ClassifierNetwork fit(
      ClassifierTask task,
      ComputationGraphConfiguration layers,
      INDArray parameters,
      ClassifierConfig config) {
    int replicas = Math.min(ReplicaPool.defaultSize(), config.batch());
    List<ClassifierNetwork> networks = new ArrayList<>();
    for (int r = 0; r < replicas; r++) {
      networks.add(new ClassifierNetwork(layers, task.classes(), parameters));
    }
    networks.get(0).initialise(config.seed());
    AdamWUpdater updater =
        new AdamW(1, null, 0.9, 0.99, 1e-8, 0)
            .instantiate(Nd4j.zeros(DataType.FLOAT, 2 * parameters.length()), true);
    try (ReplicaPool pool = new ReplicaPool(replicas)) {
      int[][] images = new int[config.batch()][task.source().length()];
      for (int step = 0; step < config.steps(); step++) {
        int[] labels =
            task.draw(new CounterRandom(config.seed()).uniforms(Purpose.DATA, step), images);
        pool.run(
            r -> {
              int from = config.batch() * r / replicas;
              int to = config.batch() * (r + 1) / replicas;
              networks
                  .get(r)
                  .gradient(
                      Arrays.copyOfRange(images, from, to),
                      Arrays.copyOfRange(labels, from, to),
                      1.0 / config.batch());
            });
        INDArray sum = networks.get(0).gradient();
        for (ClassifierNetwork other : networks.subList(1, replicas)) {
          sum.addi(other.gradient());
        }
        updater.applyUpdater(sum, step, 0);
        double rate = config.learningRate() * (1 + Math.cos(Math.PI * step / config.steps())) / 2;
        parameters.subi(sum.muli(rate));
      }
    }
    return networks.get(0);
  }

  private static double accuracy(ClassifierNetwork network, ClassifierTask task, long seed) {
    int count = (int) Math.min(LARGEST_EVALUATION, task.source().size());
    int right = 0;
    for (int from = 0; from < count; from += EVALUATION_BATCH) {
      int[][] images = new int[Math.min(EVALUATION_BATCH, count - from)][task.source().length()];
      int[] labels = new int[images.length];
      for (int b = 0; b < images.length; b++) {
        double uniform =
            new CounterRandom(seed).uniforms(Purpose.EVALUATION_MASK, 0).at(from + b, 0);
        labels[b] = task.example(from + b, uniform, images[b]);
      }
      float[][] logits = network.logits(network.features(images, false));
      for (int b = 0; b < images.length; b++) {
        right += largest(logits[b]) == labels[b] ? 1 : 0;
      }
    }
    return (double) right / count;
  }

  private static int largest(float[] values) {
    int place = 0;
    for (int k = 1; k < values.length; k++) {
      place = values[k] > values[place] ? k : place;
    }
    return place;
  }

  private static String sha256(INDArray parameters) {
    float[] values = parameters.toFloatVector();
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return Sha256.of(bytes.array()).substring(0, 16);
  }

  /** The share of held-out images that the classifier told right, in [0, 1]. */
  public double accuracy() {
    return accuracy;
  }

  /** Returns the penultimate activations, which use this classifier; closing them does nothing. */
  public ImageFeatures features() {
    return new ClassifierFeatures(network, name, length);
  }
}
