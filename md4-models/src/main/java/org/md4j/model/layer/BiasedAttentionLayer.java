package org.md4j.model.layer;

import java.util.Objects;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention of images, over pixels ({@link SpatialAttentionConfiguration}) or patches ({@link
 * PatchAttentionConfiguration}):
 *
 * <pre>
 * h = norm(x)                                     [M, D]
 * (q, k, v) = h W + b                             heads of size s beside each other
 * O = softmax(q kᵀ / sqrt(s)) v                   for each example and head
 * out = x + gate * O Wo                           or x + gate * (O Wo + bo)
 * </pre>
 *
 * <p>A position is known by what was added to x before; there is no rotation. In training, dropout
 * acts on the attention probabilities, and by whole channels of an example on the block's result.
 */
final class BiasedAttentionLayer extends ResidualLayer {
  private static final int PROBABILITY_MASK = 0;
  private static final int CHANNEL_MASK = 1;

  /** The arrays of the forward pass that the backward pass needs. */
  private record Saved(
      INDArray h, INDArray queryKeyValue, INDArray mixed, @Nullable INDArray probabilityMask) {}

  private final int heads;
  private final int width;
  private final boolean outputBias;
  private final Attention attention;
  private @Nullable Saved saved;

  /**
   * Makes an attention block.
   *
   * @param outputBias true for a bias bo of the output
   */
  BiasedAttentionLayer(
      DenoiserLayerConfiguration configuration,
      int heads,
      int headSize,
      boolean outputBias,
      Function<DenoiserLayer, BlockNormalization> normalization,
      double dropout,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(
        configuration,
        heads * headSize,
        normalization,
        dropout,
        CHANNEL_MASK,
        graph,
        name,
        index,
        parameters,
        type);
    this.heads = heads;
    this.width = heads * headSize;
    this.outputBias = outputBias;
    this.attention = Attention.ofQueryKeyValue(this, heads, headSize);
  }

  /** Adds the parameters of the projections. */
  static void addParameters(ParameterLayout layout, int width, boolean outputBias) {
    Initialiser weight = Initialiser.truncatedNormal(1, width);
    layout
        .add("queryKeyValueWeight", weight, width, 3L * width)
        .add("queryKeyValueBias", Initialiser.zeros(), 3L * width)
        .add("outputWeight", weight, width, width);
    if (outputBias) {
      layout.add("outputBias", Initialiser.zeros(), width);
    }
  }

  @Override
  INDArray core(INDArray h, long batch, long length, boolean training) {
    long rows = batch * length;
    INDArray queryKeyValue = buffers().matrix("queryKeyValue", rows, 3L * width);
    Operations.product(h, parameter("queryKeyValueWeight"), queryKeyValue, 1, 0);
    Operations.addToRows(queryKeyValue, parameter("queryKeyValueBias"), queryKeyValue);
    INDArray mask = dropout().draw(training, PROBABILITY_MASK, batch, heads * length * length);
    INDArray mixed = attention.forward(queryKeyValue, queryKeyValue, batch, length, mask);
    INDArray core = buffers().matrix("core", rows, width);
    Operations.product(mixed, parameter("outputWeight"), core, 1, 0);
    if (outputBias) {
      Operations.addToRows(core, parameter("outputBias"), core);
    }
    saved = new Saved(h, queryKeyValue, mixed, mask);
    return core;
  }

  @Override
  INDArray coreBackward(INDArray dCore, long batch, long length) {
    Saved state = Objects.requireNonNull(saved);
    long rows = batch * length;
    double beta = context().gradientBeta();
    INDArray ones = scratch().ones("ones.rows", 1, rows);
    if (outputBias) {
      Operations.product(ones, dCore, gradient("outputBias").reshape(1, width), 1, beta);
    }
    Operations.productTransposedFirst(state.mixed(), dCore, gradient("outputWeight"), 1, beta);
    INDArray dMixed = scratch().matrix("attention.dMixed", rows, width);
    Operations.productTransposedSecond(dCore, parameter("outputWeight"), dMixed, 1, 0);

    INDArray dQueryKeyValue = scratch().matrix("attention.dQueryKeyValue", rows, 3L * width);
    attention.backward(
        state.queryKeyValue(),
        state.queryKeyValue(),
        batch,
        length,
        state.probabilityMask(),
        state.mixed(),
        dMixed,
        dQueryKeyValue,
        dQueryKeyValue);

    Operations.product(
        ones, dQueryKeyValue, gradient("queryKeyValueBias").reshape(1, 3L * width), 1, beta);
    Operations.productTransposedFirst(
        state.h(), dQueryKeyValue, gradient("queryKeyValueWeight"), 1, beta);
    INDArray dH = scratch().matrix("block.dH", rows, width);
    Operations.productTransposedSecond(dQueryKeyValue, parameter("queryKeyValueWeight"), dH, 1, 0);
    return dH;
  }
}
