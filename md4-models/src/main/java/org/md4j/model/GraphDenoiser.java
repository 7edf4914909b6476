package org.md4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.layer.DenoiserLayer;
import org.md4j.model.layer.DenoiserLayerConfiguration;
import org.md4j.model.layer.ReplicaContext;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A denoiser that runs a DL4J {@link ComputationGraph} of our own layers on one flat parameter
 * vector. A kind of network is its graph and how it reads tokens.
 *
 * <p>The graph's inputs are, in this order: token ids [B, N], wanted positions [P], then the
 * features of the times [B, C] if the network is told them, then labels [B] if it has classes; its
 * output {@link #LOGITS} is [P, V].
 *
 * <p>Parameters are drawn from {@link CounterRandom}; for one number type and one machine, the same
 * seed and inputs give the same logits to the bit.
 */
public abstract class GraphDenoiser implements TrainableDenoiser {
  /** The name of the graph's output. */
  public static final String LOGITS = "logits";

  private final NetworkConfig config;
  private final int timeWidth;
  private final DataType type;
  private final ComputationGraph graph;
  private final ReplicaContext context;
  private final INDArray parameters;
  private final List<INDArray> ownInputs = new ArrayList<>();
  private boolean forwardWasForTraining;

  /**
   * Makes a network on parameters that exist.
   *
   * @param config shape of the network
   * @param graph its layers
   * @param timeWidth C, the features of a time; 0 for a network that is not told times
   * @param parameters [count], FLOAT or DOUBLE, kept, not copied
   */
  protected GraphDenoiser(
      NetworkConfig config,
      ComputationGraphConfiguration graph,
      int timeWidth,
      INDArray parameters) {
    this.config = config;
    this.timeWidth = timeWidth;
    this.type = parameters.dataType();
    this.graph = new ComputationGraph(graph);
    this.parameters = parameters;
    this.graph.init(parameters.reshape(1, parameters.length()), false);
    this.context = new ReplicaContext(type);
    for (GraphVertex vertex : this.graph.getVertices()) {
      if (vertex instanceof DenoiserLayer layer) {
        layer.attach(context);
      }
    }
  }

  /**
   * Allocates memory for the parameters of a new network, [count], not yet written.
   *
   * @param type FLOAT, or DOUBLE for checks of gradients
   */
  protected static INDArray newParameters(ComputationGraphConfiguration graph, DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("type (" + type + ") must be FLOAT or DOUBLE");
    }
    return Nd4j.createUninitialized(type, parameterCount(graph));
  }

  /** Counts the parameters of a graph, without building it. */
  protected static long parameterCount(ComputationGraphConfiguration graph) {
    return graph.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
  }

  /** Draws all parameters from the seed. */
  protected final void initialise(long seed) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.INITIALISATION, 0);
    for (GraphVertex vertex : graph.getVertices()) {
      if (graph.getConfiguration().getVertices().get(vertex.getVertexName())
          instanceof DenoiserLayerConfiguration layer) {
        layer.initialise(vertex.params(), uniforms, vertex.getVertexIndex());
      }
    }
  }

  /**
   * Returns the rows as the graph reads them, [B * N].
   *
   * @throws IllegalArgumentException if the network cannot read rows like these
   */
  protected abstract int[] rowsToRead(TokenBatch tokens);

  /** The number type of parameters and activations. */
  protected final DataType type() {
    return type;
  }

  /**
   * The DL4J graph behind this network, for DL4J's own tools (serialisation, summaries). It shares
   * the parameters; running it outside this class overwrites this network's activations.
   */
  public final ComputationGraph graph() {
    return graph;
  }

  @Override
  public NetworkConfig config() {
    return config;
  }

  @Override
  public final Vocabulary vocabulary() {
    return config.vocabulary();
  }

  @Override
  public final int classes() {
    return config.classes();
  }

  @Override
  public final INDArray parameters() {
    return parameters;
  }

  /**
   * The memory that this replica holds for activations, their gradients and scratch, in bytes: what
   * its largest call so far needed. Parameters and their gradients are not counted.
   */
  public final long activationBytes() {
    long bytes = context.scratchBytes();
    for (GraphVertex vertex : graph.getVertices()) {
      if (vertex instanceof DenoiserLayer layer) {
        bytes += layer.activationBytes();
      }
    }
    return bytes;
  }

  @Override
  public final INDArray gradients() {
    if (graph.getFlattenedGradients() == null) {
      graph.initGradientsView();
    }
    INDArray gradients = graph.getFlattenedGradients();
    return gradients.reshape(gradients.length());
  }

  @Override
  public final INDArray logits(DenoiserInput input) {
    forwardWasForTraining = false;
    return forward(input, false);
  }

  /**
   * {@inheritDoc} The output head writes to {@code out} at once wherever it can.
   *
   * @throws IllegalArgumentException if out does not have the shape and type of the logits, or has
   *     gaps
   */
  @Override
  public final void logits(DenoiserInput input, INDArray out) {
    long[] shape = {input.positions().length, config.vocabulary().size()};
    if (!Arrays.equals(out.shape(), shape) || out.dataType() != type) {
      throw new IllegalArgumentException(
          "out must be %s of shape [P, V] = %s, got %s of shape %s"
              .formatted(
                  type, Arrays.toString(shape), out.dataType(), Arrays.toString(out.shape())));
    }
    long[] strides = {shape[1], 1};
    boolean oneRow = shape[0] == 1; // whose stride says nothing: a view may have any
    if (out.stride(1) != strides[1] || (!oneRow && out.stride(0) != strides[0])) {
      throw new IllegalArgumentException(
          "out must be in c order without gaps, strides %s, got %s"
              .formatted(Arrays.toString(strides), Arrays.toString(out.stride())));
    }
    forwardWasForTraining = false;
    context.setLogitsMemory(out);
    try {
      INDArray logits = forward(input, false);
      if (logits != out) {
        out.assign(logits);
      }
    } finally {
      context.setLogitsMemory(null);
    }
  }

  @Override
  public final INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    context.setDropout(input.rows().firstExample(), dropout);
    INDArray logits = forward(input, true);
    forwardWasForTraining = true;
    return logits;
  }

  @Override
  public final void backward(INDArray logitGradients, boolean accumulate) {
    if (!forwardWasForTraining) {
      throw new IllegalStateException("forwardForTraining must be called before backward");
    }
    gradients();
    context.setAccumulating(accumulate);
    graph.backpropGradient(logitGradients);
    forwardWasForTraining = false;
  }

  private INDArray forward(DenoiserInput input, boolean training) {
    if (!input.tokens().vocabulary().equals(config.vocabulary())) {
      throw new IllegalArgumentException(
          "tokens must be of the network's vocabulary, V = "
              + config.vocabulary().size()
              + ", got V = "
              + input.tokens().vocabulary().size());
    }
    requireLabels(input);
    closeInputs();
    long rows = input.tokens().rows();
    INDArray tokens = own(Nd4j.createFromArray(rowsToRead(input.tokens())));
    INDArray positions = own(Nd4j.createFromArray(input.positions()));
    List<INDArray> inputs =
        new ArrayList<>(List.of(tokens.reshape('c', rows, input.tokens().length()), positions));
    if (timeWidth > 0) {
      INDArray features = own(Nd4j.createFromArray(TimeFeatures.of(input.times(), timeWidth)));
      inputs.add(type == DataType.DOUBLE ? features : own(features.castTo(type)));
    }
    if (config.classes() > 0) {
      inputs.add(own(Nd4j.createFromArray(input.labels())));
    }
    @Nullable INDArray logits =
        graph.feedForward(inputs.toArray(new INDArray[0]), training, !training).get(LOGITS);
    if (logits == null) {
      throw new IllegalStateException("the graph returned no activation named " + LOGITS);
    }
    return logits;
  }

  private void requireLabels(DenoiserInput input) {
    int[] labels = input.labels();
    int classes = config.classes();
    if (classes == 0 && labels.length != 0) {
      throw new IllegalArgumentException(
          "labels must be empty for a network without classes, got " + labels.length);
    }
    if (classes > 0 && labels.length == 0) {
      throw new IllegalArgumentException(
          "labels must have shape [B] = [%d] for a network with %d classes, got none"
              .formatted(input.tokens().rows(), classes));
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] > classes) {
        throw new IllegalArgumentException(
            "label (%d) of row %d must be in 0..%d (the last is the null label)"
                .formatted(labels[row], row, classes));
      }
    }
  }

  /**
   * Keeps an input until the next call frees it: inputs are small but many, and never wait for the
   * garbage collector.
   */
  private INDArray own(INDArray input) {
    ownInputs.add(input);
    return input;
  }

  private void closeInputs() {
    ownInputs.forEach(INDArray::close);
    ownInputs.clear();
  }
}
