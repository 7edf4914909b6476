package org.md4j.model.layer;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The output head of image networks (reference code b9fbf29, networks/unet.py and uvit.py) at the
 * wanted positions only:
 *
 * <pre>
 * logits = conv3x3(swish(norm(x)))[positions]      S V channels, V for each colour; zero at the start
 * </pre>
 *
 * <p>Half the positions are masked on average in training. Their 3x3 patches are gathered and
 * multiplied with the weights of their colour, {@link WantedPatches}; the way back gathers too.
 * Only when nearly everything is wanted and no backward pass follows is the whole convolution
 * cheaper, and then it is what runs; the two differ by rounding.
 */
final class PixelHeadLayer extends DenoiserLayer {
  /** The share of wanted positions from which on the whole convolution is cheaper. */
  private static final double DENSE_SHARE = 0.8;

  /** The number of different row counts that gathered arrays have. */
  private static final long CAPACITIES = 32;

  /** The factor of the normalised array: {@link Swish} takes half its argument. */
  private static final double HALF = 0.5;

  private final PixelHeadConfiguration configuration;
  private final GroupNormalization normalization;
  private final Convolution convolution;
  private final int channels;
  private final int colours;
  private final int vocabularySize;

  /**
   * The arrays that the backward pass needs.
   *
   * @param patches patches of the wanted positions, [P, 9 C]
   */
  private record Saved(WantedPatches wanted, INDArray patches) {}

  private @Nullable Saved saved;

  PixelHeadLayer(
      PixelHeadConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.channels = configuration.channels();
    this.colours = configuration.colours();
    this.vocabularySize = configuration.vocabularySize();
    normalization =
        new GroupNormalization(
            this,
            "norm",
            configuration.groups(),
            configuration.conditioningWidth(),
            HALF,
            channels);
    convolution =
        new Convolution(
            this,
            "logitWeight",
            "logitBias",
            configuration.height(),
            configuration.width(),
            channels,
            colours * vocabularySize);
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray x = inputs[1];
    INDArray conditioning = inputs.length > 2 ? inputs[2] : null;
    INDArray activation = image(activationRows(x), x);
    normalization.forward(x, conditioning, activation);
    Swish.forwardInPlace(activation, sigmoid(x));
    long all = x.size(0) * x.size(1) * colours;
    if (!training && inputs[0].length() > DENSE_SHARE * all) {
      return everywhere(inputs[0], x, activation);
    }
    return atPatches(inputs[0], x);
  }

  private static long pixels(INDArray x) {
    return x.size(0) * x.size(1);
  }

  /** Returns the activation with one row of zeros after it, for what lies outside, [M + 1, C]. */
  private INDArray activationRows(INDArray x) {
    return buffers().matrix("activation", pixels(x) + 1, channels);
  }

  private INDArray sigmoid(INDArray x) {
    return buffers().matrix("sigmoid", pixels(x), channels).reshape('c', x.shape());
  }

  private INDArray image(INDArray rows, INDArray x) {
    return rows(rows, 0, pixels(x)).reshape('c', x.shape());
  }

  private static INDArray rows(INDArray matrix, long from, long to) {
    return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  private INDArray everywhere(INDArray positions, INDArray x, INDArray activation) {
    saved = null;
    long all = pixels(x) * colours;
    boolean wanted = positions.length() == all;
    // The patches are not needed any more, so their memory is used again.
    INDArray everything =
        wanted
            ? logitsMemory(all, vocabularySize)
            : buffers().matrix("patches", all, vocabularySize);
    convolution.forward(
        activation, everything.reshape('c', x.size(0), x.size(1), (long) colours * vocabularySize));
    if (wanted) {
      return everything;
    }
    return gather(
        everything, cells(positions), new Target(buffers(), "logits", vocabularySize, all));
  }

  private static int[] cells(INDArray positions) {
    return positions.dup().data().asInt();
  }

  private INDArray atPatches(INDArray positions, INDArray x) {
    INDArray activation = activationRows(x);
    rows(activation, pixels(x), pixels(x) + 1).assign(0);
    WantedPatches wanted =
        new WantedPatches(
            cells(positions),
            Math.toIntExact(x.size(0)),
            configuration.height(),
            configuration.width(),
            colours);
    long all = pixels(x) * colours;
    long taps = WantedPatches.TAPS;
    INDArray patches =
        gather(activation, wanted.patches(), new Target(buffers(), "patches", channels, all * taps))
            .reshape('c', positions.length(), taps * channels);
    INDArray byColour =
        colours == 1
            ? logitsMemory(positions.length(), vocabularySize)
            : byColour(positions.length(), all);
    for (int colour = 0; colour < colours; colour++) {
      if (wanted.firstRow(colour) < wanted.firstRow(colour + 1)) {
        INDArray out = rowsOf(byColour, wanted, colour);
        // The bias by a product: a broadcast over so many rows would be remembered for ever.
        Operations.product(ones(out.size(0), 1), bias("logitBias", colour), out, 1, 0);
        Operations.product(
            rowsOf(patches, wanted, colour), weights(parameter("logitWeight"), colour), out, 1, 1);
      }
    }
    saved = new Saved(wanted, patches);
    return colours == 1
        ? byColour
        : gather(
            byColour, wanted.rowsOfCells(), new Target(buffers(), "logits", vocabularySize, all));
  }

  /** The memory for the logits of the wanted cells by colours, [capacity, V]. */
  private INDArray byColour(long wanted, long all) {
    return scratch().matrix("head.byColour", capacity(wanted, all), vocabularySize);
  }

  private INDArray ones(long rows, long columns) {
    return scratch().ones(columns == 1 ? "ones.column" : "ones.rows", rows, columns);
  }

  private static INDArray rowsOf(INDArray matrix, WantedPatches wanted, int colour) {
    return rows(matrix, wanted.firstRow(colour), wanted.firstRow(colour + 1));
  }

  /** The weights of a colour, [9 C, V], a view. */
  private INDArray weights(INDArray all, int colour) {
    long from = (long) colour * vocabularySize;
    return all.reshape('c', (long) WantedPatches.TAPS * channels, (long) colours * vocabularySize)
        .get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + vocabularySize));
  }

  private INDArray bias(String name, int colour) {
    return biasRow(parameter(name), colour);
  }

  /** The biases of a colour, [1, V], a view. */
  private INDArray biasRow(INDArray all, int colour) {
    long from = (long) colour * vocabularySize;
    return all.get(NDArrayIndex.interval(from, from + vocabularySize))
        .reshape('c', 1, vocabularySize);
  }

  /**
   * The memory that rows are gathered to.
   *
   * @param most largest number of rows that there can be
   */
  private record Target(Buffers memory, String name, long columns, long most) {}

  /**
   * Gathers the rows with the given indices.
   *
   * <p>ND4J 1.0.0-M2.1 keeps 8 bytes for every row of every shape it has ever gathered to or from,
   * and the number of wanted positions differs from step to step. So the list is filled up to one
   * of a few lengths, and what is gathered for that is cut off.
   */
  private static INDArray gather(INDArray matrix, int[] indices, Target target) {
    int length = Math.toIntExact(capacity(indices.length, target.most()));
    INDArray out = target.memory().matrix(target.name(), length, target.columns());
    try (INDArray list = Nd4j.createFromArray(Arrays.copyOf(indices, length))) {
      Operations.gatherRows(matrix, list, out);
    }
    return rows(out, 0, indices.length);
  }

  /** Returns a number of rows rounded up to one of {@value #CAPACITIES}. */
  private static long capacity(long rows, long most) {
    long step = (most + CAPACITIES - 1) / CAPACITIES;
    return (rows + step - 1) / step * step;
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray x = inputs[1];
    Saved state = Objects.requireNonNull(saved, "a forward pass for training must come before");
    INDArray dByColour =
        colours == 1 ? outputGradient : gradientByColour(state.wanted(), outputGradient, x);
    INDArray dActivation = buffers().matrix("dX", pixels(x), channels);
    activationBackward(state, dByColour, dActivation);
    INDArray dX = dActivation.reshape('c', x.shape());
    Swish.backwardInPlace(
        dX,
        image(activationRows(x), x),
        sigmoid(x),
        0,
        scratch().matrix("head.work", pixels(x), channels).reshape('c', x.shape()));
    INDArray dConditioning = null;
    if (inputs.length > 2) {
      dConditioning =
          buffers().matrix("dConditioning", inputs[2].size(0), inputs[2].size(1)).assign(0);
    }
    normalization.backwardInPlace(new INDArray[] {x}, new INDArray[] {dX}, dConditioning);
    return dConditioning == null
        ? new INDArray[] {null, dX}
        : new INDArray[] {null, dX, dConditioning};
  }

  private INDArray gradientByColour(WantedPatches wanted, INDArray outputGradient, INDArray x) {
    long all = pixels(x) * colours;
    INDArray copy = byColour(outputGradient.size(0), all);
    rows(copy, 0, outputGradient.size(0)).assign(outputGradient);
    return gather(
        copy, wanted.cellsOfRows(), new Target(scratch(), "head.dByColour", vocabularySize, all));
  }

  /** Writes the gradients of weights and biases, and that of the activation. */
  private void activationBackward(Saved state, INDArray dByColour, INDArray dActivation) {
    WantedPatches wanted = state.wanted();
    long taps = WantedPatches.TAPS;
    long capacity = capacity(dByColour.size(0), dActivation.size(0) * colours);
    // One row more, of zeros, for pixels that are no part of a patch.
    INDArray dPatches = scratch().matrix("head.dPatches", capacity + 1, taps * channels);
    rows(dPatches, capacity, capacity + 1).assign(0);
    double beta = context().gradientBeta();
    for (int colour = 0; colour < colours; colour++) {
      INDArray weightGradient = weights(gradient("logitWeight"), colour);
      INDArray biasGradient = biasRow(gradient("logitBias"), colour);
      if (wanted.firstRow(colour) == wanted.firstRow(colour + 1)) {
        if (beta == 0) {
          weightGradient.assign(0);
          biasGradient.assign(0);
        }
        continue;
      }
      INDArray dOut = rowsOf(dByColour, wanted, colour);
      Operations.productTransposedFirst(
          rowsOf(state.patches(), wanted, colour), dOut, weightGradient, 1, beta);
      Operations.product(ones(1, dOut.size(0)), dOut, biasGradient, 1, beta);
      Operations.productTransposedSecond(
          dOut, weights(parameter("logitWeight"), colour), rowsOf(dPatches, wanted, colour), 1, 0);
    }
    INDArray pieces = dPatches.reshape('c', (capacity + 1) * taps, channels);
    INDArray piece = scratch().matrix("head.piece", dActivation.size(0), channels);
    dActivation.assign(0);
    for (int[] places : wanted.places(Math.toIntExact(capacity * taps))) {
      try (INDArray list = Nd4j.createFromArray(places)) {
        Operations.gatherRows(pieces, list, piece);
      }
      dActivation.addi(piece);
    }
  }
}
