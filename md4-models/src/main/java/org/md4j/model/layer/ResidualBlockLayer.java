package org.md4j.model.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A residual block on images (reference code b9fbf29, networks/unet.py and uvit.py):
 *
 * <pre>
 * h = conv3x3(swish(norm(x))) [+ cond W]          x: one image, or two beside each other
 * out = shortcut(x) + conv3x3(dropout(swish(norm(h))))
 * </pre>
 *
 * <p>The shortcut is the identity if channels stay the same, else a dense layer. The last
 * convolution starts at zero. How cond enters is told at {@link ResidualBlockConfiguration}.
 *
 * <p>Two images are never joined: a convolution of both is the sum of a convolution of each.
 */
final class ResidualBlockLayer extends DenoiserLayer {
  private static final int ACTIVATION_MASK = 0;

  /** The factor of normalised arrays: {@link Swish} takes half its argument. */
  private static final double HALF = 0.5;

  private final ResidualBlockConfiguration configuration;
  private final int[] widths;
  private final int channels;
  private final GroupNormalization firstNormalization;
  private final GroupNormalization secondNormalization;
  private final Convolution[] firstConvolutions;
  private final Convolution secondConvolution;
  private final DropoutMasks dropout;
  private double droppedRate;

  ResidualBlockLayer(
      ResidualBlockConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.widths = configuration.widths();
    this.channels = configuration.channels();
    int groups = configuration.groups();
    int conditioning = configuration.normalizationConditioning();
    firstNormalization = new GroupNormalization(this, "first", groups, conditioning, HALF, widths);
    secondNormalization =
        new GroupNormalization(this, "second", groups, conditioning, HALF, channels);
    firstConvolutions = new Convolution[widths.length];
    for (int part = 0; part < widths.length; part++) {
      firstConvolutions[part] =
          convolution(
              "firstWeight" + part, part == 0 ? "firstConvolutionBias" : null, widths[part]);
    }
    secondConvolution = convolution("secondWeight", "secondConvolutionBias", channels);
    dropout = new DropoutMasks(this, configuration.dropout());
  }

  private Convolution convolution(String weight, @Nullable String bias, int inputChannels) {
    return new Convolution(
        this, weight, bias, configuration.height(), configuration.width(), inputChannels, channels);
  }

  private INDArray own(String name, INDArray[] inputs, long width) {
    return pixels(buffers(), name, inputs, width);
  }

  private INDArray shared(String name, INDArray[] inputs, long width) {
    return pixels(scratch(), "residual." + name, inputs, width);
  }

  /** The memory of an image of each example, [B, HW, width]. */
  private static INDArray pixels(Buffers buffers, String name, INDArray[] inputs, long width) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    return buffers.matrix(name, batch * length, width).reshape('c', batch, length, width);
  }

  private static INDArray rows(INDArray image) {
    return image.reshape('c', image.size(0) * image.size(1), image.size(2));
  }

  private @Nullable INDArray conditioning(INDArray[] inputs) {
    return configuration.conditioned() ? inputs[widths.length] : null;
  }

  private @Nullable INDArray normalizationConditioning(INDArray[] inputs) {
    return configuration.normalizationConditioning() > 0 ? inputs[widths.length] : null;
  }

  private INDArray[] images(INDArray[] inputs) {
    return Arrays.copyOf(inputs, widths.length);
  }

  private INDArray[] each(String name, INDArray[] inputs, Buffers buffers) {
    INDArray[] arrays = new INDArray[widths.length];
    Arrays.setAll(arrays, part -> pixels(buffers, name + part, inputs, widths[part]));
    return arrays;
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray[] xs = images(inputs);
    INDArray[] firsts = each("first", inputs, buffers());
    INDArray[] firstSigmoids = each("firstSigmoid", inputs, buffers());
    firstNormalization.forward(xs, normalizationConditioning(inputs), null, firsts);
    INDArray h = own("h", inputs, channels);
    for (int part = 0; part < xs.length; part++) {
      Swish.forwardInPlace(firsts[part], firstSigmoids[part]);
      if (part == 0) {
        firstConvolutions[part].forward(firsts[part], h);
      } else {
        INDArray more = shared("more", inputs, channels);
        firstConvolutions[part].forward(firsts[part], more);
        h.addi(more);
      }
    }

    INDArray second = own("second", inputs, channels);
    INDArray secondSigmoid = own("secondSigmoid", inputs, channels);
    secondNormalization.forward(
        new INDArray[] {h},
        normalizationConditioning(inputs),
        addend(inputs),
        new INDArray[] {second});
    long batch = xs[0].size(0);
    INDArray mask = dropout.drawOnce(training, ACTIVATION_MASK, batch, xs[0].size(1) * channels);
    droppedRate = mask == null ? 0 : configuration.dropout();
    if (mask == null) {
      Swish.forwardInPlace(second, secondSigmoid);
    } else {
      Swish.forwardInPlace(second, mask.reshape('c', second.shape()), secondSigmoid);
    }
    INDArray out = own("out", inputs, channels);
    secondConvolution.forward(second, out);
    addShortcut(xs, out);
    return out;
  }

  /** The channels of an image where an input's lie if the inputs are put beside each other. */
  private INDArray channelsOf(INDArray image, int part) {
    if (widths.length == 1) {
      return image;
    }
    int from = part == 0 ? 0 : widths[0];
    return image.get(
        NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, from + widths[part]));
  }

  /** The vector that cond adds to every pixel of h, [B, channels], or null. */
  private @Nullable INDArray addend(INDArray[] inputs) {
    INDArray conditioning = conditioning(inputs);
    if (!configuration.addsConditioning() || conditioning == null) {
      return null;
    }
    INDArray addend = buffers().matrix("addend", conditioning.size(0), channels);
    Operations.product(conditioning, parameter("conditioningWeight"), addend, 1, 0);
    return addend;
  }

  private void addShortcut(INDArray[] xs, INDArray out) {
    if (!configuration.projected()) {
      for (int part = 0; part < xs.length; part++) {
        channelsOf(out, part).addi(xs[part]);
      }
      return;
    }
    for (int part = 0; part < xs.length; part++) {
      Operations.product(rows(xs[part]), parameter("projectionWeight" + part), rows(out), 1, 1);
    }
    Operations.addToRows(rows(out), parameter("projectionBias"), rows(out));
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray[] xs = images(inputs);
    INDArray conditioningGradient = null;
    INDArray conditioning = conditioning(inputs);
    if (conditioning != null) {
      conditioningGradient =
          buffers().matrix("dConditioning", conditioning.size(0), conditioning.size(1)).assign(0);
    }
    INDArray dH = secondHalfBackward(inputs, outputGradient, conditioningGradient);
    addendBackward(inputs, dH, conditioningGradient);

    INDArray[] firsts = each("first", inputs, buffers());
    INDArray[] firstSigmoids = each("firstSigmoid", inputs, buffers());
    INDArray[] dFirsts = inputGradients(inputs);
    for (int part = 0; part < xs.length; part++) {
      firstConvolutions[part].backward(firsts[part], dH, dFirsts[part]);
      Swish.backwardInPlace(
          dFirsts[part],
          firsts[part],
          firstSigmoids[part],
          0,
          shared("work" + part, inputs, widths[part]));
    }
    firstNormalization.backwardInPlace(
        xs, dFirsts, configuration.normalizationConditioning() > 0 ? conditioningGradient : null);
    shortcutBackward(xs, outputGradient, dFirsts);
    INDArray[] gradients = Arrays.copyOf(dFirsts, inputs.length);
    if (conditioningGradient != null) {
      gradients[widths.length] = conditioningGradient;
    }
    return gradients;
  }

  /**
   * The memory for the gradients of the images, which the way back to h has used for the last time.
   */
  private INDArray[] inputGradients(INDArray[] inputs) {
    String[] free = {"second", "secondSigmoid"};
    INDArray[] gradients = new INDArray[widths.length];
    Arrays.setAll(gradients, part -> own(free[part], inputs, widths[part]));
    return gradients;
  }

  /** Carries the gradient of the result back to h. */
  private INDArray secondHalfBackward(
      INDArray[] inputs, INDArray outputGradient, @Nullable INDArray conditioningGradient) {
    INDArray second = own("second", inputs, channels);
    INDArray dH = shared("dH", inputs, channels);
    secondConvolution.backward(second, outputGradient, dH);
    Swish.backwardInPlace(
        dH,
        second,
        own("secondSigmoid", inputs, channels),
        droppedRate,
        shared("more", inputs, channels));
    secondNormalization.backwardInPlace(
        new INDArray[] {own("h", inputs, channels)},
        new INDArray[] {dH},
        configuration.normalizationConditioning() > 0 ? conditioningGradient : null);
    return dH;
  }

  private void addendBackward(
      INDArray[] inputs, INDArray dH, @Nullable INDArray conditioningGradient) {
    INDArray conditioning = conditioning(inputs);
    if (!configuration.addsConditioning() || conditioning == null || conditioningGradient == null) {
      return;
    }
    INDArray dAddend = scratch().matrix("residual.dAddend", conditioning.size(0), channels);
    ExampleSums.of(context(), dH, dAddend);
    Operations.productTransposedFirst(
        conditioning, dAddend, gradient("conditioningWeight"), 1, context().gradientBeta());
    Operations.productTransposedSecond(
        dAddend, parameter("conditioningWeight"), conditioningGradient, 1, 1);
  }

  /** Adds the gradients that come back through the shortcut. */
  private void shortcutBackward(INDArray[] xs, INDArray outputGradient, INDArray[] gradients) {
    if (!configuration.projected()) {
      for (int part = 0; part < xs.length; part++) {
        gradients[part].addi(channelsOf(outputGradient, part));
      }
      return;
    }
    INDArray dOut = rows(outputGradient);
    double beta = context().gradientBeta();
    for (int part = 0; part < xs.length; part++) {
      Operations.productTransposedFirst(
          rows(xs[part]), dOut, gradient("projectionWeight" + part), 1, beta);
      Operations.productTransposedSecond(
          dOut, parameter("projectionWeight" + part), rows(gradients[part]), 1, 1);
    }
    INDArray ones = scratch().ones("ones.rows", 1, dOut.size(0));
    Operations.product(ones, dOut, gradient("projectionBias").reshape(1, channels), 1, beta);
  }
}
