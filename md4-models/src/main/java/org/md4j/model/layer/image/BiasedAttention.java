package org.md4j.model.layer.image;

import java.util.function.Consumer;
import java.util.function.Function;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Attention;
import org.md4j.model.layer.AttentionBlock;
import org.md4j.model.layer.BlockNormalization;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;
import org.md4j.model.layer.ShortConvolution;

/**
 * Attention of images, over pixels ({@link SpatialAttentionLayer}) or patches ({@link
 * PatchAttentionLayer}): an {@link AttentionBlock} with one projection, which has a bias.
 *
 * <pre>
 * (q, k, v) = h W + b                             heads of size s beside each other
 * </pre>
 *
 * <p>A position is known by what was added to x before; there is no rotation.
 */
final class BiasedAttention extends AttentionBlock {
  private final int width;
  private final Parameter weight = parameter("queryKeyValueWeight");
  private final Parameter bias = parameter("queryKeyValueBias");
  private final Memory queryKeyValue = operandMemory();

  /**
   * Makes an attention block.
   *
   * @param outputBias whether the output has a bias bo
   * @param shortConvolution taps w of the {@link ShortConvolution} of h, odd, or 0 for none
   * @param normalization makes the block's normalisation
   */
  BiasedAttention(
      Place place,
      Sizes sizes,
      boolean outputBias,
      int shortConvolution,
      Function<Layer, BlockNormalization> normalization) {
    super(place, sizes, false);
    this.width = sizes.width();
    normalizeBy(normalization.apply(this));
    if (outputBias) {
      biasOutput();
    }
    if (shortConvolution > 0) {
      convolveBy(new ShortConvolution(this, shortConvolution, false));
    }
  }

  /** Adds the parameters of the projections. */
  static void addParameters(ParameterLayout layout, int width, boolean outputBias) {
    layout
        .addMatrix("queryKeyValueWeight", Initialiser.truncatedNormal(1, width), width, 3L * width)
        .add("queryKeyValueBias", Initialiser.zeros(), 3L * width);
    addOutputParameters(layout, width, outputBias);
  }

  private Attention.Heads heads(Tensor array, long batch, long length) {
    return new Attention.Heads(
        heads(array, 0, batch, length),
        heads(array, 1, batch, length),
        heads(array, 2, batch, length));
  }

  @Override
  protected Attention.Heads project(Tensor h, long batch, long length) {
    Tensor projected = queryKeyValue.of(h.size(0), 3L * width);
    compute().affine(h, weight.operand(), bias.value(), projected);
    return heads(projected, batch, length);
  }

  @Override
  protected Tensor projectBackward(
      Tensor h, long batch, long length, Consumer<Attention.Heads> attentionBackward) {
    Tensor dProjected = operandScratch(h.size(0), 3L * width);
    attentionBackward.accept(heads(dProjected, batch, length));

    compute().sumRows(dProjected, bias.gradient(), accumulating());
    compute().product(h.transposed(), dProjected, weight.gradient(), 1, accumulating());
    Tensor dH = scratch(h.size(0), width);
    compute().product(dProjected, weight.operand().transposed(), dH);
    return dH;
  }
}
