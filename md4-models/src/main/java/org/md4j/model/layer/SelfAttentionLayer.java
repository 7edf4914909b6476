package org.md4j.model.layer;

import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The attention half of a transformer block (reference code b9fbf29, networks/transformer.py),
 * bidirectional or causal:
 *
 * <pre>
 * h = norm(x; cond)                               [M, D]
 * (q, k) = rotate(h Wqk), v = h Wv                heads of size s beside each other
 * O = softmax(q kᵀ / sqrt(s)) v                   for each example and head
 * out = x + gate * O Wo
 * </pre>
 *
 * <p>Projections have no bias. In training, dropout acts on the attention probabilities too.
 */
final class SelfAttentionLayer extends ResidualLayer {
  private static final int PROBABILITY_MASK = 0;
  private static final int CHANNEL_MASK = 1;

  /** The arrays of the forward pass that the backward pass needs. */
  private record Saved(
      INDArray h,
      INDArray queryKey,
      INDArray value,
      INDArray mixed,
      @Nullable INDArray probabilityMask) {}

  private final SelfAttentionConfiguration configuration;
  private final int width;
  private final int heads;
  private final Attention attention;
  private @Nullable Saved saved;

  SelfAttentionLayer(
      SelfAttentionConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(
        configuration,
        configuration.width(),
        layer ->
            BlockNormalization.of(
                layer, configuration.width(), configuration.conditioningWidth(), true),
        configuration.dropout(),
        CHANNEL_MASK,
        graph,
        name,
        index,
        parameters,
        type);
    this.configuration = configuration;
    this.width = configuration.width();
    this.heads = configuration.heads();
    this.attention =
        Attention.ofQueryKeyAndValue(this, heads, configuration.headSize(), configuration.causal());
  }

  @Override
  INDArray core(INDArray h, long batch, long length, boolean training) {
    long rows = batch * length;
    INDArray queryKey = buffers().matrix("queryKey", rows, 2L * width);
    INDArray value = buffers().matrix("value", rows, width);
    Operations.product(h, parameter("queryKeyWeight"), queryKey, 1, 0);
    Operations.product(h, parameter("valueWeight"), value, 1, 0);
    rotary(length).rotateInPlace(queryKey, scratch().matrix("attention.rotary", rows, 2L * width));

    INDArray mask = dropout().draw(training, PROBABILITY_MASK, batch, heads * length * length);
    INDArray mixed = attention.forward(queryKey, value, batch, length, mask);
    INDArray core = buffers().matrix("core", rows, width);
    Operations.product(mixed, parameter("outputWeight"), core, 1, 0);
    saved = new Saved(h, queryKey, value, mixed, mask);
    return core;
  }

  private RotaryEmbedding rotary(long length) {
    return context().rotary((int) length, 2 * heads, configuration.headSize());
  }

  @Override
  INDArray coreBackward(INDArray dCore, long batch, long length) {
    Saved state = Objects.requireNonNull(saved);
    long rows = batch * length;
    double beta = context().gradientBeta();
    Operations.productTransposedFirst(state.mixed(), dCore, gradient("outputWeight"), 1, beta);
    INDArray dMixed = scratch().matrix("attention.dMixed", rows, width);
    Operations.productTransposedSecond(dCore, parameter("outputWeight"), dMixed, 1, 0);

    INDArray dQueryKey = scratch().matrix("attention.dQueryKey", rows, 2L * width);
    INDArray dValue = scratch().matrix("attention.dValue", rows, width);
    attention.backward(
        state.queryKey(),
        state.value(),
        batch,
        length,
        state.probabilityMask(),
        state.mixed(),
        dMixed,
        dQueryKey,
        dValue);
    rotary(length)
        .rotateBackInPlace(dQueryKey, scratch().matrix("attention.rotary", rows, 2L * width));

    Operations.productTransposedFirst(state.h(), dQueryKey, gradient("queryKeyWeight"), 1, beta);
    Operations.productTransposedFirst(state.h(), dValue, gradient("valueWeight"), 1, beta);
    INDArray dH = scratch().matrix("block.dH", rows, width);
    Operations.productTransposedSecond(dQueryKey, parameter("queryKeyWeight"), dH, 1, 0);
    Operations.productTransposedSecond(dValue, parameter("valueWeight"), dH, 1, 1);
    return dH;
  }
}
