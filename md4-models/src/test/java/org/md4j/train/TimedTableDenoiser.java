package org.md4j.train;

import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
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

  private final Vocabulary vocabulary;
  private final INDArray parameters;
  private final INDArray gradients;
  private Places asked = new Places(new int[0], new float[0]);

  private TimedTableDenoiser(Vocabulary vocabulary, INDArray parameters) {
    this.vocabulary = vocabulary;
    this.parameters = parameters;
    this.gradients = Nd4j.zeros(DataType.FLOAT, parameters.shape());
  }

  /** Where each position's logits are in the table, and the factor of their slope. */
  private record Places(int[] offsets, float[] slopes) {}

  /** A network that predicts every token to be equally likely. */
  static TimedTableDenoiser create(Vocabulary vocabulary) {
    int rows = 2 * vocabulary.embeddingRows() * vocabulary.embeddingRows();
    return new TimedTableDenoiser(
        vocabulary, Nd4j.zeros(DataType.FLOAT, 1, (long) rows * 2 * vocabulary.size()));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
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
    asked = places(input);
    return logits(asked);
  }

  @Override
  public void backward(INDArray logitGradients, boolean accumulate) {
    int size = vocabulary.size();
    float[] values = accumulate ? gradients.toFloatVector() : new float[(int) gradients.length()];
    float[][] given = logitGradients.toFloatMatrix();
    for (int i = 0; i < given.length; i++) {
      int offset = asked.offsets()[i];
      for (int v = 0; v < size; v++) {
        values[offset + v] += given[i][v];
        values[offset + size + v] += asked.slopes()[i] * given[i][v];
      }
    }
    gradients.assign(Nd4j.createFromArray(values).reshape(1, values.length));
  }

  @Override
  public TimedTableDenoiser replica() {
    return new TimedTableDenoiser(vocabulary, parameters);
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
