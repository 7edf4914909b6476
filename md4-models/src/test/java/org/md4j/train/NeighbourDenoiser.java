package org.md4j.train;

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
 * The smallest network that learns from context: a position's logits are a row of one table picked
 * by its left neighbour plus a row of another picked by its right one (a border counts as a mask).
 * Linear, so its gradients are sums of the logits' gradients.
 */
final class NeighbourDenoiser implements TrainableDenoiser {
  private final Vocabulary vocabulary;
  private final INDArray parameters;
  private final INDArray gradients;
  private int[][] rowsAsked = new int[0][];

  private NeighbourDenoiser(Vocabulary vocabulary, INDArray parameters) {
    this.vocabulary = vocabulary;
    this.parameters = parameters;
    this.gradients = Nd4j.zeros(DataType.FLOAT, parameters.shape());
  }

  /** The shape of the network, which reads rows of any length. */
  record Config(Vocabulary vocabulary, int length) implements NetworkConfig {
    @Override
    public NeighbourDenoiser create(long seed, ComputeBackend backend) {
      return NeighbourDenoiser.create(vocabulary);
    }
  }

  /** A network that predicts every token to be equally likely. */
  static NeighbourDenoiser create(Vocabulary vocabulary) {
    int count = 2 * vocabulary.embeddingRows() * vocabulary.size();
    return new NeighbourDenoiser(vocabulary, Nd4j.zeros(DataType.FLOAT, 1, count));
  }

  @Override
  public Config config() {
    return new Config(vocabulary, 8);
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
    return logits(tableRows(input));
  }

  @Override
  public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    rowsAsked = tableRows(input);
    return logits(rowsAsked);
  }

  @Override
  public void backward(INDArray logitGradients, boolean accumulate) {
    float[] values = accumulate ? gradients.toFloatVector() : new float[(int) gradients.length()];
    float[][] given = logitGradients.toFloatMatrix();
    for (int i = 0; i < rowsAsked.length; i++) {
      for (int row : rowsAsked[i]) {
        for (int v = 0; v < vocabulary.size(); v++) {
          values[row * vocabulary.size() + v] += given[i][v];
        }
      }
    }
    gradients.assign(Nd4j.createFromArray(values).reshape(1, values.length));
  }

  @Override
  public NeighbourDenoiser replica() {
    return new NeighbourDenoiser(vocabulary, parameters);
  }

  /**
   * Which two rows of the tables, the second of which follows the first, a position's logits add.
   */
  private int[][] tableRows(DenoiserInput input) {
    TokenBatch tokens = input.tokens();
    int[][] rows = new int[input.positions().length][];
    for (int i = 0; i < rows.length; i++) {
      int position = input.positions()[i];
      int column = position % tokens.length();
      int left = column == 0 ? vocabulary.maskId() : tokens.token(position - 1);
      int right = column == tokens.length() - 1 ? vocabulary.maskId() : tokens.token(position + 1);
      rows[i] = new int[] {left, vocabulary.embeddingRows() + right};
    }
    return rows;
  }

  private INDArray logits(int[][] rows) {
    float[] table = parameters.toFloatVector();
    float[][] logits = new float[rows.length][vocabulary.size()];
    for (int i = 0; i < rows.length; i++) {
      for (int row : rows[i]) {
        for (int v = 0; v < vocabulary.size(); v++) {
          logits[i][v] += table[row * vocabulary.size() + v];
        }
      }
    }
    return Nd4j.createFromArray(logits);
  }
}
