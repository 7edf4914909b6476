package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One layer in double, outside any graph, with parameters and inputs drawn from a table, and the
 * laws that every layer obeys. Inputs of integers (token ids, wanted positions) have no gradient.
 */
public final class LayerProbe {
  /**
   * Central differences of step 1e-5 on a smooth loss of order 1 are off by about 1e-10; gradients
   * here are of order 0.1.
   */
  private static final double DIFFERENCE_TOLERANCE = 1e-7;

  /** Sums of the same numbers in another order, in double. */
  private static final double ROUNDING = 1e-12;

  private static final double STEP = 1e-5;
  private static final int LAYER = 3;

  /** The number of the batch's first row within the step. */
  private static final long FIRST = 7;

  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  private final LayerSpec configuration;
  private final DataType type;
  private final INDArray parameters;
  private final INDArray gradients;
  private final Layer layer;
  private final Replica replica;

  /** A layer whose zero-initialised weights are not zero, so that every path has a gradient. */
  public LayerProbe(LayerSpec configuration) {
    this(configuration, DataType.DOUBLE, Precision.F32);
  }

  private LayerProbe(LayerSpec configuration, DataType type, Precision precision) {
    this.configuration = configuration;
    this.type = type;
    long count = configuration.parameterLayout().count();
    this.parameters = vector(count, 0);
    this.gradients = vector(count, 9);
    configuration
        .parameterLayout()
        .initialise(parameters, new CounterRandom(1).uniforms(Purpose.INITIALISATION, 0), LAYER);
    if (count > 0) {
      parameters.addi(table(1, count).castTo(type));
    }
    this.replica = new Replica(ComputeBackend.nd4j(precision).open(type));
    this.layer =
        configuration.layer(new Place(configuration.parameterLayout(), parameters, LAYER, replica));
    layer.setGradients(gradients);
  }

  /** The same layer in mixed precision. */
  static LayerProbe inMixedPrecision(LayerSpec configuration) {
    return new LayerProbe(configuration, DataType.FLOAT, Precision.BF16);
  }

  private INDArray vector(long count, double value) {
    return count == 0 ? Nd4j.empty(type) : Nd4j.valueArrayOf(new long[] {count}, value, type);
  }

  /** Numbers in [-0.5, 0.5), another array for another number. */
  public static INDArray table(long number, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    new CounterRandom(2)
        .uniforms(Purpose.INITIALISATION, 1)
        .fill(number, 0, values, 0, values.length);
    return Nd4j.createFromArray(values).subi(0.5).reshape('c', shape);
  }

  public INDArray parameter(String name) {
    return layer.parameter(name).value().array();
  }

  private Tensor[] tensors(INDArray[] arrays) {
    return Arrays.stream(arrays)
        .map(array -> Tensor.of(array.isR() ? array.castTo(type) : array))
        .toArray(Tensor[]::new);
  }

  /** The result, in inference. */
  public INDArray infer(INDArray... inputs) {
    return layer.run(tensors(inputs), false).array().dup('c');
  }

  /** The result, in training. */
  public INDArray train(INDArray... inputs) {
    return train(FIRST, inputs);
  }

  private INDArray train(long firstExample, INDArray... inputs) {
    replica.setDropout(firstExample, DROPOUT);
    return layer.run(tensors(inputs), true).array().dup('c');
  }

  /** Copies of the gradients of the inputs, by a forward and a backward pass in training. */
  private @Nullable INDArray[] backward(
      boolean accumulating, long firstExample, INDArray coefficients, INDArray... inputs) {
    replica.setAccumulating(accumulating);
    train(firstExample, inputs);
    @Nullable Tensor[] returned =
        layer.runBackward(tensors(inputs), Tensor.of(coefficients.castTo(type).dup('c')));
    @Nullable INDArray[] copies = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].dataType() == DataType.INT32) {
        assertThat(returned[i]).as("gradient of input %d", i).isNull();
      } else {
        assertThat(returned[i].shape()).containsExactly(inputs[i].shape());
        copies[i] = returned[i].array().dup('c');
      }
    }
    return copies;
  }

  /** The numbers the layer holds for itself after a forward and a backward pass. */
  public long kept(INDArray... inputs) {
    return keptBytes(inputs) / Double.BYTES;
  }

  /** The bytes the layer holds for itself after a forward and a backward pass. */
  long keptBytes(INDArray... inputs) {
    backward(false, FIRST, coefficients(inputs), inputs);
    return layer.activationBytes();
  }

  private double[] gradients() {
    return gradients.isEmpty() ? new double[0] : gradients.dup().data().asDouble();
  }

  /** Central differences of sum(coefficients * result) at every parameter and input. */
  public void assertGradients(INDArray... inputs) {
    INDArray coefficients = coefficients(inputs);
    @Nullable INDArray[] inputGradients = backward(false, FIRST, coefficients, inputs);
    assertDifferences("parameter", parameters, gradients(), coefficients, inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (inputGradients[i] != null) {
        double[] gradient = inputGradients[i].data().asDouble();
        assertDifferences("input " + i, inputs[i], gradient, coefficients, inputs);
      }
    }
  }

  private INDArray coefficients(INDArray... inputs) {
    return table(99, train(inputs).shape());
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
    return train(inputs).muli(coefficients).sumNumber().doubleValue();
  }

  /** Accumulating adds to the gradients, not accumulating replaces them. */
  void assertAccumulates(INDArray... inputs) {
    INDArray coefficients = coefficients(inputs);
    backward(false, FIRST, coefficients, inputs);
    double[] once = gradients();
    backward(true, FIRST, coefficients, inputs);
    double[] twice = gradients();
    backward(false, FIRST, coefficients, inputs);
    assertThat(gradients()).isEqualTo(once);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * once[i], within(ROUNDING));
    }
  }

  /**
   * An example's result and gradients do not depend on the examples beside it, dropout or not.
   *
   * @param inputs the batch is the last one's first axis; wanted positions must be the same ones of
   *     every example
   */
  void assertExamplesAreIndependent(INDArray... inputs) {
    int batch = (int) inputs[inputs.length - 1].size(0);
    INDArray coefficients = coefficients(inputs);
    INDArray together = train(inputs);
    INDArray inferred = infer(inputs);
    @Nullable INDArray[] gradients = backward(false, FIRST, coefficients, inputs);
    for (int b = batch - 1; b >= 0; b--) {
      int example = b;
      INDArray[] alone =
          Arrays.stream(inputs)
              .map(input -> input.rank() == 1 ? part(input, 0, batch) : part(input, example, batch))
              .toArray(INDArray[]::new);
      assertClose(infer(alone), part(inferred, b, batch));
      assertClose(train(FIRST + b, alone), part(together, b, batch));
      @Nullable INDArray[] own = backward(false, FIRST + b, part(coefficients, b, batch), alone);
      for (int i = 0; i < own.length; i++) {
        if (own[i] != null) {
          assertClose(own[i], part(gradients[i], b, batch));
        }
      }
    }
  }

  /** One of equal parts along the first axis. */
  private static INDArray part(INDArray array, int number, int parts) {
    long[] shape = array.shape().clone();
    shape[0] /= parts;
    return array
        .reshape('c', parts, array.length() / parts)
        .getRow(number)
        .dup('c')
        .reshape('c', shape);
  }

  public static void assertClose(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).containsExactly(expected.shape());
    assertThat(actual.dup('c').data().asDouble())
        .usingComparatorWithPrecision(ROUNDING)
        .containsExactly(expected.dup('c').data().asDouble());
  }

  /** The configuration survives DL4J's JSON, every number in its place. */
  void assertSerialises() throws IOException {
    var mapper = NeuralNetConfiguration.mapper();
    LayerVertex vertex = new LayerVertex(configuration);
    String json = mapper.writeValueAsString(vertex);
    GraphVertex read = mapper.readValue(json, GraphVertex.class);
    assertThat(read).isEqualTo(vertex).hasSameHashCodeAs(vertex);
    assertThat(mapper.writeValueAsString(read)).isEqualTo(json);
  }
}
