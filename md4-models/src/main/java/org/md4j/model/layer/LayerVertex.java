package org.md4j.model.layer;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Tensor;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer of ours as DL4J keeps it in a graph's configuration, and inside DL4J's graph: the one
 * place where the two meet. {@link LayerNetwork} runs the layers itself; DL4J's own executor runs
 * them as well, a little slower.
 *
 * <p>Parameters are always written from outside: DL4J would draw them from ND4J's global generator.
 */
public final class LayerVertex extends GraphVertex {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final LayerSpec spec;

  /** Makes the vertex of a layer. */
  public LayerVertex(@JsonProperty("spec") LayerSpec spec) {
    this.spec = Objects.requireNonNull(spec, "spec");
  }

  /** The layer's sizes. */
  public LayerSpec spec() {
    return spec;
  }

  @Override
  public Running instantiate(
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
    return new Running(spec, graph, name, idx, paramsView, networkDatatype);
  }

  @Override
  public long numParams(boolean backprop) {
    return spec.parameterLayout().count();
  }

  @Override
  public int minVertexInputs() {
    return spec.inputCount();
  }

  @Override
  public int maxVertexInputs() {
    return spec.inputCount();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    throw withoutInputTypes();
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputTypes) {
    throw withoutInputTypes();
  }

  private IllegalStateException withoutInputTypes() {
    return new IllegalStateException(
        spec.getClass().getSimpleName()
            + " has no DL4J input type: its inputs are token ids, positions and activations [B, N, D]"
            + " (N tokens, pixels or patches); build the graph without setInputTypes");
  }

  @Override
  public GraphVertex clone() {
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LayerVertex that && spec.equals(that.spec);
  }

  @Override
  public int hashCode() {
    return spec.hashCode();
  }

  /** A layer inside a DL4J graph. */
  static final class Running extends BaseGraphVertex {
    private final LayerSpec spec;
    private final INDArray parameterVector;
    private final DataType type;
    private org.md4j.model.layer.@Nullable Layer layer;
    private @Nullable INDArray gradientVector;

    Running(
        LayerSpec spec,
        ComputationGraph graph,
        String name,
        int index,
        INDArray parameters,
        DataType type) {
      super(graph, name, index, null, null, type);
      this.spec = spec;
      this.parameterVector = parameters;
      this.type = type;
    }

    LayerSpec spec() {
      return spec;
    }

    /** Puts the layer to work with the others of its network. */
    org.md4j.model.layer.Layer attach(Replica replica) {
      org.md4j.model.layer.Layer made =
          spec.layer(new Place(spec.parameterLayout(), parameterVector, getVertexIndex(), replica));
      if (gradientVector != null) {
        made.setGradients(gradientVector);
      }
      layer = made;
      return made;
    }

    /** The layer; one that nobody attached computes for itself. */
    org.md4j.model.layer.Layer layer() {
      return layer == null ? attach(new Replica(ComputeBackend.preferred().open(type))) : layer;
    }

    private static Tensor[] tensors(INDArray[] arrays) {
      return Arrays.stream(arrays).map(Tensor::of).toArray(Tensor[]::new);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceMgr) {
      return layer().run(tensors(inputs), training).array();
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceMgr) {
      @Nullable Tensor[] tensors = layer().runBackward(tensors(inputs), Tensor.of(epsilon));
      @Nullable INDArray[] arrays = new INDArray[tensors.length];
      for (int i = 0; i < arrays.length; i++) {
        Tensor tensor = tensors[i];
        arrays[i] = tensor == null ? null : tensor.array();
      }
      Gradient named = new DefaultGradient();
      if (gradientVector != null) {
        spec.parameterLayout().views(gradientVector).forEach(named::setGradientFor);
      }
      return new Pair<>(named, arrays);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray backpropGradientsViewArray) {
      gradientVector = backpropGradientsViewArray;
      if (layer != null) {
        layer.setGradients(backpropGradientsViewArray);
      }
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
      return spec.parameterLayout().views(parameterVector);
    }

    @Override
    public INDArray params() {
      return parameterVector;
    }

    @Override
    @SuppressWarnings("overrides") // M2.1 declares this once with and once without varargs.
    public void setInputs(INDArray... inputs) {
      super.setInputs(inputs);
    }

    @Override
    public boolean hasLayer() {
      return false;
    }

    @Override
    public @Nullable Layer getLayer() {
      return null;
    }

    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
        INDArray[] maskArrays, MaskState currentMaskState, int minibatchSize) {
      return null;
    }

    @Override
    public String toString() {
      return spec.getClass().getSimpleName() + "[" + getVertexName() + "]";
    }
  }
}
