package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Adaptive layer normalisation, "adaLN-zero" (Peebles and Xie, arXiv 2212.09748, section 3.2):
 *
 * <pre>
 * a = activation(cond);  (shift, scale, gate) = a W + b
 * y = LN(x) (1 + scale) + shift                       LN: mean 0, variance 1 over channels, no parameters
 * joined = x + gate * core
 * </pre>
 *
 * <p>The activation and what is added to the variance differ between the reference's networks
 * (reference code b9fbf29): in text (networks/transformer.py, {@code mlp_type = 'glu'}) sigmoid and
 * 1e-5, in images ({@link #ofImages}) swish and 1e-6.
 *
 * <p>W and b start at zero, so a block starts as the identity. Without gate (the output head) only
 * shift and scale exist.
 */
final class AdaptiveNormalization implements BlockNormalization {
  private static final double IMAGE_EPSILON = 1e-6;

  private final DenoiserLayer layer;
  private final int width;
  private final boolean gated;
  private final ConditioningActivation activation;
  private final double epsilon;

  private INDArray conditioning;
  private INDArray selection;
  private @Nullable INDArray channelMask;

  /**
   * Makes a normalisation within a layer.
   *
   * @param gated true for a normalisation with a gate
   * @param epsilon added to the variance before its root is taken
   */
  AdaptiveNormalization(
      DenoiserLayer layer,
      int width,
      boolean gated,
      ConditioningActivation activation,
      double epsilon) {
    this.layer = layer;
    this.width = width;
    this.gated = gated;
    this.activation = activation;
    this.epsilon = epsilon;
    this.conditioning = layer.buffers().matrix("adaptive.none", 1, 1);
    this.selection = conditioning;
  }

  /** Makes a normalisation of the kind that the transformers within image networks have. */
  static AdaptiveNormalization ofImages(DenoiserLayer layer, int width, boolean gated) {
    return new AdaptiveNormalization(
        layer, width, gated, ConditioningActivation.SWISH, IMAGE_EPSILON);
  }

  static void addParameters(
      ParameterLayout layout, int width, int conditioningWidth, boolean gated) {
    int parts = gated ? 3 : 2;
    layout
        .add("modulationWeight", Initialiser.zeros(), conditioningWidth, (long) parts * width)
        .add("modulationBias", Initialiser.zeros(), (long) parts * width);
  }

  private int parts() {
    return gated ? 3 : 2;
  }

  private INDArray buffer(String name, long rows, long columns) {
    return layer.buffers().matrix("adaptive." + name, rows, columns);
  }

  private INDArray scratch(String name, long rows, long columns) {
    return layer.scratch().matrix("adaptive." + name, rows, columns);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable INDArray givenConditioning, INDArray rowSelection) {
    if (givenConditioning == null) {
      throw new IllegalArgumentException(
          "conditioning must be given to an adaptive normalisation, got none");
    }
    conditioning = givenConditioning;
    selection = rowSelection;
    modulate();
    INDArray xHat = standardise(x);

    long rows = x.size(0);
    INDArray y = buffer("normalized", rows, width);
    Operations.product(selection, buffer("scale", batch(), width), y, 1, 0);
    y.muli(xHat);
    Operations.product(selection, buffer("shift", batch(), width), y, 1, 1);
    return y;
  }

  private long batch() {
    return conditioning.size(0);
  }

  /** Fills the buffers shift, scale (with its 1 added) and gate, each [B, D]. */
  private void modulate() {
    long batch = batch();
    INDArray activated = buffer("activated", batch, conditioning.size(1));
    activation.apply(conditioning, activated);
    INDArray modulation = buffer("modulation", batch, (long) parts() * width);
    Operations.product(activated, layer.parameter("modulationWeight"), modulation, 1, 0);
    Operations.addToRows(modulation, layer.parameter("modulationBias"), modulation);
    buffer("shift", batch, width).assign(part(modulation, 0));
    buffer("scale", batch, width).assign(part(modulation, 1)).addi(1);
    if (gated) {
      buffer("gate", batch, width).assign(part(modulation, 2));
    }
  }

  private INDArray part(INDArray modulation, long index) {
    return modulation.get(
        NDArrayIndex.all(), NDArrayIndex.interval(index * width, (index + 1) * width));
  }

  /** Saves and returns xHat = (x - mean) / deviation; saves 1 / deviation. */
  private INDArray standardise(INDArray x) {
    long rows = x.size(0);
    INDArray ones = layer.scratch().ones("ones.channels", width, 1);
    INDArray xHat = buffer("xHat", rows, width);
    INDArray reciprocalDeviation = buffer("reciprocalDeviation", rows, 1);
    INDArray squares = scratch("rows", rows, width);
    Operations.product(x, ones, reciprocalDeviation, 1.0 / width, 0);
    Operations.subtractFromColumns(x, reciprocalDeviation, xHat);
    Operations.square(xHat, squares);
    Operations.product(squares, ones, reciprocalDeviation, 1.0 / width, 0);
    reciprocalDeviation.addi(epsilon);
    Operations.reciprocalSquareRootInPlace(reciprocalDeviation);
    Operations.multiplyColumns(xHat, reciprocalDeviation, xHat);
    return xHat;
  }

  @Override
  public void join(INDArray core, INDArray x, @Nullable INDArray mask, INDArray out) {
    channelMask = mask;
    Operations.product(selection, effectiveGate(), out, 1, 0);
    out.muli(core).addi(x);
  }

  private INDArray effectiveGate() {
    INDArray gate = buffer("gate", batch(), width);
    return channelMask == null
        ? gate
        : gate.mul(channelMask, scratch("maskedGate", batch(), width));
  }

  @Override
  public INDArray joinBackward(INDArray outputGradient, INDArray core) {
    long rows = core.size(0);
    INDArray coreGradient = layer.scratch().matrix("coreGradient", rows, width);
    outputGradient.muli(core, coreGradient);
    INDArray gateGradient = buffer("gateGradient", batch(), width);
    Operations.productTransposedFirst(selection, coreGradient, gateGradient, 1, 0);
    if (channelMask != null) {
      gateGradient.muli(channelMask);
    }
    Operations.product(selection, effectiveGate(), coreGradient, 1, 0);
    return coreGradient.muli(outputGradient);
  }

  @Override
  public INDArray backward(INDArray normalizedGradient, INDArray inputGradient) {
    long rows = inputGradient.size(0);
    INDArray ones = layer.scratch().ones("ones.channels", width, 1);
    INDArray xHat = buffer("xHat", rows, width);
    INDArray product = scratch("rows", rows, width);
    INDArray scaleRows = scratch("scaleRows", rows, width);
    INDArray mean = scratch("mean", rows, 1);

    INDArray shiftGradient = scratch("shiftGradient", batch(), width);
    Operations.productTransposedFirst(selection, normalizedGradient, shiftGradient, 1, 0);
    normalizedGradient.muli(xHat, product);
    INDArray scaleGradient = scratch("scaleGradient", batch(), width);
    Operations.productTransposedFirst(selection, product, scaleGradient, 1, 0);

    // dx = (g - mean(g) - xHat mean(g xHat)) / deviation, with g = dy (1 + scale).
    Operations.product(selection, buffer("scale", batch(), width), scaleRows, 1, 0);
    INDArray g = normalizedGradient.muli(scaleRows);
    product.muli(scaleRows);
    Operations.product(product, ones, mean, 1.0 / width, 0);
    Operations.multiplyColumns(xHat, mean, product);
    Operations.product(g, ones, mean, 1.0 / width, 0);
    g.subi(product);
    Operations.subtractFromColumns(g, mean, g);
    Operations.multiplyColumns(g, buffer("reciprocalDeviation", rows, 1), g);
    inputGradient.addi(g);

    return modulationBackward(shiftGradient, scaleGradient);
  }

  private INDArray modulationBackward(INDArray shiftGradient, INDArray scaleGradient) {
    long batch = batch();
    INDArray modulationGradient = scratch("modulationGradient", batch, (long) parts() * width);
    part(modulationGradient, 0).assign(shiftGradient);
    part(modulationGradient, 1).assign(scaleGradient);
    if (gated) {
      part(modulationGradient, 2).assign(buffer("gateGradient", batch, width));
    }
    double beta = layer.context().gradientBeta();
    INDArray activated = buffer("activated", batch, conditioning.size(1));
    INDArray ones = layer.scratch().ones("ones.batch", 1, batch);
    INDArray biasGradient = layer.gradient("modulationBias");
    Operations.product(
        ones, modulationGradient, biasGradient.reshape(1, biasGradient.length()), 1, beta);
    Operations.productTransposedFirst(
        activated, modulationGradient, layer.gradient("modulationWeight"), 1, beta);
    INDArray conditioningGradient = buffer("conditioningGradient", batch, conditioning.size(1));
    Operations.productTransposedSecond(
        modulationGradient, layer.parameter("modulationWeight"), conditioningGradient, 1, 0);
    activation.multiplyByDerivative(conditioning, activated, conditioningGradient);
    return conditioningGradient;
  }
}
