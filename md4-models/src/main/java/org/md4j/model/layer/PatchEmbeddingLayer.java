package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns images into one vector a patch (Dosovitskiy et al., arXiv 2010.11929, section 3.1): a
 * convolution of p x p pixels with stride p, written as one product on rearranged pixels ({@link
 * Patches}), and a trained vector a position:
 *
 * <pre>
 * out = patches(x) W + b + position               [T, p p C] x [p p C, D] for each example
 * </pre>
 */
final class PatchEmbeddingLayer extends DenoiserLayer {
  private final Patches patches;
  private final int width;

  PatchEmbeddingLayer(
      PatchEmbeddingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.patches = configuration.patches();
    this.width = configuration.transformerWidth();
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long count = patches.count();
    INDArray rearranged = buffers().matrix("patches", batch * count, patches.patchWidth());
    patches.toPatches(inputs[0], rearranged);

    // Bias and position first, as what the product is added to: one pass less over the result.
    INDArray start = scratch().matrix("patch.start", 1, count * width);
    Operations.addToRows(
        parameter("position"), parameter("patchBias"), start.reshape('c', count, width));
    INDArray out = buffers().matrix("out", batch * count, width);
    Operations.product(
        scratch().ones("ones.examples", batch, 1),
        start,
        out.reshape('c', batch, count * width),
        1,
        0);
    Operations.product(rearranged, parameter("patchWeight"), out, 1, 1);
    return out.reshape('c', batch, count, width);
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    long batch = inputs[0].size(0);
    long count = patches.count();
    double beta = context().gradientBeta();
    INDArray dOut = outputGradient.reshape('c', batch * count, width);
    INDArray dStart = scratch().matrix("patch.dStart", 1, count * width);
    Operations.product(
        scratch().ones("ones.batch", 1, batch),
        dOut.reshape('c', batch, count * width),
        dStart,
        1,
        0);
    INDArray dPosition = gradient("position").reshape('c', 1, count * width);
    if (beta == 0) {
      dPosition.assign(dStart);
    } else {
      dPosition.addi(dStart);
    }
    Operations.product(
        scratch().ones("ones.patches", 1, count),
        dStart.reshape('c', count, width),
        gradient("patchBias").reshape('c', 1, width),
        1,
        beta);
    INDArray rearranged = buffers().matrix("patches", batch * count, patches.patchWidth());
    Operations.productTransposedFirst(rearranged, dOut, gradient("patchWeight"), 1, beta);
    INDArray dPatches = scratch().matrix("patch.rows", batch * count, patches.patchWidth());
    Operations.productTransposedSecond(dOut, parameter("patchWeight"), dPatches, 1, 0);
    INDArray dX = buffers().matrix("dX", 1, dPatches.length()).reshape('c', inputs[0].shape());
    patches.toPixels(dPatches, dX);
    return new INDArray[] {dX};
  }
}
