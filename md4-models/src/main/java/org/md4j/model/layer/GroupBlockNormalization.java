package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link GroupNormalization} with a learned gain and bias before a block's core, and a plain sum
 * after it: {@code joined = x + core}.
 */
final class GroupBlockNormalization implements BlockNormalization {
  private static final String NAME = "norm";

  private final DenoiserLayer layer;
  private final int width;
  private final GroupNormalization normalization;

  private INDArray pixels;

  GroupBlockNormalization(DenoiserLayer layer, int width, int groups) {
    this.layer = layer;
    this.width = width;
    this.normalization = new GroupNormalization(layer, NAME, groups, 0, 1, width);
    this.pixels = layer.buffers().matrix("group.none", 1, 1);
  }

  static void addParameters(ParameterLayout layout, int width) {
    GroupNormalization.addParameters(layout, NAME, width, 0);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable INDArray conditioning, INDArray selection) {
    long rows = x.size(0);
    long batch = selection.size(1);
    pixels = x.reshape('c', batch, rows / batch, width);
    INDArray y = layer.buffers().matrix("group.normalized", rows, width);
    normalization.forward(pixels, null, y.reshape('c', pixels.shape()));
    return y;
  }

  /** {@inheritDoc} A channel mask is not supported: attention over pixels has no dropout. */
  @Override
  public void join(INDArray core, INDArray x, @Nullable INDArray channelMask, INDArray out) {
    if (channelMask != null) {
      throw new IllegalArgumentException("channelMask (given) must be null");
    }
    core.addi(x, out);
  }

  @Override
  public INDArray joinBackward(INDArray outputGradient, INDArray core) {
    return layer.scratch().matrix("coreGradient", core.size(0), width).assign(outputGradient);
  }

  @Override
  public @Nullable INDArray backward(INDArray normalizedGradient, INDArray inputGradient) {
    normalization.backwardInPlace(
        new INDArray[] {pixels},
        new INDArray[] {normalizedGradient.reshape('c', pixels.shape())},
        null);
    inputGradient.addi(normalizedGradient);
    return null;
  }
}
