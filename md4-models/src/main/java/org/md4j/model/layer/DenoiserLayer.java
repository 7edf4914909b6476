package org.md4j.model.layer;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One of our layers inside a running graph: parameters and gradients as views of the graph's flat
 * vectors, and a forward and a backward pass on memory of its own.
 *
 * <p>What {@code doForward} returns is the layer's own buffer, valid until its next forward pass.
 * Backward passes expect the saved activations of the last forward pass and may destroy them.
 */
public abstract class DenoiserLayer extends BaseGraphVertex {
  private final INDArray parameterVector;
  private final Map<String, INDArray> parameters;
  private final ParameterLayout layout;
  private final Buffers buffers;
  private @Nullable Map<String, INDArray> gradients;
  private ReplicaContext context;

  DenoiserLayer(
      DenoiserLayerConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(graph, name, index, null, null, type);
    this.layout = configuration.parameterLayout();
    this.parameterVector = parameters;
    this.parameters = layout.views(parameters);
    this.buffers = new Buffers(type);
    this.context = new ReplicaContext(type);
  }

  /** Shares scratch memory and the state of the step with the other layers of the graph. */
  public final void attach(ReplicaContext context) {
    this.context = context;
  }

  /** Computes the layer's result for the given inputs. */
  abstract INDArray forward(INDArray[] inputs, boolean training);

  /**
   * Writes the parameters' gradients and returns those of the inputs, null for inputs without
   * gradient (token ids, positions).
   *
   * @param outputGradient gradient of the forward result, of its shape
   */
  abstract @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient);

  final ReplicaContext context() {
    return context;
  }

  final Buffers buffers() {
    return buffers;
  }

  /** The memory that this layer holds for activations of its own, in bytes. */
  public final long activationBytes() {
    return buffers.bytes();
  }

  final Buffers scratch() {
    return context.scratch();
  }

  /** The memory for logits, [wanted, V]: the caller's, or else this layer's own. */
  final INDArray logitsMemory(long wanted, long vocabularySize) {
    INDArray given = context.logitsMemory();
    return given == null ? buffers.matrix("logits", wanted, vocabularySize) : given;
  }

  final INDArray parameter(String name) {
    return present(parameters.get(name), name);
  }

  final INDArray gradient(String name) {
    if (gradients == null) {
      throw new IllegalStateException(
          "initGradientsView must be called on the graph before a backward pass");
    }
    return present(gradients.get(name), name);
  }

  private static INDArray present(@Nullable INDArray array, String name) {
    if (array == null) {
      throw new IllegalArgumentException("name (" + name + ") must be a parameter of this layer");
    }
    return array;
  }

  @Override
  public final INDArray doForward(boolean training, LayerWorkspaceMgr workspaceMgr) {
    return forward(inputs, training);
  }

  @Override
  public final Pair<Gradient, INDArray[]> doBackward(
      boolean tbptt, LayerWorkspaceMgr workspaceMgr) {
    INDArray[] inputGradients = backward(inputs, epsilon);
    Gradient named = new DefaultGradient();
    if (gradients != null) {
      gradients.forEach(named::setGradientFor);
    }
    return new Pair<>(named, inputGradients);
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray backpropGradientsViewArray) {
    gradients = layout.views(backpropGradientsViewArray);
  }

  @Override
  public final Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameters;
  }

  @Override
  public final INDArray params() {
    return parameterVector;
  }

  @Override
  @SuppressWarnings("overrides") // M2.1 declares this once with and once without varargs.
  public final void setInputs(INDArray... inputs) {
    super.setInputs(inputs);
  }

  @Override
  public final boolean hasLayer() {
    return false;
  }

  @Override
  public final @Nullable Layer getLayer() {
    return null;
  }

  @Override
  public final @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] maskArrays, MaskState currentMaskState, int minibatchSize) {
    return null;
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + getVertexName() + "]";
  }
}
