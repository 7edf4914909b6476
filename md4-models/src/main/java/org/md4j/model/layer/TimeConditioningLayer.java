package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns time features f, and class vectors c if there are any, into a conditioning vector
 * (reference code b9fbf29, models/backward.py), hidden width 4 C:
 *
 * <pre>
 * cond = swish(f W1 + b1) W2 + b2          or          cond = swish([f, c] W1 + b1) W2 + b2
 * </pre>
 *
 * <p>W1 is one matrix of 2 C rows, of which the parameter hiddenClassWeight is the lower half: ND4J
 * 1.0.0-M2.1 may take an interval of the rows of a view for empty, so it is never cut.
 *
 * <p>Its arrays have one row an example, so it is written for clarity: nothing here shows in a
 * profile.
 */
final class TimeConditioningLayer extends DenoiserLayer {
  private final int width;

  TimeConditioningLayer(
      TimeConditioningConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.width = configuration.width();
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    INDArray hidden = buffers().matrix("hidden", batch, 4L * width);
    INDArray sigmoid = buffers().matrix("sigmoid", batch, 4L * width);
    INDArray swish = buffers().matrix("swish", batch, 4L * width);
    INDArray out = buffers().matrix("out", batch, width);
    Operations.product(inputs[0], parameter("hiddenWeight"), hidden, 1, 0);
    if (inputs.length > 1) {
      Operations.product(inputs[1], parameter("hiddenClassWeight"), hidden, 1, 1);
    }
    Operations.addToRows(hidden, parameter("hiddenBias"), hidden);
    ConditioningActivation.sigmoidInPlace(sigmoid.assign(hidden));
    hidden.muli(sigmoid, swish);
    Operations.product(swish, parameter("outputWeight"), out, 1, 0);
    Operations.addToRows(out, parameter("outputBias"), out);
    return out;
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    long batch = inputs[0].size(0);
    double beta = context().gradientBeta();
    INDArray hidden = buffers().matrix("hidden", batch, 4L * width);
    INDArray sigmoid = buffers().matrix("sigmoid", batch, 4L * width);
    INDArray swish = buffers().matrix("swish", batch, 4L * width);
    INDArray ones = scratch().ones("ones.batch", 1, batch);

    Operations.productTransposedFirst(swish, outputGradient, gradient("outputWeight"), 1, beta);
    Operations.product(ones, outputGradient, gradient("outputBias").reshape(1, width), 1, beta);
    INDArray dHidden = scratch().matrix("time.dHidden", batch, 4L * width);
    Operations.productTransposedSecond(outputGradient, parameter("outputWeight"), dHidden, 1, 0);
    // swish' = s (1 + z (1 - s)) with s = sigmoid(z)
    dHidden.muli(sigmoid.rsub(1).muli(hidden).addi(1).muli(sigmoid));
    Operations.productTransposedFirst(inputs[0], dHidden, gradient("hiddenWeight"), 1, beta);
    Operations.product(ones, dHidden, gradient("hiddenBias").reshape(1, 4L * width), 1, beta);
    if (inputs.length == 1) {
      return new INDArray[] {null};
    }
    Operations.productTransposedFirst(inputs[1], dHidden, gradient("hiddenClassWeight"), 1, beta);
    INDArray dClass = buffers().matrix("dClass", batch, width);
    Operations.productTransposedSecond(dHidden, parameter("hiddenClassWeight"), dClass, 1, 0);
    return new INDArray[] {null, dClass};
  }
}
