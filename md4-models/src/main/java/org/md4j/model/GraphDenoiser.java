package org.md4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Element;
import org.md4j.compute.Memory;
import org.md4j.compute.NativeMemory;
import org.md4j.compute.Tensor;
import org.md4j.compute.UntouchedVector;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.LogitBlocks;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.layer.LayerNetwork;
import org.md4j.model.layer.ParameterMatrix;
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

  /** Logits that are held at once, 64 MB in 32 bits, where the head can make them in blocks. */
  private static final int MOST_LOGITS = 1 << 24;

  /** The most rows that memory is counted of; that of more is their multiple. */
  private static final int MOST_COUNTED_ROWS = 16;

  /** The most positions that memory is counted of, if a row has no more. */
  private static final int MOST_COUNTED_CELLS = 1 << 22;

  /** The longest rows whose memory is counted. */
  private static final int LONGEST_COUNTED = 1 << 24;

  private final NetworkConfig config;
  private final int timeWidth;
  private final DataType type;
  private final ComputeBackend backend;
  private final LayerNetwork network;
  private final INDArray parameters;
  private final List<INDArray> ownInputs = new ArrayList<>();
  private final Memory features;

  /** The shape of the logits of the last forward pass, if that was for training. */
  private long @Nullable [] trainingShape;

  private @Nullable INDArray lastOut;
  private @Nullable Tensor lastOutTensor;

  /**
   * Makes a network on parameters that exist.
   *
   * @param config shape of the network
   * @param graph its layers
   * @param timeWidth C, the features of a time; 0 for a network that is not told times
   * @param parameters [count], FLOAT or DOUBLE, kept, not copied
   * @param backend what computes
   */
  protected GraphDenoiser(
      NetworkConfig config,
      ComputationGraphConfiguration graph,
      int timeWidth,
      INDArray parameters,
      ComputeBackend backend) {
    this.config = config;
    this.timeWidth = timeWidth;
    this.type = parameters.dataType();
    this.parameters = parameters;
    this.backend = backend;
    this.network = new LayerNetwork(graph, parameters, backend.open(type));
    this.features = network.replica().compute().memory(Element.of(type));
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
    long count = parameterCount(graph);
    NativeMemory.require(count * type.width());
    return Nd4j.createUninitialized(type, count);
  }

  /** Makes a network of this kind on parameters that exist. */
  @FunctionalInterface
  protected interface Maker {
    /** Makes it. */
    GraphDenoiser make(INDArray parameters, ComputeBackend backend);
  }

  /**
   * Counts the bytes that a replica holds once it has done some work, by having one do it that
   * computes nothing: its parameters have an address, but no memory of the machine, and its other
   * arrays not even that. Of more than {@value #MOST_COUNTED_ROWS} rows, or of long ones, the
   * further are taken to need as much as those before them, which for logits in blocks is more than
   * they do.
   *
   * @param length N of the rows
   * @return the largest number there is for rows longer than {@value #LONGEST_COUNTED}
   */
  protected static long countActivations(
      ComputationGraphConfiguration graph, int length, ReplicaWork work, Maker maker) {
    if (length > LONGEST_COUNTED) {
      return Long.MAX_VALUE;
    }
    try (UntouchedVector parameters = new UntouchedVector(parameterCount(graph))) {
      IntToLongFunction bytes =
          rows -> {
            GraphDenoiser denoiser =
                maker.make(parameters.array(), ComputeBackend.counting(work.precision()));
            denoiser.takeMemory(work.withRows(rows));
            return denoiser.activationBytes();
          };
      int some = Math.max(1, Math.min(MOST_COUNTED_ROWS, MOST_COUNTED_CELLS / length));
      if (work.rows() <= some) {
        return bytes.applyAsLong(work.rows());
      }
      long all = bytes.applyAsLong(some);
      int fewer = some / 2;
      long further = all - (fewer > 0 ? bytes.applyAsLong(fewer) : 0);
      long rest = (work.rows() - some + some - fewer - 1L) / (some - fewer);
      return further > (Long.MAX_VALUE - all) / rest
          ? Long.MAX_VALUE
          : all + further * (work.rows() - some) / (some - fewer);
    }
  }

  private void takeMemory(ReplicaWork work) {
    Rows rows =
        Rows.of(TokenBatch.allMasked(config.vocabulary(), work.rows(), config.length()))
            .withLabels(new int[config.classes() > 0 ? work.rows() : 0]);
    int[] positions = new int[work.wanted()];
    Arrays.setAll(positions, i -> i);
    DenoiserInput input = new DenoiserInput(rows, new double[work.rows()], positions);
    network.takeMemory(work.training(), !fits(input), blockRows(), inputs(input));
    closeInputs();
  }

  /** Counts the parameters of a graph, without building it. */
  protected static long parameterCount(ComputationGraphConfiguration graph) {
    return graph.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
  }

  /** Draws all parameters from the seed. */
  protected final void initialise(long seed) {
    network.initialise(new CounterRandom(seed).uniforms(Purpose.INITIALISATION, 0));
  }

  /**
   * Returns the rows as the graph reads them, [B * N].
   *
   * @throws IllegalArgumentException if the network cannot read rows like these
   */
  protected abstract int[] rowsToRead(TokenBatch tokens);

  @Override
  public final ComputeBackend backend() {
    return backend;
  }

  /** {@inheritDoc} They are those that the layers name in their {@code ParameterLayout}. */
  @Override
  public final List<ParameterMatrix> matrices() {
    return network.matrices();
  }

  @Override
  public final String parameterName(long index) {
    return network.parameterName(index);
  }

  /** The number type of parameters and of what the layers hand on. */
  protected final DataType type() {
    return type;
  }

  /**
   * The DL4J graph behind this network, for DL4J's own tools (serialisation, summaries). It shares
   * the parameters; running it outside this class overwrites this network's activations.
   */
  public final ComputationGraph graph() {
    return network.graph();
  }

  @Override
  public final String computation() {
    return network.replica().compute().description();
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
    return network.activationBytes();
  }

  @Override
  public final INDArray gradients() {
    return network.gradients();
  }

  @Override
  public final INDArray logits(DenoiserInput input) {
    trainingShape = null;
    return forward(input, false).array();
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
    trainingShape = null;
    Tensor memory = tensor(out);
    network.replica().setLogitsMemory(memory);
    try {
      Tensor logits = forward(input, false);
      if (logits != memory) {
        out.assign(logits.array());
      }
    } finally {
      network.replica().setLogitsMemory(null);
    }
  }

  /** The caller's array as a tensor: the same one while the caller gives the same array. */
  private Tensor tensor(INDArray out) {
    Tensor known = lastOutTensor;
    if (known == null || lastOut != out) {
      known = Tensor.of(out);
      lastOut = out;
      lastOutTensor = known;
    }
    return known;
  }

  @Override
  public final INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
    network.replica().setDropout(input.rows().firstExample(), dropout);
    INDArray logits = forward(input, true).array();
    trainingShape = logits.shape();
    return logits;
  }

  @Override
  public final void backward(INDArray logitGradients, boolean accumulate) {
    long[] shape = trainingShape;
    if (shape == null) {
      throw new IllegalStateException("forwardForTraining must be called before backward");
    }
    if (!Arrays.equals(logitGradients.shape(), shape)) {
      throw new IllegalArgumentException(
          "logitGradients must have shape [P, V] = %s, that of the logits of forwardForTraining, got %s"
              .formatted(Arrays.toString(shape), Arrays.toString(logitGradients.shape())));
    }
    network.backward(Tensor.of(logitGradients), accumulate);
    trainingShape = null;
  }

  @Override
  public final void readLogits(DenoiserInput input, LogitBlocks blocks) {
    if (fits(input)) {
      blocks.accept(0, logits(input));
      return;
    }
    trainingShape = null;
    network.forwardInBlocks(
        blockRows(), (from, logits) -> blocks.accept(from, logits.array()), inputs(input));
  }

  @Override
  public final void train(
      DenoiserInput input, Uniforms dropout, LogitBlocks gradients, boolean accumulate) {
    if (fits(input)) {
      TrainableDenoiser.super.train(input, dropout, gradients, accumulate);
      return;
    }
    trainingShape = null;
    network.replica().setDropout(input.rows().firstExample(), dropout);
    network.trainInBlocks(
        blockRows(),
        (from, logits) -> gradients.accept(from, logits.array()),
        accumulate,
        inputs(input));
  }

  /** Whether all logits are few enough to be had at once, or cannot be had otherwise. */
  private boolean fits(DenoiserInput input) {
    return input.positions().length <= blockRows() || !network.hasBlockwiseHead();
  }

  private int blockRows() {
    return Math.max(1, MOST_LOGITS / config.vocabulary().size());
  }

  private Tensor forward(DenoiserInput input, boolean training) {
    return network.forward(training, inputs(input));
  }

  /** The graph's inputs that are a question. */
  private Tensor[] inputs(DenoiserInput input) {
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
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(own(rowsToRead(input.tokens())).reshape(rows, input.tokens().length()));
    inputs.add(own(input.positions()));
    if (timeWidth > 0) {
      Tensor told = features.of(rows, timeWidth);
      double[][] exact = TimeFeatures.of(input.times(), timeWidth);
      network
          .replica()
          .compute()
          .write(
              (from, piece) ->
                  Arrays.setAll(
                      piece,
                      i -> exact[(int) (from + i) / timeWidth][(int) (from + i) % timeWidth]),
              told);
      inputs.add(told);
    }
    if (config.classes() > 0) {
      inputs.add(own(input.labels()));
    }
    return inputs.toArray(new Tensor[0]);
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
  private Tensor own(int[] input) {
    INDArray array = Nd4j.createFromArray(input);
    ownInputs.add(array);
    return Tensor.of(array);
  }

  private void closeInputs() {
    ownInputs.forEach(INDArray::close);
    ownInputs.clear();
  }
}
