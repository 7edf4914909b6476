package org.md4j.train;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TrainableDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All that can be told from the two neighbours and the time: whether a position is odd, its left
 * and its right neighbour (a border counts as a mask) together pick a row of a table, and the
 * logits are {@code a + b ln t} with a and b from that row. Nothing beyond the neighbours is seen.
 */
final class TimedTableDenoiser implements TrainableDenoiser {
  /** Of the first time of GenMD4, below which time says no more; makes the slope's factor 0..1. */
  private static final double LOG_FIRST_TIME = Math.log(1e-3);

  private final Config config;
  private final Vocabulary vocabulary;
  private final INDArray parameters;
  private final INDArray gradients;
  private @Nullable Places asked;

  private TimedTableDenoiser(Config config, INDArray parameters) {
    this.config = config;
    this.vocabulary = config.vocabulary();
    this.parameters = parameters;
    this.gradients = Nd4j.zeros(DataType.FLOAT, parameters.shape());
  }

  /** The shape of the network, which reads rows of any length. */
  record Config(Vocabulary vocabulary, int length) implements NetworkConfig {
    @Override
    public TimedTableDenoiser create(long seed, ComputeBackend backend) {
      int rows = 2 * vocabulary.embeddingRows() * vocabulary.embeddingRows();
      return new TimedTableDenoiser(
          this, Nd4j.zeros(DataType.FLOAT, (long) rows * 2 * vocabulary.size()));
    }
  }

  /** Where each position's logits are in the table, and the factor of their slope. */
  private record Places(int[] offsets, float[] slopes) {}

  /** A network that predicts every token to be equally likely. */
  static TimedTableDenoiser create(Vocabulary vocabulary) {
    return new Config(vocabulary, 8).create(0, ComputeBackend.preferred());
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public INDArray parameters() {
    return parameters;
  }

  @Override
  public INDArray gradients() {
    return gradients;
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    return logits(places(input));
  }

  @Override
  public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    Places places = places(input);
    asked = places;
    return logits(places);
  }

  @Override
  public void backward(INDArray logitGradients, boolean accumulate) {
    Places places = asked;
    if (places == null) {
      throw new IllegalStateException("forwardForTraining must be called before backward");
    }
    asked = null;
    int size = vocabulary.size();
    float[] values = accumulate ? gradients.toFloatVector() : new float[(int) gradients.length()];
    float[][] given = logitGradients.toFloatMatrix();
    for (int i = 0; i < given.length; i++) {
      int offset = places.offsets()[i];
      for (int v = 0; v < size; v++) {
        values[offset + v] += given[i][v];
        values[offset + size + v] += places.slopes()[i] * given[i][v];
      }
    }
    gradients.assign(Nd4j.createFromArray(values));
  }

  @Override
  public TimedTableDenoiser replica() {
    return new TimedTableDenoiser(config, parameters);
  }

  private Places places(DenoiserInput input) {
    TokenBatch tokens = input.tokens();
    int length = tokens.length();
    int values = vocabulary.embeddingRows();
    int[] offsets = new int[input.positions().length];
    float[] slopes = new float[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      int position = input.positions()[i];
      int column = position % length;
      int left = column == 0 ? vocabulary.maskId() : tokens.token(position - 1);
      int right = column == length - 1 ? vocabulary.maskId() : tokens.token(position + 1);
      offsets[i] = ((column % 2 * values + left) * values + right) * 2 * vocabulary.size();
      slopes[i] = (float) Math.min(1, Math.log(input.times()[position / length]) / LOG_FIRST_TIME);
    }
    return new Places(offsets, slopes);
  }

  private INDArray logits(Places places) {
    int size = vocabulary.size();
    float[] table = parameters.toFloatVector();
    float[][] logits = new float[places.offsets().length][size];
    for (int i = 0; i < logits.length; i++) {
      int offset = places.offsets()[i];
      for (int v = 0; v < size; v++) {
        logits[i][v] = table[offset + v] + places.slopes()[i] * table[offset + size + v];
      }
    }
    return Nd4j.createFromArray(logits);
  }
}
