package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The output head (reference code b9fbf29, networks/transformer.py) at the wanted positions only:
 * {@code logits = norm(x[positions]; cond) W}, no bias, W zero at the start and not tied to the
 * embedding.
 *
 * <p>Half the positions are masked on average in training, and few are revealed in a sampling step;
 * the others are never computed.
 */
final class LogitHeadLayer extends DenoiserLayer {
  private final LogitHeadConfiguration configuration;
  private final BlockNormalization normalization;
  private @Nullable INDArray saved;

  LogitHeadLayer(
      LogitHeadConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.normalization =
        BlockNormalization.of(
            this, configuration.width(), configuration.conditioningWidth(), false);
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray positions = inputs[0];
    long batch = inputs[1].size(0);
    long length = inputs[1].size(1);
    long wanted = positions.length();
    int width = configuration.width();
    INDArray x = inputs[1].reshape('c', batch * length, width);
    INDArray conditioning = inputs.length > 2 ? inputs[2] : null;

    INDArray chosen = scratch().matrix("head.chosen", wanted, width);
    Operations.gatherRows(x, positions, chosen);
    INDArray selection = buffers().matrix("selection", wanted, batch);
    Operations.gatherRows(context().selection(batch, length), positions, selection);
    INDArray h = normalization.forward(chosen, conditioning, selection);
    INDArray logits = logitsMemory(wanted, configuration.vocabularySize());
    Operations.product(h, parameter("logitWeight"), logits, 1, 0);
    saved = h;
    return logits;
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray h = saved;
    if (h == null) {
      throw new IllegalStateException("a forward pass must come before a backward pass");
    }
    INDArray positions = inputs[0];
    long batch = inputs[1].size(0);
    long length = inputs[1].size(1);
    long wanted = positions.length();
    int width = configuration.width();
    Operations.productTransposedFirst(
        h, outputGradient, gradient("logitWeight"), 1, context().gradientBeta());
    INDArray dH = scratch().matrix("head.dH", wanted, width);
    Operations.productTransposedSecond(outputGradient, parameter("logitWeight"), dH, 1, 0);
    INDArray dChosen = scratch().matrix("head.dChosen", wanted, width).assign(0);
    INDArray dConditioning = normalization.backward(dH, dChosen);

    INDArray dX = buffers().matrix("dX", batch * length, width).assign(0);
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_upd")
            .addInputs(dX, positions, dChosen)
            .addOutputs(dX)
            .build());
    INDArray dInput = dX.reshape('c', batch, length, width);
    return inputs.length > 2
        ? new INDArray[] {null, dInput, dConditioning}
        : new INDArray[] {null, dInput};
  }
}
