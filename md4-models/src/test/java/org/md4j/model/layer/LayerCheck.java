package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One layer on its own, in double, with parameters that are nowhere zero: runs it and holds its
 * backward pass against central differences at every parameter and every input.
 */
final class LayerCheck {
  /** Central differences of step 1e-5 on a smooth loss of order 1 are off by about 1e-9. */
  private static final double DIFFERENCE_TOLERANCE = 2e-7;

  /** Sums of the same numbers in another order, in double. */
  static final double ROUNDING = 1e-11;

  private static final double STEP = 1e-5;
  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  private final DenoiserLayer layer;
  private final ReplicaContext context = new ReplicaContext(DataType.DOUBLE);
  private final ComputationGraph graph;

  LayerCheck(DenoiserLayerConfiguration configuration) {
    ComputationGraphConfiguration.GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.DOUBLE)
            .miniBatch(false)
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder();
    String[] names =
        IntStream.range(0, configuration.inputCount())
            .mapToObj(i -> "input" + i)
            .toArray(String[]::new);
    builder.addInputs(names).addVertex("layer", configuration, names).setOutputs("layer");
    graph = new ComputationGraph(builder.build());
    long count = configuration.numParams(true);
    graph.init(
        count == 0 ? Nd4j.empty(DataType.DOUBLE) : random(7, count).reshape(1, count), false);
    layer = (DenoiserLayer) graph.getVertex("layer");
    layer.attach(context);
    context.setDropout(4, DROPOUT);
    if (count > 0) {
      graph.initGradientsView();
    }
  }

  /** Numbers in [-1, 1) of a shape, the same for the same seed. */
  static INDArray random(long seed, long... shape) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.TOKEN, 0);
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    return Nd4j.createFromArray(
            IntStream.range(0, count).mapToDouble(i -> 2 * uniforms.at(0, i) - 1).toArray())
        .reshape('c', shape);
  }

  INDArray parameter(String name) {
    return layer.parameter(name);
  }

  INDArray forward(boolean training, INDArray... inputs) {
    return layer.forward(inputs, training).dup('c');
  }

  /** Asserts that gradients are central differences; integer inputs have none. */
  void backwardEqualsCentralDifferences(INDArray... inputs) {
    INDArray coefficients = random(11, forward(true, inputs).shape());
    context.setAccumulating(false);
    forward(true, inputs);
    INDArray[] inputGradients = layer.backward(inputs, coefficients.dup('c'));
    INDArray[] kept = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      kept[i] = inputGradients[i] == null ? null : inputGradients[i].dup('c');
    }
    INDArray parameterGradients = gradients();
    if (parameterGradients.length() > 0) {
      assertDifferences("parameter", parameterGradients, layer.params(), coefficients, inputs);
      gradientsAddUpIfAskedTo(parameterGradients, coefficients, inputs);
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].dataType() == DataType.DOUBLE) {
        assertThat(kept[i]).as("gradient of input %d", i).isNotNull();
        assertDifferences("input " + i, kept[i], inputs[i], coefficients, inputs);
      } else {
        assertThat(kept[i]).isNull();
      }
    }
  }

  private INDArray gradients() {
    return graph.getFlattenedGradients() == null
        ? Nd4j.empty(DataType.DOUBLE)
        : graph.getFlattenedGradients().dup('c');
  }

  private void gradientsAddUpIfAskedTo(INDArray once, INDArray coefficients, INDArray... inputs) {
    context.setAccumulating(true);
    forward(true, inputs);
    layer.backward(inputs, coefficients.dup('c'));
    context.setAccumulating(false);
    double[] expected = once.mul(2).data().asDouble();
    double[] twice = gradients().data().asDouble();
    for (int i = 0; i < expected.length; i++) {
      assertThat(twice[i]).as("accumulated %d", i).isCloseTo(expected[i], within(ROUNDING));
    }
  }

  private void assertDifferences(
      String what, INDArray gradient, INDArray values, INDArray coefficients, INDArray... inputs) {
    INDArray flat = values.reshape(values.length());
    double[] expected = gradient.dup('c').data().asDouble();
    for (int i = 0; i < expected.length; i++) {
      double original = flat.getDouble(i);
      flat.putScalar(i, original + STEP);
      double above = loss(coefficients, inputs);
      flat.putScalar(i, original - STEP);
      double below = loss(coefficients, inputs);
      flat.putScalar(i, original);
      assertThat(expected[i])
          .as("%s, entry %d", what, i)
          .isCloseTo((above - below) / (2 * STEP), within(DIFFERENCE_TOLERANCE));
    }
  }

  private double loss(INDArray coefficients, INDArray... inputs) {
    return layer.forward(inputs, true).mul(coefficients).sumNumber().doubleValue();
  }
}
