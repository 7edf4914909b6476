package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One layer in double, outside any graph, with parameters and inputs drawn from a table, and the
 * laws that every layer of real inputs obeys.
 */
final class LayerProbe {
  /**
   * Central differences of step 1e-5 on a smooth loss of order 1 are off by about 1e-10; gradients
   * here are of order 0.1.
   */
  private static final double DIFFERENCE_TOLERANCE = 1e-7;

  /** Sums of the same numbers in another order, in double. */
  private static final double ROUNDING = 1e-12;

  private static final double STEP = 1e-5;
  private static final int LAYER = 3;
  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  private final DenoiserLayerConfiguration configuration;
  private final INDArray parameters;
  private final INDArray gradients;
  private final DenoiserLayer layer;
  private final ReplicaContext context = new ReplicaContext(DataType.DOUBLE);

  /** A layer whose zero-initialised weights are not zero, so that every path has a gradient. */
  LayerProbe(DenoiserLayerConfiguration configuration) {
    this.configuration = configuration;
    long count = configuration.parameterLayout().count();
    this.parameters = Nd4j.createUninitialized(DataType.DOUBLE, count);
    this.gradients = Nd4j.valueArrayOf(new long[] {count}, 9.0, DataType.DOUBLE);
    configuration.initialise(
        parameters, new CounterRandom(1).uniforms(Purpose.INITIALISATION, 0), LAYER);
    parameters.addi(table(1, (int) count).reshape(count));
    this.layer = configuration.instantiate(null, "layer", LAYER, parameters, DataType.DOUBLE);
    layer.setBackpropGradientsViewArray(gradients);
    layer.attach(context);
  }

  /** Numbers in [-0.5, 0.5), another array for another number. */
  static INDArray table(long number, int... shape) {
    int length = 1;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      length *= shape[i];
      sizes[i] = shape[i];
    }
    double[] values = new double[length];
    new CounterRandom(2)
        .uniforms(Purpose.INITIALISATION, 1)
        .fill(number, 0, values, 0, values.length);
    return Nd4j.createFromArray(values).subi(0.5).reshape('c', sizes);
  }

  DenoiserLayer layer() {
    return layer;
  }

  INDArray parameters() {
    return parameters;
  }

  /** The result, in training, of a batch whose first row has a number. */
  INDArray train(long firstExample, INDArray... inputs) {
    context.setDropout(firstExample, DROPOUT);
    return layer.forward(inputs, true).dup('c');
  }

  /** The gradients of the inputs by a forward and a backward pass in training. */
  @Nullable INDArray[] backward(boolean accumulating, INDArray coefficients, INDArray... inputs) {
    context.setAccumulating(accumulating);
    train(7, inputs);
    return layer.backward(inputs, coefficients.dup('c'));
  }

  double[] gradients() {
    return gradients.dup().data().asDouble();
  }

  /** Central differences of sum(coefficients * result) at every parameter and input. */
  void assertGradients(INDArray... inputs) {
    INDArray coefficients = coefficients(inputs);
    @Nullable INDArray[] returned = backward(false, coefficients, inputs);
    List<double[]> inputGradients = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      inputGradients.add(returned[i].dup('c').data().asDouble());
      assertThat(returned[i].shape()).containsExactly(inputs[i].shape());
    }
    assertDifferences("parameter", parameters, gradients(), coefficients, inputs);
    for (int i = 0; i < inputs.length; i++) {
      assertDifferences("input " + i, inputs[i], inputGradients.get(i), coefficients, inputs);
    }
  }

  private INDArray coefficients(INDArray... inputs) {
    long[] shape = train(7, inputs).shape();
    int[] sizes = new int[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (int) shape[i];
    }
    return table(99, sizes);
  }

  private void assertDifferences(
      String name, INDArray values, double[] actual, INDArray coefficients, INDArray... inputs) {
    INDArray flat = values.reshape(values.length());
    for (int i = 0; i < actual.length; i++) {
      double original = flat.getDouble(i);
      flat.putScalar(i, original + STEP);
      double above = loss(coefficients, inputs);
      flat.putScalar(i, original - STEP);
      double below = loss(coefficients, inputs);
      flat.putScalar(i, original);
      assertThat(actual[i])
          .as("%s entry %d", name, i)
          .isCloseTo((above - below) / (2 * STEP), within(DIFFERENCE_TOLERANCE));
    }
  }

  private double loss(INDArray coefficients, INDArray... inputs) {
    return train(7, inputs).muli(coefficients).sumNumber().doubleValue();
  }

  /** Accumulating adds to the gradients, not accumulating replaces them. */
  void assertAccumulates(INDArray... inputs) {
    INDArray coefficients = coefficients(inputs);
    backward(false, coefficients, inputs);
    double[] once = gradients();
    backward(true, coefficients, inputs);
    double[] twice = gradients();
    backward(false, coefficients, inputs);
    assertThat(gradients()).isEqualTo(once);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * once[i], within(ROUNDING));
    }
  }

  /** An example's result and gradients do not depend on the examples beside it, dropout or not. */
  void assertRowsAreIndependent(INDArray... inputs) {
    long batch = inputs[0].size(0);
    INDArray coefficients = coefficients(inputs);
    INDArray together = train(7, inputs);
    @Nullable INDArray[] back = backward(false, coefficients, inputs);
    INDArray[] gradientsTogether = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      gradientsTogether[i] = back[i].dup('c');
    }
    for (long b = batch - 1; b >= 0; b--) {
      INDArray[] row = new INDArray[inputs.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = row(inputs[i], b);
      }
      assertClose(train(7 + b, row), row(together, b));
      @Nullable INDArray[] alone = layer.backward(row, row(coefficients, b));
      for (int i = 0; i < row.length; i++) {
        assertClose(alone[i], row(gradientsTogether[i], b));
      }
    }
  }

  static INDArray row(INDArray array, long row) {
    long[] shape = array.shape().clone();
    shape[0] = 1;
    return array
        .reshape('c', array.size(0), array.length() / array.size(0))
        .get(NDArrayIndex.interval(row, row + 1), NDArrayIndex.all())
        .dup('c')
        .reshape('c', shape);
  }

  static void assertClose(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).containsExactly(expected.shape());
    assertThat(actual.dup('c').data().asDouble())
        .usingComparatorWithPrecision(ROUNDING)
        .containsExactly(expected.dup('c').data().asDouble());
  }

  /** The configuration survives DL4J's JSON. */
  void assertSerialises() throws IOException {
    var mapper = NeuralNetConfiguration.mapper();
    String json = mapper.writeValueAsString(configuration);
    assertThat(mapper.readValue(json, GraphVertex.class)).isEqualTo(configuration);
  }
}
