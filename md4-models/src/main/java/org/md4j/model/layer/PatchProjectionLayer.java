package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns patches back into pixels ("final layer" of Peebles and Xie, arXiv 2212.09748, section 3.2):
 *
 * <pre>
 * (shift, scale) = swish(cond) Wm + bm            Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * out = pixels(h W + b)                           [T, D] x [D, p p C] for each example; W, b zero
 * </pre>
 */
final class PatchProjectionLayer extends DenoiserLayer {
  private final PatchProjectionConfiguration configuration;
  private final Patches patches;
  private final int width;
  private final AdaptiveNormalization normalization;
  private @Nullable INDArray saved;

  PatchProjectionLayer(
      PatchProjectionConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.patches = configuration.patches();
    this.width = configuration.transformerWidth();
    this.normalization = AdaptiveNormalization.ofImages(this, width, false);
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long count = patches.count();
    INDArray x = inputs[0].reshape('c', batch * count, width);
    INDArray h = normalization.forward(x, inputs[1], context().selection(batch, count));
    INDArray projected = scratch().matrix("patch.rows", batch * count, patches.patchWidth());
    Operations.product(h, parameter("pixelWeight"), projected, 1, 0);
    Operations.addToRows(projected, parameter("pixelBias"), projected);
    INDArray out = buffers().matrix("out", batch * count, patches.patchWidth());
    patches.toPixels(projected, out);
    saved = h;
    return out.reshape(
        'c',
        batch,
        (long) configuration.height() * configuration.width(),
        configuration.channels());
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray h = saved;
    if (h == null) {
      throw new IllegalStateException("a forward pass must come before a backward pass");
    }
    long batch = inputs[0].size(0);
    long rows = batch * patches.count();
    int patchWidth = patches.patchWidth();
    double beta = context().gradientBeta();
    INDArray dProjected = scratch().matrix("patch.rows", rows, patchWidth);
    patches.toPatches(outputGradient, dProjected);
    Operations.product(
        scratch().ones("ones.rows", 1, rows),
        dProjected,
        gradient("pixelBias").reshape('c', 1, patchWidth),
        1,
        beta);
    Operations.productTransposedFirst(h, dProjected, gradient("pixelWeight"), 1, beta);
    INDArray dH = scratch().matrix("block.dH", rows, width);
    Operations.productTransposedSecond(dProjected, parameter("pixelWeight"), dH, 1, 0);
    INDArray dX = buffers().matrix("dX", rows, width).assign(0);
    INDArray dConditioning = normalization.backward(dH, dX);
    return new INDArray[] {dX.reshape('c', inputs[0].shape()), dConditioning};
  }
}
