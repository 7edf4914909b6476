package org.md4j.model.layer;

import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The feed-forward half of a transformer block over patches of images ("DiT", Peebles and Xie,
 * arXiv 2212.09748, section 3.2, adaLN-Zero):
 *
 * <pre>
 * (shift, scale, gate) = swish(cond) Wm + bm      Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * out = x + gate * (gelu(h W1 + b1) W2 + b2)
 * </pre>
 *
 * <p>GELU is its approximation by tanh ({@link Gelu}). In training, dropout acts on its result,
 * entry by entry.
 */
final class PatchFeedForwardLayer extends ResidualLayer {
  private static final int HIDDEN_MASK = 0;

  /**
   * The arrays that the backward pass needs; {@code hidden} is twice the activation, after dropout.
   */
  private record Saved(
      INDArray h, INDArray argument, INDArray tanh, INDArray hidden, @Nullable INDArray mask) {}

  private final int width;
  private final int hiddenWidth;
  private @Nullable Saved saved;

  PatchFeedForwardLayer(
      PatchFeedForwardConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(
        configuration,
        configuration.width(),
        layer -> AdaptiveNormalization.ofImages(layer, configuration.width(), true),
        configuration.dropout(),
        NO_MASK,
        graph,
        name,
        index,
        parameters,
        type);
    this.width = configuration.width();
    this.hiddenWidth = configuration.hiddenWidth();
  }

  @Override
  INDArray core(INDArray h, long batch, long length, boolean training) {
    long rows = batch * length;
    INDArray argument = buffers().matrix("argument", rows, hiddenWidth);
    Operations.product(h, parameter("hiddenWeight"), argument, 1, 0);
    Operations.addToRows(argument, parameter("hiddenBias"), argument);
    INDArray tanh = buffers().matrix("tanh", rows, hiddenWidth);
    INDArray hidden = buffers().matrix("hidden", rows, hiddenWidth);
    Gelu.twiceForward(argument, tanh, hidden);
    INDArray mask = dropout().draw(training, HIDDEN_MASK, batch, length * hiddenWidth);
    if (mask != null) {
      hidden.muli(mask.reshape('c', rows, hiddenWidth));
    }
    INDArray core = buffers().matrix("core", rows, width);
    Operations.product(hidden, parameter("outputWeight"), core, 0.5, 0);
    Operations.addToRows(core, parameter("outputBias"), core);
    saved = new Saved(h, argument, tanh, hidden, mask);
    return core;
  }

  @Override
  INDArray coreBackward(INDArray dCore, long batch, long length) {
    Saved state = Objects.requireNonNull(saved);
    long rows = batch * length;
    double beta = context().gradientBeta();
    INDArray ones = scratch().ones("ones.rows", 1, rows);
    Operations.product(ones, dCore, gradient("outputBias").reshape(1, width), 1, beta);
    Operations.productTransposedFirst(state.hidden(), dCore, gradient("outputWeight"), 0.5, beta);
    INDArray dHidden = scratch().matrix("feedForward.dHidden", rows, hiddenWidth);
    Operations.productTransposedSecond(dCore, parameter("outputWeight"), dHidden, 0.5, 0);
    INDArray mask = state.mask();
    if (mask != null) {
      dHidden.muli(mask.reshape('c', rows, hiddenWidth));
    }
    Gelu.twiceBackwardInPlace(
        state.argument(),
        state.tanh(),
        dHidden,
        scratch().matrix("feedForward.work", rows, hiddenWidth));
    Operations.product(ones, dHidden, gradient("hiddenBias").reshape(1, hiddenWidth), 1, beta);
    Operations.productTransposedFirst(state.h(), dHidden, gradient("hiddenWeight"), 1, beta);
    INDArray dH = scratch().matrix("block.dH", rows, width);
    Operations.productTransposedSecond(dHidden, parameter("hiddenWeight"), dH, 1, 0);
    return dH;
  }
}
