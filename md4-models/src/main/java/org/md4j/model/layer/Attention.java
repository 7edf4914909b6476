package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Attention of several heads of size s within each example, without its projections:
 *
 * <pre>
 * O = softmax(q kᵀ / sqrt(s)) v                   for each example and head
 * </pre>
 *
 * <p>If causal, position n attends to positions 0..n: the other scores are lowered before the
 * softmax ({@link CausalMask}) until their probabilities are exactly 0. The backward pass needs no
 * mask of its own, since a score's gradient is a multiple of its probability.
 */
public final class Attention {
  /**
   * The most probabilities of a group of examples that attention runs over: large enough that short
   * rows do not pay for a call each, small enough that a group's probabilities, this many numbers,
   * stay in a core's cache.
   */
  private static final long GROUP_CELLS = 1 << 18;

  private final Layer layer;
  private final Compute compute;
  private final int heads;
  private final int headSize;
  private final boolean causal;
  private final double scale;
  private final Memory probabilityMemory;
  private final Memory mixedMemory;

  /**
   * The arguments, [B, H, N, s] each: views of arrays in which the heads of a position lie beside
   * each other, without copying.
   */
  public record Heads(Tensor query, Tensor key, Tensor value) {}

  /** Makes an attention within a layer. */
  public Attention(Layer layer, int heads, int headSize, boolean causal) {
    this.layer = layer;
    this.compute = layer.compute();
    this.heads = heads;
    this.headSize = headSize;
    this.causal = causal;
    this.scale = 1 / Math.sqrt(headSize);
    this.probabilityMemory = layer.operandMemory();
    this.mixedMemory = layer.operandMemory();
  }

  /**
   * Returns the heads of one of several parts that lie beside each other.
   *
   * @param array [B N, parts H s]
   * @param part number of the part of the columns
   * @return [B, H, N, s], a strided view
   */
  public Tensor heads(Tensor array, int part, long batch, long length) {
    long all = array.size(1) / headSize;
    return array
        .reshape(batch, length, all, headSize)
        .permute(0, 2, 1, 3)
        .interval(1, (long) part * heads, (part + 1L) * heads);
  }

  private Tensor probabilities(long batch, long length) {
    return probabilityMemory.of(batch, heads, length, length);
  }

  private Tensor mixed(long batch, long length) {
    return mixedMemory.of(batch * length, (long) heads * headSize);
  }

  private long groupSize(long batch, long length) {
    return Math.max(1, Math.min(batch, GROUP_CELLS / (heads * length * length)));
  }

  private static Tensor group(Tensor stack, long from, long to) {
    return stack.interval(0, from, to);
  }

  /**
   * Computes the result O, [B N, D], in the layer's own memory.
   *
   * @param probabilityMask dropout mask [B, H N N] of the attention probabilities, or null for none
   */
  public Tensor forward(Heads given, long batch, long length, @Nullable Tensor probabilityMask) {
    Tensor mixed = mixed(batch, length);
    Tensor mix = heads(mixed, 0, batch, length);
    Tensor all = probabilities(batch, length);
    CausalMask causalMask =
        causal ? layer.replica().shared(CausalMask.of((int) length, compute)) : null;
    long size = groupSize(batch, length);
    Tensor dropped =
        probabilityMask == null ? null : layer.operandScratch(size, heads, length, length);
    // Scores are exact where probabilities are rounded.
    Tensor scores =
        all.element() == compute.element() ? null : layer.scratch(size, heads, length, length);
    for (long from = 0; from < batch; from += size) {
      long to = Math.min(batch, from + size);
      Tensor p = group(all, from, to);
      Tensor groupScores = scores == null ? p : scores.interval(0, 0, to - from);
      compute.product(
          group(given.query(), from, to),
          group(given.key(), from, to).transposed(),
          groupScores,
          scale,
          false);
      if (causalMask != null) {
        causalMask.hideLaterPositions(groupScores);
      }
      compute.softmax(groupScores, p);
      compute.product(
          dropped(p, probabilityMask, dropped, from),
          group(given.value(), from, to),
          group(mix, from, to));
    }
    return mixed;
  }

  /** The attention probabilities of a group as they act: after dropout. */
  private Tensor dropped(Tensor p, @Nullable Tensor mask, @Nullable Tensor memory, long from) {
    if (mask == null || memory == null) {
      return p;
    }
    Tensor result = memory.interval(0, 0, p.size(0));
    compute.multiply(p, maskOf(p, mask, from), result);
    return result;
  }

  private static Tensor maskOf(Tensor p, Tensor mask, long from) {
    return mask.interval(0, from, from + p.size(0)).reshape(p.shape());
  }

  /**
   * Writes the gradients of the arguments of the last forward pass.
   *
   * @param mixed the result of that pass
   * @param dMixed its gradient, [B N, D]
   * @param gradients overwritten
   */
  public void backward(
      Heads given,
      long batch,
      long length,
      @Nullable Tensor probabilityMask,
      Tensor mixed,
      Tensor dMixed,
      Heads gradients) {
    Tensor delta = delta(batch, length, mixed, dMixed);
    Tensor all = probabilities(batch, length);
    Tensor dMix = heads(dMixed, 0, batch, length);
    long size = groupSize(batch, length);
    Tensor dropped =
        probabilityMask == null ? null : layer.operandScratch(size, heads, length, length);
    Tensor scoreGradients = layer.operandScratch(size, heads, length, length);
    Tensor probabilityGradients = layer.unrounded(scoreGradients);
    for (long from = 0; from < batch; from += size) {
      long to = Math.min(batch, from + size);
      Tensor p = group(all, from, to);
      Tensor acting = dropped(p, probabilityMask, dropped, from);
      Tensor dO = group(dMix, from, to);
      compute.product(acting.transposed(), dO, group(gradients.value(), from, to));
      Tensor dP = probabilityGradients.interval(0, 0, to - from);
      compute.product(dO, group(given.value(), from, to).transposed(), dP);
      if (probabilityMask != null) {
        compute.multiply(dP, maskOf(p, probabilityMask, from), dP);
      }
      Tensor dScores = scoreGradients.interval(0, 0, to - from);
      compute.softmaxGradient(p, dP, group(delta, from, to), dScores);
      compute.product(
          dScores, group(given.key(), from, to), group(gradients.query(), from, to), scale, false);
      compute.product(
          dScores.transposed(),
          group(given.query(), from, to),
          group(gradients.key(), from, to),
          scale,
          false);
    }
  }

  /**
   * The term that softmax's backward pass subtracts, {@code dS = P (dP - delta)}, [B, H, N, 1]:
   * rowsum(dP P), which equals the sum of {@code dO O} over a head's channels, dropout or not.
   */
  private Tensor delta(long batch, long length, Tensor mixed, Tensor dMixed) {
    long rows = batch * length;
    Tensor products = layer.scratch(rows, (long) heads * headSize);
    compute.multiply(dMixed, mixed, products);
    Tensor delta = layer.scratch(batch, length, heads, 1);
    compute.sumColumns(products.reshape(rows * heads, headSize), delta.reshape(rows * heads, 1));
    return delta.permute(0, 2, 1, 3);
  }
}
