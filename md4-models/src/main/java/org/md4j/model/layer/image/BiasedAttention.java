package org.md4j.model.layer.image;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Attention;
import org.md4j.model.layer.BlockNormalization;
import org.md4j.model.layer.Dropout;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;
import org.md4j.model.layer.ResidualLayer;

/**
 * Attention of images, over pixels ({@link SpatialAttentionLayer}) or patches ({@link
 * PatchAttentionLayer}):
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
final class BiasedAttention extends ResidualLayer {
  private static final int PROBABILITY_MASK = 0;
  private static final int CHANNEL_MASK = 1;

  private final int heads;
  private final int width;
  private final Parameter weight = parameter("queryKeyValueWeight");
  private final Parameter bias = parameter("queryKeyValueBias");
  private final Parameter outputWeight = parameter("outputWeight");
  private final @Nullable Parameter outputBias;
  private final Memory queryKeyValue = operandMemory();
  private final Memory core = memory();
  private final Attention attention;
  private final Dropout probabilityDropout;
  private @Nullable Tensor probabilityMask;
  private @Nullable Tensor mixed;

  /**
   * The sizes of an attention block.
   *
   * @param conditioned true if the last input conditions the normalisation; else the output has a
   *     bias bo
   */
  record Sizes(int heads, int headSize, boolean conditioned, double dropout) {}

  BiasedAttention(Place place, Sizes sizes, Function<Layer, BlockNormalization> normalization) {
    super(place, sizes.heads() * sizes.headSize(), sizes.conditioned());
    this.heads = sizes.heads();
    this.width = sizes.heads() * sizes.headSize();
    this.outputBias = sizes.conditioned() ? null : parameter("outputBias");
    normalizeBy(normalization.apply(this));
    if (sizes.dropout() > 0) {
      dropChannels(new Dropout(this, sizes.dropout(), CHANNEL_MASK));
    }
    this.probabilityDropout = new Dropout(this, sizes.dropout(), PROBABILITY_MASK);
    this.attention = new Attention(this, heads, sizes.headSize(), false);
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

  private Attention.Heads heads(Tensor array, long batch, long length) {
    return new Attention.Heads(
        attention.heads(array, 0, batch, length),
        attention.heads(array, 1, batch, length),
        attention.heads(array, 2, batch, length));
  }

  @Override
  protected Tensor core(Tensor h, Tensor[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    long rows = batch * length;
    Tensor projected = queryKeyValue.of(rows, 3L * width);
    compute().affine(h, weight.operand(), bias.value(), projected);
    probabilityMask = probabilityDropout.draw(training, batch, heads * length * length);
    Tensor mix = attention.forward(heads(projected, batch, length), batch, length, probabilityMask);
    mixed = mix;
    Tensor result = core.of(rows, width);
    if (outputBias == null) {
      compute().product(mix, outputWeight.operand(), result);
    } else {
      compute().affine(mix, outputWeight.operand(), outputBias.value(), result);
    }
    return result;
  }

  @Override
  protected Tensor coreBackward(Tensor h, Tensor coreGradient, Tensor[] inputs) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    Tensor mix = Objects.requireNonNull(mixed);
    long rows = batch * length;
    if (outputBias != null) {
      compute().sumRows(coreGradient, outputBias.gradient(), accumulating());
    }
    Tensor dCore = operand(coreGradient);
    compute().product(mix.transposed(), dCore, outputWeight.gradient(), 1, accumulating());
    Tensor dMixed = operandScratch(rows, width);
    compute().product(dCore, outputWeight.operand().transposed(), dMixed);

    Tensor dProjected = operandScratch(rows, 3L * width);
    attention.backward(
        heads(queryKeyValue.of(rows, 3L * width), batch, length),
        batch,
        length,
        probabilityMask,
        mix,
        dMixed,
        heads(dProjected, batch, length));

    compute().sumRows(dProjected, bias.gradient(), accumulating());
    compute().product(h.transposed(), dProjected, weight.gradient(), 1, accumulating());
    Tensor dH = scratch(rows, width);
    compute().product(dProjected, weight.operand().transposed(), dH);
    return dH;
  }
}
