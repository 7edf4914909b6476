package org.md4j.model.layer;

import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sizes and parameter layout of one of our layers, as DL4J keeps them in a graph's configuration.
 * Immutable.
 *
 * <p>Parameters are always written from outside, by {@link #initialise}: DL4J would draw from
 * ND4J's global generator.
 */
public abstract class DenoiserLayerConfiguration extends GraphVertex {
  private static final long serialVersionUID = 1L;

  /** The layer's parameters. */
  abstract ParameterLayout parameterLayout();

  /**
   * Writes the initial values of a layer's parameters.
   *
   * @param parameters the layer's part of the flat vector, {@link #numParams} entries, overwritten
   * @param layer the layer's number, the example it reads of the table
   */
  public final void initialise(INDArray parameters, Uniforms uniforms, long layer) {
    parameterLayout().initialise(parameters, uniforms, layer);
  }

  /** The number of input arrays. */
  abstract int inputCount();

  /** Everything that tells two configurations of this class apart. */
  abstract Object identity();

  abstract DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type);

  @Override
  public final DenoiserLayer instantiate(
      ComputationGraph graph,
      String name,
      int idx,
      INDArray paramsView,
      boolean initializeParams,
      DataType networkDatatype) {
    if (initializeParams) {
      throw new IllegalStateException(
          "the graph's parameters must be given, got a request to draw them from ND4J's global"
              + " generator; build the network with its denoiser's create method, or initialise the"
              + " graph with init(parameters, false)");
    }
    return instantiate(graph, name, idx, paramsView, networkDatatype);
  }

  @Override
  public final long numParams(boolean backprop) {
    return parameterLayout().count();
  }

  @Override
  public final int minVertexInputs() {
    return inputCount();
  }

  @Override
  public final int maxVertexInputs() {
    return inputCount();
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    throw withoutInputTypes();
  }

  @Override
  public final MemoryReport getMemoryReport(InputType... inputTypes) {
    throw withoutInputTypes();
  }

  private IllegalStateException withoutInputTypes() {
    return new IllegalStateException(
        getClass().getSimpleName()
            + " has no DL4J input type: its inputs are token ids, positions and activations [B, N, D]"
            + " (N tokens, pixels or patches); build the graph without setInputTypes");
  }

  @Override
  public final GraphVertex clone() {
    return this;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof DenoiserLayerConfiguration that
        && getClass() == that.getClass()
        && identity().equals(that.identity());
  }

  @Override
  public final int hashCode() {
    return Objects.hash(getClass(), identity());
  }
}
