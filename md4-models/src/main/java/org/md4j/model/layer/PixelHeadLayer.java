package org.md4j.model.layer;

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
 * logits = conv3x3(swish(norm(x)))[positions]      K V channels, V for each colour; zero at the start
 * </pre>
 *
 * <p>Half the positions are masked on average in training. Their 3x3 patches are gathered and
 * multiplied with the weights of their colour, {@link WantedPatches}; the way back gathers too.
 * Only when nearly everything is wanted and no backward pass follows is the whole convolution
 * cheaper, and then it is what runs; the two differ by rounding.
 */
final class PixelHeadLayer extends DenoiserLayer {
  /** Share of wanted positions from which on the whole convolution is cheaper. */
  private static final double DENSE_SHARE = 0.8;

  /** Normalisation writes half of what it is asked for, since that is what swish takes. */
  private static final double HALF = 0.5;

  private final PixelHeadConfiguration configuration;
  private final GroupNormalization normalization;
  private final Convolution convolution;
  private final int channels;
  private final int colours;
  private final int vocabularySize;
  private @Nullable WantedPatches saved;

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
    INDArray activation = picture(activationRows(x), x);
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

  /** The activation with one row of zeros after it, for what lies outside, [M + 1, C]. */
  private INDArray activationRows(INDArray x) {
    return buffers().matrix("activation", pixels(x) + 1, channels);
  }

  private INDArray sigmoid(INDArray x) {
    return buffers().matrix("sigmoid", pixels(x), channels).reshape('c', x.shape());
  }

  private INDArray picture(INDArray rows, INDArray x) {
    return rows(rows, 0, pixels(x)).reshape('c', x.shape());
  }

  private static INDArray rows(INDArray matrix, long from, long to) {
    return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  private INDArray everywhere(INDArray positions, INDArray x, INDArray activation) {
    saved = null;
    long all = pixels(x) * colours;
    INDArray everything = buffers().matrix("everywhere", all, vocabularySize);
    convolution.forward(
        activation, everything.reshape('c', x.size(0), x.size(1), (long) colours * vocabularySize));
    if (positions.length() == all) {
      return everything;
    }
    INDArray logits = buffers().matrix("logits", positions.length(), vocabularySize);
    Operations.gatherRows(everything, positions, logits);
    return logits;
  }

  private INDArray atPatches(INDArray positions, INDArray x) {
    INDArray activation = activationRows(x);
    rows(activation, pixels(x), pixels(x) + 1).assign(0);
    WantedPatches wanted =
        new WantedPatches(
            positions.dup().data().asInt(),
            Math.toIntExact(x.size(0)),
            configuration.height(),
            configuration.width(),
            colours);
    INDArray patches = patches(positions);
    gather(
        activation, wanted.patches(), patches.reshape('c', patches.length() / channels, channels));
    INDArray logits = buffers().matrix("logits", positions.length(), vocabularySize);
    INDArray byColour = colours == 1 ? logits : byColour("head.byColour", positions);
    for (int colour = 0; colour < colours; colour++) {
      if (wanted.firstRow(colour) < wanted.firstRow(colour + 1)) {
        INDArray out = rowsOf(byColour, wanted, colour);
        Operations.product(
            rowsOf(patches, wanted, colour), weights(parameter("logitWeight"), colour), out, 1, 0);
        Operations.addToRows(out, bias(parameter("logitBias"), colour), out);
      }
    }
    if (colours > 1) {
      gather(byColour, wanted.rowsOfCells(), logits);
    }
    saved = wanted;
    return logits;
  }

  /** The patches of the wanted positions, [P, 9 C]. */
  private INDArray patches(INDArray positions) {
    return buffers().matrix("patches", positions.length(), (long) WantedPatches.TAPS * channels);
  }

  private INDArray byColour(String name, INDArray positions) {
    return scratch().matrix(name, positions.length(), vocabularySize);
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

  private INDArray bias(INDArray all, int colour) {
    long from = (long) colour * vocabularySize;
    return all.get(NDArrayIndex.interval(from, from + vocabularySize));
  }

  private static void gather(INDArray matrix, int[] indices, INDArray out) {
    try (INDArray list = Nd4j.createFromArray(indices)) {
      Operations.gatherRows(matrix, list, out);
    }
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray x = inputs[1];
    WantedPatches wanted =
        Objects.requireNonNull(saved, "a forward pass for training must come before");
    INDArray dByColour = outputGradient;
    if (colours > 1) {
      dByColour = byColour("head.dByColour", inputs[0]);
      gather(outputGradient, wanted.cellsOfRows(), dByColour);
    }
    INDArray dActivation = buffers().matrix("dX", pixels(x), channels);
    activationBackward(inputs[0], wanted, dByColour, dActivation);
    INDArray dX = dActivation.reshape('c', x.shape());
    Swish.backwardInPlace(
        dX,
        picture(activationRows(x), x),
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

  /** Writes the gradients of weights and biases, and that of the activation. */
  private void activationBackward(
      INDArray positions, WantedPatches wanted, INDArray dByColour, INDArray dActivation) {
    long taps = WantedPatches.TAPS;
    // One row more, of zeros, for pixels that are no part of a patch.
    INDArray dPatches = scratch().matrix("head.dPatches", positions.length() + 1, taps * channels);
    rows(dPatches, positions.length(), positions.length() + 1).assign(0);
    INDArray patches = patches(positions);
    double beta = context().gradientBeta();
    for (int colour = 0; colour < colours; colour++) {
      INDArray weightGradient = weights(gradient("logitWeight"), colour);
      INDArray biasGradient = bias(gradient("logitBias"), colour);
      if (wanted.firstRow(colour) == wanted.firstRow(colour + 1)) {
        if (beta == 0) {
          weightGradient.assign(0);
          biasGradient.assign(0);
        }
        continue;
      }
      INDArray dOut = rowsOf(dByColour, wanted, colour);
      Operations.productTransposedFirst(
          rowsOf(patches, wanted, colour), dOut, weightGradient, 1, beta);
      Operations.product(
          scratch().ones("ones.rows", 1, dOut.size(0)),
          dOut,
          biasGradient.reshape(1, vocabularySize),
          1,
          beta);
      Operations.productTransposedSecond(
          dOut, weights(parameter("logitWeight"), colour), rowsOf(dPatches, wanted, colour), 1, 0);
    }
    INDArray pieces = dPatches.reshape('c', (positions.length() + 1) * taps, channels);
    INDArray piece = scratch().matrix("head.piece", dActivation.size(0), channels);
    dActivation.assign(0);
    for (int[] places : wanted.places()) {
      gather(pieces, places, piece);
      dActivation.addi(piece);
    }
  }
}
