package org.md4j.model.layer;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * The attention half of a transformer block, without the projection to its arguments: x [B, N, D]
 * to [B, N, D], D = heads * headSize.
 *
 * <pre>
 * h = norm(x; cond) [+ c * norm(x; cond)]         [M, D], M = B N
 * (q, k, v) = project(h)                          heads of size s beside each other
 * O = softmax(q kᵀ / sqrt(s)) v                   for each example and head
 * out = x + gate * O Wo                           or x + gate * (O Wo + bo)
 * </pre>
 *
 * <p>A kind of block is its projection and its normalisation. In training, dropout acts on the
 * attention probabilities, and by whole channels of an example on the block's result.
 */
@SuppressWarnings("this-escape") // Its parts take their memory from the layer they are of.
public abstract class AttentionBlock extends ResidualLayer {
  private static final String OUTPUT_WEIGHT = "outputWeight";
  private static final String OUTPUT_BIAS = "outputBias";
  private static final int PROBABILITY_MASK = 0;
  private static final int CHANNEL_MASK = 1;

  private final int heads;
  private final int width;
  private final Parameter outputWeight = parameter(OUTPUT_WEIGHT);
  private final Memory core = memory();
  private final Attention attention;
  private final Dropout probabilityDropout;
  private @Nullable Parameter outputBias;
  private @Nullable Tensor probabilityMask;
  private Attention.@Nullable Heads projected;
  private @Nullable Tensor mixed;

  /**
   * The sizes of an attention block.
   *
   * @param conditioned whether the last input is a conditioning vector, for the normalisation
   * @param dropout probability of dropout, in [0, 1)
   */
  public record Sizes(int heads, int headSize, boolean conditioned, double dropout) {
    /** The width D of the residual stream. */
    public int width() {
      return heads * headSize;
    }
  }

  /**
   * Makes a block without its normalisation and its projection.
   *
   * @param causal whether a position attends only to itself and to those before it
   */
  protected AttentionBlock(Place place, Sizes sizes, boolean causal) {
    super(place, sizes.width(), sizes.conditioned());
    this.heads = sizes.heads();
    this.width = sizes.width();
    dropChannels(new Dropout(this, sizes.dropout(), CHANNEL_MASK));
    this.probabilityDropout = new Dropout(this, sizes.dropout(), PROBABILITY_MASK);
    this.attention = new Attention(this, heads, sizes.headSize(), causal);
  }

  /**
   * Adds the parameters after the projection's: Wo [D, D] and, if wanted, bo [D].
   *
   * @param bias whether the block calls {@link #biasOutput}
   */
  public static void addOutputParameters(ParameterLayout layout, int width, boolean bias) {
    layout.addMatrix(OUTPUT_WEIGHT, Initialiser.truncatedNormal(1, width), width, width);
    if (bias) {
      layout.add(OUTPUT_BIAS, Initialiser.zeros(), width);
    }
  }

  /** Gives the result a bias bo, once, in the constructor of a kind; by default there is none. */
  protected final void biasOutput() {
    outputBias = parameter(OUTPUT_BIAS);
  }

  /**
   * Returns the heads of one of several parts that lie beside each other.
   *
   * @param array [B N, parts D]
   * @param part number of the part of the columns
   * @return [B, H, N, s], a strided view
   */
  protected final Tensor heads(Tensor array, int part, long batch, long length) {
    return attention.heads(array, part, batch, length);
  }

  /**
   * Computes the arguments of attention.
   *
   * @param h [B N, D]
   * @return views of the layer's own memory, kept unchanged until the backward pass
   */
  protected abstract Attention.Heads project(Tensor h, long batch, long length);

  /**
   * Writes the gradients of the projection's parameters.
   *
   * @param h as in the forward pass
   * @param attentionBackward overwrites the heads that it is given, of the form of those that
   *     {@link #project} returned, with their gradients; to be called once, first
   * @return the gradient of h, [B N, D], in scratch memory
   */
  protected abstract Tensor projectBackward(
      Tensor h, long batch, long length, Consumer<Attention.Heads> attentionBackward);

  @Override
  protected final Tensor core(Tensor h, Tensor[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    Attention.Heads given = project(h, batch, length);
    projected = given;
    probabilityMask = probabilityDropout.draw(training, batch, heads * length * length);
    Tensor mix = attention.forward(given, batch, length, probabilityMask);
    mixed = mix;
    Tensor result = core.of(batch * length, width);
    if (outputBias == null) {
      compute().product(mix, outputWeight.operand(), result);
    } else {
      compute().affine(mix, outputWeight.operand(), outputBias.value(), result);
    }
    return result;
  }

  @Override
  protected final Tensor coreBackward(Tensor h, Tensor coreGradient, Tensor[] inputs) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    Attention.Heads given = Objects.requireNonNull(projected);
    Tensor mix = Objects.requireNonNull(mixed);
    if (outputBias != null) {
      compute().sumRows(coreGradient, outputBias.gradient(), accumulating());
    }
    Tensor dCore = operand(coreGradient);
    compute().product(mix.transposed(), dCore, outputWeight.gradient(), 1, accumulating());
    Tensor dMixed = operandScratch(batch * length, width);
    compute().product(dCore, outputWeight.operand().transposed(), dMixed);
    return projectBackward(
        h,
        batch,
        length,
        gradients ->
            attention.backward(given, batch, length, probabilityMask, mix, dMixed, gradients));
  }
}
