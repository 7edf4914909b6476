package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Root-mean-square normalisation with a learned scale, for networks without conditioning (reference
 * code b9fbf29, networks/transformer.py):
 *
 * <pre>
 * y = g x / sqrt(mean(x²) + 1e-5);  joined = x + core
 * </pre>
 *
 * <p>g starts at one.
 */
final class ScaleNormalization implements BlockNormalization {
  private final DenoiserLayer layer;
  private final int width;

  private INDArray selection;
  private @Nullable INDArray channelMask;

  ScaleNormalization(DenoiserLayer layer, int width) {
    this.layer = layer;
    this.width = width;
    this.selection = layer.buffers().matrix("scale.none", 1, 1);
  }

  static void addParameters(ParameterLayout layout, int width) {
    layout.add("scale", Initialiser.ones(), width);
  }

  private INDArray buffer(String name, long rows, long columns) {
    return layer.buffers().matrix("scale." + name, rows, columns);
  }

  private INDArray scratch(String name, long rows, long columns) {
    return layer.scratch().matrix("scale." + name, rows, columns);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable INDArray conditioning, INDArray rowSelection) {
    selection = rowSelection;
    long rows = x.size(0);
    INDArray xHat = buffer("xHat", rows, width);
    INDArray reciprocalRoot = buffer("reciprocalRoot", rows, 1);
    Operations.square(x, xHat);
    Operations.product(
        xHat, layer.scratch().ones("ones.channels", width, 1), reciprocalRoot, 1.0 / width, 0);
    reciprocalRoot.addi(EPSILON);
    Operations.reciprocalSquareRootInPlace(reciprocalRoot);
    Operations.multiplyColumns(x, reciprocalRoot, xHat);
    INDArray y = buffer("normalized", rows, width);
    Operations.multiplyRows(xHat, layer.parameter("scale"), y);
    return y;
  }

  @Override
  public void join(INDArray core, INDArray x, @Nullable INDArray mask, INDArray out) {
    channelMask = mask;
    if (mask == null) {
      core.addi(x, out);
    } else {
      Operations.product(selection, mask, out, 1, 0);
      out.muli(core).addi(x);
    }
  }

  @Override
  public INDArray joinBackward(INDArray outputGradient, INDArray core) {
    INDArray coreGradient = layer.scratch().matrix("coreGradient", core.size(0), width);
    if (channelMask == null) {
      return coreGradient.assign(outputGradient);
    }
    Operations.product(selection, channelMask, coreGradient, 1, 0);
    return coreGradient.muli(outputGradient);
  }

  @Override
  public @Nullable INDArray backward(INDArray normalizedGradient, INDArray inputGradient) {
    long rows = inputGradient.size(0);
    INDArray xHat = buffer("xHat", rows, width);
    INDArray product = scratch("rows", rows, width);
    INDArray mean = scratch("mean", rows, 1);
    INDArray scaleGradient = layer.gradient("scale");
    normalizedGradient.muli(xHat, product);
    Operations.product(
        layer.scratch().ones("ones.rows", 1, rows),
        product,
        scaleGradient.reshape(1, width),
        1,
        layer.context().gradientBeta());

    // dx = (g - xHat mean(g xHat)) / root, with g = dy scale.
    Operations.multiplyRows(normalizedGradient, layer.parameter("scale"), normalizedGradient);
    normalizedGradient.muli(xHat, product);
    Operations.product(
        product, layer.scratch().ones("ones.channels", width, 1), mean, 1.0 / width, 0);
    Operations.multiplyColumns(xHat, mean, product);
    normalizedGradient.subi(product);
    Operations.multiplyColumns(
        normalizedGradient, buffer("reciprocalRoot", rows, 1), normalizedGradient);
    inputGradient.addi(normalizedGradient);
    return null;
  }
}
