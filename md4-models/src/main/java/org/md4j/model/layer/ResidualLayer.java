package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * A block on the residual stream, which normalises, transforms and adds.
 *
 * <pre>
 * out = x + gate * channelMask * core(norm(x; cond))
 * </pre>
 *
 * <p>A kind of block is its core and its normalisation. Between them may be a {@link
 * ShortConvolution}. In training, dropout may act by whole channels of an example on the core's
 * result.
 */
@SuppressWarnings("this-escape") // Its memory knows the layer it is of.
public abstract class ResidualLayer extends Layer {
  private final int width;
  private final boolean conditioned;
  private final Memory out = memory();
  private @Nullable BlockNormalization normalization;
  private @Nullable ShortConvolution convolution;
  private @Nullable Dropout channelDropout;
  private @Nullable Tensor normalized;
  private @Nullable Tensor coreArgument;
  private @Nullable Tensor coreResult;

  /**
   * Makes a block without its normalisation and its core.
   *
   * @param width D
   * @param conditioned whether the last input is a conditioning vector, for the normalisation
   */
  protected ResidualLayer(Place place, int width, boolean conditioned) {
    super(place);
    this.width = width;
    this.conditioned = conditioned;
  }

  /** Sets the normalisation, once, in the constructor of a kind of block. */
  protected final void normalizeBy(BlockNormalization blockNormalization) {
    normalization = blockNormalization;
  }

  /** Sets the convolution of what is normalised, once, in the constructor; by default none. */
  protected final void convolveBy(ShortConvolution shortConvolution) {
    convolution = shortConvolution;
  }

  /** Sets the dropout of whole channels, once, in the constructor; by default there is none. */
  protected final void dropChannels(Dropout dropout) {
    channelDropout = dropout;
  }

  /**
   * Applies the block's transformation and keeps what {@link #coreBackward} needs.
   *
   * @param h [B N, D], normalised and, if at all, convolved; kept unchanged until the backward pass
   * @param inputs the layer's, the first of them x [B, N, D]
   * @return [B N, D], in the layer's own memory
   */
  protected abstract Tensor core(Tensor h, Tensor[] inputs, boolean training);

  /**
   * Writes the gradients of the core's parameters.
   *
   * @param h as in the forward pass
   * @param coreGradient [B N, D], not to be changed
   * @return the gradient of h, [B N, D], in scratch memory
   */
  protected abstract Tensor coreBackward(Tensor h, Tensor coreGradient, Tensor[] inputs);

  private BlockNormalization normalization() {
    if (normalization == null) {
      throw new IllegalStateException("normalizeBy must be called in the layer's constructor");
    }
    return normalization;
  }

  @Override
  protected final Tensor forward(Tensor[] inputs, boolean training) {
    Tensor x = inputs[0];
    long batch = x.size(0);
    long length = x.size(1);
    Tensor h = normalization().forward(x, conditioned ? inputs[inputs.length - 1] : null);
    Tensor argument = convolution == null ? h : convolution.forward(h);
    Tensor core =
        core(argument.reshape(batch * length, width), inputs, training)
            .reshape(batch, length, width);
    Tensor result = out.of(batch, length, width);
    Tensor mask = channelDropout == null ? null : channelDropout.draw(training, batch, width);
    normalization().join(core, x, mask, result);
    normalized = h;
    coreArgument = argument;
    coreResult = core;
    return result;
  }

  @Override
  protected final @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
    Tensor core = coreResult;
    Tensor h = normalized;
    Tensor argument = coreArgument;
    if (core == null || h == null || argument == null) {
      throw new IllegalStateException("a forward pass must come before a backward pass");
    }
    Tensor x = inputs[0];
    long batch = x.size(0);
    long length = x.size(1);
    Tensor dCore = normalization().joinBackward(outputGradient, core);
    Tensor dH =
        coreBackward(
                argument.reshape(batch * length, width),
                dCore.reshape(batch * length, width),
                inputs)
            .reshape(batch, length, width);
    if (convolution != null) {
      convolution.backward(h, dH);
    }
    // The core's result was needed for the last time: its memory takes the gradient of x.
    Tensor dConditioning = normalization().backward(x, dH, outputGradient, core);
    @Nullable Tensor[] gradients = new Tensor[inputs.length];
    gradients[0] = core;
    if (conditioned) {
      gradients[inputs.length - 1] = dConditioning;
    }
    return gradients;
  }
}
