package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

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
final class Attention {
  /**
   * The most probabilities of a group of examples that attention runs over: large enough that short
   * rows do not pay for a call each, small enough that a group's probabilities, this many numbers,
   * stay in a core's cache.
   */
  private static final long GROUP_CELLS = 1 << 18;

  private final DenoiserLayer layer;
  private final int heads;
  private final int headSize;
  private final boolean causal;
  private final double scale;

  private final ExampleViews queries;
  private final ExampleViews keys;
  private final ExampleViews values;
  private final ExampleViews mixes;
  private final ExampleViews probabilityViews;
  private final ExampleViews queryGradients;
  private final ExampleViews keyGradients;
  private final ExampleViews valueGradients;
  private final ExampleViews mixGradients;
  private final ExampleViews deltas = ExampleViews.blocks();
  private final ExampleViews maskViews = ExampleViews.blocks();

  private Attention(
      DenoiserLayer layer,
      int heads,
      int headSize,
      boolean causal,
      int queryKeyParts,
      int valuePart,
      int valueParts) {
    this.layer = layer;
    this.heads = heads;
    this.headSize = headSize;
    this.causal = causal;
    this.scale = 1 / Math.sqrt(headSize);
    this.queries = ExampleViews.heads(0, queryKeyParts, heads, headSize);
    this.keys = ExampleViews.heads(1, queryKeyParts, heads, headSize);
    this.values = ExampleViews.heads(valuePart, valueParts, heads, headSize);
    this.mixes = ExampleViews.heads(0, 1, heads, headSize);
    this.probabilityViews = ExampleViews.stacked(heads);
    this.queryGradients = ExampleViews.heads(0, queryKeyParts, heads, headSize);
    this.keyGradients = ExampleViews.heads(1, queryKeyParts, heads, headSize);
    this.valueGradients = ExampleViews.heads(valuePart, valueParts, heads, headSize);
    this.mixGradients = ExampleViews.heads(0, 1, heads, headSize);
  }

  /**
   * Makes an attention on queries and keys beside each other, [M, 2 D], and on values of their own,
   * [M, D].
   */
  static Attention ofQueryKeyAndValue(
      DenoiserLayer layer, int heads, int headSize, boolean causal) {
    return new Attention(layer, heads, headSize, causal, 2, 0, 1);
  }

  /**
   * Makes an attention on queries, keys and values beside each other, [M, 3 D]: one array stands
   * for both arguments below.
   */
  static Attention ofQueryKeyValue(DenoiserLayer layer, int heads, int headSize) {
    return new Attention(layer, heads, headSize, false, 3, 2, 3);
  }

  private int width() {
    return heads * headSize;
  }

  private INDArray probabilities(long batch, long length) {
    return layer.buffers().matrix("probabilities", batch * heads * length, length);
  }

  /**
   * Computes the result O, [M, D], in the layer's own memory.
   *
   * @param probabilityMask dropout mask [B, H N N] of the attention probabilities, or null for none
   */
  INDArray forward(
      INDArray queryKey,
      INDArray valueArray,
      long batch,
      long length,
      @Nullable INDArray probabilityMask) {
    INDArray mixed = layer.buffers().matrix("mixed", batch * length, width());
    long group = groupSize(batch, length);
    INDArray[] query = queries.of(queryKey, batch, group);
    INDArray[] key = keys.of(queryKey, batch, group);
    INDArray[] value = values.of(valueArray, batch, group);
    INDArray[] mix = mixes.of(mixed, batch, group);
    INDArray[] probabilities = probabilityViews.of(probabilities(batch, length), batch, group);
    INDArray[] masks = masks(probabilityMask, batch, group);
    CausalMask causalMask = causal ? layer.context().causalMask((int) length) : null;
    for (int g = 0; g < probabilities.length; g++) {
      Operations.productTransposedSecond(query[g], key[g], probabilities[g], scale, 0);
      if (causalMask != null) {
        causalMask.hideLaterPositions(probabilities[g]);
      }
      Operations.softmaxInPlace(probabilities[g]);
      Operations.product(dropped(probabilities, masks, g), value[g], mix[g], 1, 0);
    }
    return mixed;
  }

  private long groupSize(long batch, long length) {
    return Math.max(1, Math.min(batch, GROUP_CELLS / (heads * length * length)));
  }

  /** The dropout masks by group, or none. */
  private INDArray[] masks(@Nullable INDArray mask, long batch, long group) {
    return mask == null ? new INDArray[0] : maskViews.of(mask, batch, group);
  }

  /** The attention probabilities of a group as they act: after dropout. */
  private INDArray dropped(INDArray[] probabilities, INDArray[] masks, int g) {
    INDArray group = probabilities[g];
    if (masks.length == 0) {
      return group;
    }
    INDArray result = scratchLike("attention.dropped", group);
    return group.muli(masks[g].reshape('c', group.shape()), result);
  }

  private INDArray scratchLike(String name, INDArray group) {
    long columns = group.size(3);
    return layer
        .scratch()
        .matrix(name, group.length() / columns, columns)
        .reshape('c', group.shape());
  }

  /**
   * Writes the gradients of the arguments of the last forward pass.
   *
   * @param mixed the result of that pass
   * @param dMixed its gradient
   * @param dQueryKey overwritten, as is dValueArray
   */
  void backward(
      INDArray queryKey,
      INDArray valueArray,
      long batch,
      long length,
      @Nullable INDArray probabilityMask,
      INDArray mixed,
      INDArray dMixed,
      INDArray dQueryKey,
      INDArray dValueArray) {
    long group = groupSize(batch, length);
    INDArray[] delta = deltas.of(delta(batch, length, mixed, dMixed), batch, group);
    INDArray[] query = queries.of(queryKey, batch, group);
    INDArray[] key = keys.of(queryKey, batch, group);
    INDArray[] value = values.of(valueArray, batch, group);
    INDArray[] probabilities = probabilityViews.of(probabilities(batch, length), batch, group);
    INDArray[] masks = masks(probabilityMask, batch, group);
    INDArray[] dMix = mixGradients.of(dMixed, batch, group);
    INDArray[] dQuery = queryGradients.of(dQueryKey, batch, group);
    INDArray[] dKey = keyGradients.of(dQueryKey, batch, group);
    INDArray[] dValue = valueGradients.of(dValueArray, batch, group);
    for (int g = 0; g < probabilities.length; g++) {
      INDArray acting = dropped(probabilities, masks, g);
      Operations.productTransposedFirst(acting, dMix[g], dValue[g], 1, 0);
      INDArray dScores = scratchLike("attention.dScores", probabilities[g]);
      Operations.productTransposedSecond(dMix[g], value[g], dScores, 1, 0);
      if (masks.length > 0) {
        dScores.muli(masks[g].reshape('c', dScores.shape()));
      }
      INDArray dScoreRows = dScores.reshape('c', dScores.length() / length, length);
      Operations.subtractFromColumns(dScoreRows, delta[g], dScoreRows);
      dScores.muli(probabilities[g]);
      Operations.product(dScores, key[g], dQuery[g], scale, 0);
      Operations.productTransposedFirst(dScores, query[g], dKey[g], scale, 0);
    }
  }

  /**
   * The term that softmax's backward pass subtracts, {@code dS = P (dP - delta)}, [B H N, 1]:
   * rowsum(dP P), which equals the sum of {@code dO O} over a head's channels, dropout or not.
   */
  private INDArray delta(long batch, long length, INDArray mixed, INDArray dMixed) {
    long rows = batch * length;
    INDArray products = layer.scratch().matrix("attention.products", rows, width());
    dMixed.muli(mixed, products);
    INDArray byPosition = layer.scratch().matrix("attention.deltaByPosition", rows * heads, 1);
    Operations.product(
        products.reshape('c', rows * heads, headSize),
        layer.scratch().ones("ones.head", headSize, 1),
        byPosition,
        1,
        0);
    INDArray delta = layer.scratch().matrix("attention.delta", rows * heads, 1);
    delta
        .reshape('c', batch, heads, length)
        .assign(byPosition.reshape('c', batch, length, heads).permute(0, 2, 1));
    return delta;
  }
}
