package org.md4j.model.layer;

import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A block on the residual stream, which normalises, transforms and adds.
 *
 * <pre>
 * out = x + gate * channelMask * core(norm(x; cond))
 * </pre>
 *
 * <p>A kind of block is its core and its normalisation. In training, dropout may act by whole
 * channels of an example on the core's result.
 */
abstract class ResidualLayer extends DenoiserLayer {
  /** The number of a channel mask where there is none. */
  static final int NO_MASK = -1;

  private final int width;
  private final BlockNormalization normalization;
  private final DropoutMasks dropout;
  private final int channelMask;
  private @Nullable INDArray coreResult;

  /**
   * Makes a block without its core.
   *
   * @param width D
   * @param normalization makes the kind of normalisation for this layer
   * @param dropout rate of the masks
   * @param channelMask the number of the channel mask among the layer's masks, which is part of the
   *     random stream, so it must not change; or {@link #NO_MASK}
   */
  ResidualLayer(
      DenoiserLayerConfiguration configuration,
      int width,
      Function<DenoiserLayer, BlockNormalization> normalization,
      double dropout,
      int channelMask,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.width = width;
    this.normalization = normalization.apply(this);
    this.dropout = new DropoutMasks(this, dropout);
    this.channelMask = channelMask;
  }

  /**
   * Applies the block's transformation and keeps what {@link #coreBackward} needs.
   *
   * @param h [B N, D], normalised, kept unchanged until the backward pass
   * @return [B N, D], in the layer's own memory
   */
  abstract INDArray core(INDArray h, long batch, long length, boolean training);

  /**
   * Writes the gradients of the core's parameters.
   *
   * @param coreGradient [B N, D] in scratch memory
   * @return the gradient of h, [B N, D], in scratch memory
   */
  abstract INDArray coreBackward(INDArray coreGradient, long batch, long length);

  /** The masks of this layer's dropout. */
  final DropoutMasks dropout() {
    return dropout;
  }

  @Override
  final INDArray forward(INDArray[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    INDArray x = inputs[0].reshape('c', batch * length, width);
    INDArray conditioning = inputs.length > 1 ? inputs[1] : null;
    INDArray h = normalization.forward(x, conditioning, context().selection(batch, length));
    INDArray core = core(h, batch, length, training);
    INDArray out = buffers().matrix("out", batch * length, width);
    normalization.join(core, x, channelMask(batch, training), out);
    coreResult = core;
    return out.reshape('c', batch, length, width);
  }

  private @Nullable INDArray channelMask(long batch, boolean training) {
    return channelMask == NO_MASK ? null : dropout.draw(training, channelMask, batch, width);
  }

  @Override
  final @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray core = coreResult;
    if (core == null) {
      throw new IllegalStateException("a forward pass must come before a backward pass");
    }
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    INDArray dOut = outputGradient.reshape('c', batch * length, width);
    INDArray dH = coreBackward(normalization.joinBackward(dOut, core), batch, length);
    INDArray dX = core.assign(dOut); // The core's result was needed for the last time.
    INDArray dConditioning = normalization.backward(dH, dX);
    INDArray dInput = dX.reshape('c', batch, length, width);
    return inputs.length > 1 ? new INDArray[] {dInput, dConditioning} : new INDArray[] {dInput};
  }
}
