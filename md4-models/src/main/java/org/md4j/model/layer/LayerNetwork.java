package org.md4j.model.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.NativeMemory;
import org.md4j.compute.Tensor;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The layers of a DL4J graph with one output, run one after the other without DL4J's executor,
 * whose bookkeeping costs small networks as much as their work.
 *
 * <p>Parameters and gradients are DL4J's flat vectors. One network is used by one thread at a time.
 */
public final class LayerNetwork {
  private final ComputationGraph graph;
  private final Replica replica;
  private final List<Step> steps = new ArrayList<>();
  private final @Nullable Tensor[] values;
  private final @Nullable Tensor[] gradients;

  /** A layer and the numbers of the vertices that it takes its inputs from. */
  private record Step(Layer layer, LayerVertex.Running vertex, int[] inputs, Tensor[] given) {}

  /**
   * Makes a network on parameters that exist.
   *
   * @param configuration its layers; the output is the layer that comes last
   * @param parameters [count], kept, not copied
   * @param compute how to compute; belongs to this network from now on
   */
  public LayerNetwork(
      ComputationGraphConfiguration configuration, INDArray parameters, Compute compute) {
    this.graph = new ComputationGraph(configuration);
    this.graph.init(parameters.reshape(1, parameters.length()), false);
    this.replica = new Replica(compute);
    GraphVertex[] vertices = graph.getVertices();
    for (int number : graph.topologicalSortOrder()) {
      if (vertices[number] instanceof LayerVertex.Running vertex) {
        VertexIndices[] from = vertex.getInputVertices();
        int[] inputs = new int[from.length];
        for (int i = 0; i < inputs.length; i++) {
          inputs[i] = from[i].getVertexIndex();
        }
        steps.add(new Step(vertex.attach(replica), vertex, inputs, new Tensor[inputs.length]));
      }
    }
    this.values = new Tensor[vertices.length];
    this.gradients = new Tensor[vertices.length];
  }

  /** The DL4J graph, for DL4J's own tools (serialisation, summaries); it shares the parameters. */
  public ComputationGraph graph() {
    return graph;
  }

  /** What the layers share. */
  public Replica replica() {
    return replica;
  }

  /** The parameters that are matrices, as the layers say, in the order in which they lie. */
  public List<ParameterMatrix> matrices() {
    List<ParameterMatrix> matrices = new ArrayList<>();
    long offset = 0;
    for (Step step : steps) { // DL4J's vector has the vertices' parts in topological order.
      ParameterLayout layout = step.vertex().spec().parameterLayout();
      for (ParameterMatrix matrix : layout.matrices()) {
        matrices.add(matrix.shifted(offset));
      }
      offset += layout.count();
    }
    return List.copyOf(matrices);
  }

  /**
   * Names a parameter by its layer and its array there.
   *
   * @param index of the parameter in the flat vector
   * @throws IndexOutOfBoundsException if there is no such parameter
   */
  public String parameterName(long index) {
    long offset = 0;
    for (Step step : steps) {
      ParameterLayout layout = step.vertex().spec().parameterLayout();
      if (index < offset + layout.count()) {
        return step.vertex().getVertexName() + "." + layout.nameAt(index - offset);
      }
      offset += layout.count();
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** Draws all parameters from a table. */
  public void initialise(Uniforms uniforms) {
    for (Step step : steps) {
      LayerVertex.Running vertex = step.vertex();
      vertex
          .spec()
          .parameterLayout()
          .initialise(vertex.params(), uniforms, vertex.getVertexIndex());
    }
  }

  /**
   * Computes the output, in memory of the network until its next call.
   *
   * @param inputs the graph's inputs in their order
   */
  public Tensor forward(boolean training, Tensor... inputs) {
    forwardBelowHead(training, inputs);
    Step head = head();
    Tensor last = head.layer().run(given(head), training);
    values[head.vertex().getVertexIndex()] = last;
    return last;
  }

  private Step head() {
    return steps.get(steps.size() - 1);
  }

  private void forwardBelowHead(boolean training, Tensor... inputs) {
    for (int i = 0; i < inputs.length; i++) {
      values[graph.getVertex(graph.getConfiguration().getNetworkInputs().get(i)).getVertexIndex()] =
          inputs[i];
    }
    for (Step step : steps.subList(0, steps.size() - 1)) {
      values[step.vertex().getVertexIndex()] = step.layer().run(given(step), training);
    }
  }

  /** The inputs of a layer, which must have been computed. */
  private Tensor[] given(Step step) {
    Tensor[] given = step.given();
    for (int i = 0; i < given.length; i++) {
      given[i] = present(values[step.inputs()[i]]);
    }
    return given;
  }

  /** Tells whether the output can be had in blocks. */
  public boolean hasBlockwiseHead() {
    return head().layer() instanceof BlockwiseHead;
  }

  /**
   * Computes the output block by block.
   *
   * @param most rows of the output in a block
   * @param action is given every block
   * @param inputs the graph's inputs in their order
   */
  public void forwardInBlocks(int most, BlockwiseHead.Action action, Tensor... inputs) {
    forwardBelowHead(false, inputs);
    head().layer().runHead(given(head()), most, action, false);
  }

  /**
   * Computes the output block by block, and writes the parameters' gradients.
   *
   * @param most rows of the output in a block
   * @param action overwrites every block by the gradient with respect to it
   * @param accumulate whether to add to the gradients that are there
   * @param inputs the graph's inputs in their order
   */
  public void trainInBlocks(
      int most, BlockwiseHead.Action action, boolean accumulate, Tensor... inputs) {
    gradients();
    replica.setAccumulating(accumulate);
    forwardBelowHead(true, inputs);
    Step head = head();
    Arrays.fill(gradients, null);
    addAll(head, head.layer().runHead(given(head), most, action, true));
    backwardBelowHead();
  }

  /**
   * Has every layer take the memory that a pass needs, on operations that compute nothing: the
   * parameters stand in for their gradients, and neither are of use to anybody afterwards.
   *
   * @param most rows of the output in a block, where it comes in blocks
   * @param inputs the graph's inputs in their order
   */
  public void takeMemory(boolean training, boolean inBlocks, int most, Tensor... inputs) {
    for (Step step : steps) {
      step.layer().setGradients(step.vertex().params());
    }
    takeMemoryOnce(training, inBlocks, most, inputs);
    if (training) { // Gradients that add up take other scratch memory.
      replica.setAccumulating(true);
      takeMemoryOnce(true, inBlocks, most, inputs);
    }
  }

  private void takeMemoryOnce(boolean training, boolean inBlocks, int most, Tensor... inputs) {
    forwardBelowHead(training, inputs);
    Step head = head();
    Arrays.fill(gradients, null);
    if (inBlocks) {
      addAll(head, head.layer().runHead(given(head), most, (from, block) -> {}, training));
    } else {
      Tensor output = head.layer().run(given(head), training);
      if (training) {
        addAll(head, head.layer().runBackward(head.given(), output));
      }
    }
    if (training) {
      backwardBelowHead();
    }
  }

  private static Tensor present(@Nullable Tensor tensor) {
    if (tensor == null) {
      throw new IllegalStateException("an input of a layer must have been computed before it");
    }
    return tensor;
  }

  /** The gradient of all parameters, [count], allocated the first time. */
  public INDArray gradients() {
    if (graph.getFlattenedGradients() == null) {
      NativeMemory.require(graph.numParams() * replica.compute().element().bytes());
      graph.initGradientsView();
    }
    INDArray flat = graph.getFlattenedGradients();
    return flat.reshape(flat.length());
  }

  /**
   * Writes the parameters' gradients after a forward pass in training.
   *
   * @param outputGradient gradient of the output, not changed
   * @param accumulate whether to add to the gradients that are there
   */
  public void backward(Tensor outputGradient, boolean accumulate) {
    gradients();
    replica.setAccumulating(accumulate);
    Arrays.fill(gradients, null);
    Step head = head();
    addAll(head, head.layer().runBackward(head.given(), outputGradient));
    backwardBelowHead();
  }

  private void backwardBelowHead() {
    for (int s = steps.size() - 2; s >= 0; s--) {
      Step step = steps.get(s);
      Tensor dOut = gradients[step.vertex().getVertexIndex()];
      if (dOut != null) {
        addAll(step, step.layer().runBackward(step.given(), dOut));
      }
    }
  }

  private void addAll(Step step, @Nullable Tensor[] inputGradients) {
    for (int i = 0; i < inputGradients.length; i++) {
      add(step.inputs()[i], inputGradients[i]);
    }
  }

  /** Adds to the gradient of a vertex's result, in the memory of the first one given. */
  private void add(int vertex, @Nullable Tensor gradient) {
    if (gradient == null) {
      return;
    }
    Tensor sum = gradients[vertex];
    if (sum == null) {
      gradients[vertex] = gradient;
    } else {
      replica.compute().add(sum, gradient, sum);
    }
  }

  /** The memory that the layers hold for activations, their gradients and scratch, in bytes. */
  public long activationBytes() {
    long bytes = replica.sharedBytes();
    for (Step step : steps) {
      bytes += step.layer().activationBytes();
    }
    return bytes;
  }
}
