package org.md4j.model.layer.text;

import java.util.function.Consumer;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Attention;
import org.md4j.model.layer.AttentionBlock;
import org.md4j.model.layer.BlockNormalization;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;
import org.md4j.model.layer.RotaryEmbedding;
import org.md4j.model.layer.ShortConvolution;

/**
 * The attention half of a transformer block (reference code b9fbf29, networks/transformer.py): x
 * [B, N, D] and, if conditioned, cond [B, C] to [B, N, D], D = heads * headSize:
 *
 * <pre>
 * h = norm(x; cond)                               with a short convolution h + c * h
 * (q, k) = rotate(h Wqk);  v = h Wv               heads of size s beside each other
 * O = softmax(q kᵀ / sqrt(s)) v                   for each example and head
 * out = x + gate * (O Wo)
 * </pre>
 *
 * <p>No bias. In training, dropout acts on the attention probabilities, and by whole channels of an
 * example on the result of Wo.
 *
 * @param conditioningWidth C, or 0 for none
 * @param dropout probability of dropout, in [0, 1)
 * @param causal whether a position attends only to itself and to those before it, and its short
 *     convolution reads no other
 * @param shortConvolution taps w of the {@link ShortConvolution}, odd, or 0 for none
 */
public record SelfAttentionLayer(
    int heads,
    int headSize,
    int conditioningWidth,
    double dropout,
    boolean causal,
    int shortConvolution)
    implements LayerSpec {
  private int width() {
    return heads * headSize;
  }

  @Override
  public ParameterLayout parameterLayout() {
    int width = width();
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, true);
    layout
        .addMatrix("queryKeyWeight", Initialiser.truncatedNormal(1, width), width, 2L * width)
        .addMatrix("valueWeight", Initialiser.truncatedNormal(1, width), width, width);
    AttentionBlock.addOutputParameters(layout, width, false);
    ShortConvolution.addParameters(layout, shortConvolution, width);
    return layout;
  }

  @Override
  public int inputCount() {
    return conditioningWidth > 0 ? 2 : 1;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private AttentionBlock.Sizes sizes() {
    return new AttentionBlock.Sizes(heads, headSize, conditioningWidth > 0, dropout);
  }

  private static final class Running extends AttentionBlock {
    private final SelfAttentionLayer spec;
    private final int width;
    private final Parameter queryKeyWeight = parameter("queryKeyWeight");
    private final Parameter valueWeight = parameter("valueWeight");
    private final Memory queryKey = operandMemory();
    private final Memory value = operandMemory();

    Running(SelfAttentionLayer spec, Place place) {
      super(place, spec.sizes(), spec.causal());
      this.spec = spec;
      this.width = spec.width();
      normalizeBy(BlockNormalization.of(this, width, spec.conditioningWidth(), true));
      if (spec.shortConvolution() > 0) {
        convolveBy(new ShortConvolution(this, spec.shortConvolution(), spec.causal()));
      }
    }

    private RotaryEmbedding rotary(long length) {
      return replica()
          .shared(new RotaryEmbedding((int) length, 2 * spec.heads(), spec.headSize(), compute()));
    }

    private Attention.Heads heads(Tensor queryKeys, Tensor values, long batch, long length) {
      return new Attention.Heads(
          heads(queryKeys, 0, batch, length),
          heads(queryKeys, 1, batch, length),
          heads(values, 0, batch, length));
    }

    @Override
    protected Attention.Heads project(Tensor h, long batch, long length) {
      long rows = h.size(0);
      Tensor queryKeys = queryKey.of(rows, 2L * width);
      Tensor values = value.of(rows, width);
      Tensor rotated = unrounded(queryKeys);
      compute().product(h, queryKeyWeight.operand(), rotated);
      rotary(length).rotateInPlace(rotated, scratch(rows, 2L * width));
      round(rotated, queryKeys);
      compute().product(h, valueWeight.operand(), values);
      return heads(queryKeys, values, batch, length);
    }

    @Override
    protected Tensor projectBackward(
        Tensor h, long batch, long length, Consumer<Attention.Heads> attentionBackward) {
      long rows = h.size(0);
      Tensor dQueryKey = scratch(rows, 2L * width);
      Tensor dValue = operandScratch(rows, width);
      attentionBackward.accept(heads(dQueryKey, dValue, batch, length));
      rotary(length).rotateBackInPlace(dQueryKey, scratch(rows, 2L * width));

      Tensor dRotated = operand(dQueryKey);
      compute().product(h.transposed(), dRotated, queryKeyWeight.gradient(), 1, accumulating());
      compute().product(h.transposed(), dValue, valueWeight.gradient(), 1, accumulating());
      Tensor dH = scratch(rows, width);
      compute().product(dRotated, queryKeyWeight.operand().transposed(), dH);
      compute().product(dValue, valueWeight.operand().transposed(), dH, 1, true);
      return dH;
    }
  }
}
