package org.md4j.model.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Group normalisation (Wu and He, arXiv 1803.08494) of images [B, HW, C]: the channels fall into G
 * groups of neighbours, and
 *
 * <pre>
 * xHat = (x - mean) / sqrt(variance + 1e-6)       mean and variance over an example's pixels and a group
 * y = gain xHat + bias                            one gain and bias a channel; or, conditional:
 * y = (1 + scale) xHat + shift                    (scale, shift) = cond W + b, W and b zero at the start
 * </pre>
 *
 * <p>The variance is {@code mean(x²) - mean²}, cut off below 0, as Flax computes it; everything but
 * three passes over x is done on [B, C] arrays: y = factor x + offset, with one factor and offset
 * an example and channel. The caller may ask for y / 2, the argument of {@link Swish}.
 *
 * <p>The channels may lie in several arrays, which saves joining them.
 */
final class GroupNormalization {
  private static final double EPSILON = 1e-6;

  private final DenoiserLayer layer;
  private final String name;
  private final int conditioningWidth;
  private final double multiple;
  private final int[] widths;
  private final int channels;

  /** The matrix [C, C] by which a product averages over a channel's group. */
  private final INDArray average;

  private @Nullable INDArray conditioning;

  /**
   * Makes a normalisation within a layer.
   *
   * @param name name of its parameters and buffers, as in {@link #addParameters}
   * @param conditioningWidth C of cond, or 0 for a learned gain and bias
   * @param multiple factor of the result: 1, or 0.5 if it goes to a {@link Swish}
   * @param widths channels of each of the arrays that are normalised together
   */
  GroupNormalization(
      DenoiserLayer layer,
      String name,
      int groups,
      int conditioningWidth,
      double multiple,
      int... widths) {
    this.layer = layer;
    this.name = name;
    this.conditioningWidth = conditioningWidth;
    this.multiple = multiple;
    this.widths = widths.clone();
    this.channels = Arrays.stream(widths).sum();
    this.average = buffer("average", channels, channels);
    fillAverage(channels / groups);
  }

  private void fillAverage(int groupWidth) {
    double[][] entries = new double[channels][channels];
    for (int i = 0; i < channels; i++) {
      int group = i / groupWidth * groupWidth;
      Arrays.fill(entries[i], group, group + groupWidth, 1.0 / groupWidth);
    }
    try (INDArray matrix = Nd4j.createFromArray(entries)) {
      average.assign(matrix);
    }
  }

  /** Adds the parameters of a normalisation to a layer's layout. */
  static void addParameters(
      ParameterLayout layout, String name, int channels, int conditioningWidth) {
    if (conditioningWidth > 0) {
      layout
          .add(name + "ModulationWeight", Initialiser.zeros(), conditioningWidth, 2L * channels)
          .add(name + "ModulationBias", Initialiser.zeros(), 2L * channels);
    } else {
      layout
          .add(name + "Gain", Initialiser.ones(), channels)
          .add(name + "Bias", Initialiser.zeros(), channels);
    }
  }

  /**
   * Checks that groups divide the channels.
   *
   * @throws IllegalArgumentException if they do not
   */
  static void requireGroups(int groups, int channels) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "groups (" + groups + ") must divide the number of channels, got " + channels);
    }
  }

  private INDArray buffer(String part, long rows, long columns) {
    return layer.buffers().matrix(name + "." + part, rows, columns);
  }

  private INDArray scratch(String part, long rows, long columns) {
    return layer.scratch().matrix("groupNormalization." + part, rows, columns);
  }

  private INDArray scratchLike(INDArray x) {
    return scratch("pixels", x.size(0) * x.size(1), x.size(2)).reshape('c', x.shape());
  }

  /** Normalises one array without addend. */
  void forward(INDArray x, @Nullable INDArray givenConditioning, INDArray out) {
    forward(new INDArray[] {x}, givenConditioning, null, new INDArray[] {out});
  }

  /**
   * Normalises arrays that lie beside each other as one.
   *
   * @param xs arrays [B, HW, width], not changed; to be the same at the backward pass
   * @param givenConditioning cond [B, C], or null if there is none
   * @param addend [B, C], taken to be added to every pixel of an example: x + addend is normalised,
   *     without the sum being written anywhere; or null
   * @param outs arrays of the shapes of xs
   */
  void forward(
      INDArray[] xs,
      @Nullable INDArray givenConditioning,
      @Nullable INDArray addend,
      INDArray[] outs) {
    conditioning = givenConditioning;
    long batch = xs[0].size(0);
    statistics(xs, addend);
    INDArray factor = buffer("factor", batch, channels);
    INDArray offset = scratch("offset", batch, channels);
    gain(batch).muli(buffer("reciprocalDeviation", batch, channels), factor);
    factor.muli(buffer("centre", batch, channels), offset);
    bias(batch).subi(offset, offset);
    if (multiple != 1) {
      factor.muli(multiple);
      offset.muli(multiple);
    }
    for (int part = 0; part < xs.length; part++) {
      Operations.multiplyExamples(xs[part], columns(factor, part), outs[part]);
      Operations.addToExamples(outs[part], columns(offset, part), outs[part]);
    }
  }

  /** Fills centre, the mean without the addend, and reciprocalDeviation, both [B, C]. */
  private void statistics(INDArray[] xs, @Nullable INDArray addend) {
    long batch = xs[0].size(0);
    long length = xs[0].size(1);
    INDArray sums = scratch("sums", batch, channels);
    INDArray squareSums = scratch("squareSums", batch, channels);
    for (int part = 0; part < xs.length; part++) {
      INDArray squares = scratchLike(xs[part]);
      Operations.square(xs[part], squares);
      sum(xs[part], part, sums);
      sum(squares, part, squareSums);
    }
    INDArray work = scratch("work", batch, channels);
    if (addend != null) {
      // With n pixels: sum (x + e)² = sum x² + e (2 sum x + n e).
      sums.muli(2, work);
      work.addi(addend.mul(length, scratch("addends", batch, channels))).muli(addend);
      squareSums.addi(work);
      sums.addi(scratch("addends", batch, channels));
    }
    INDArray mean = buffer("centre", batch, channels);
    INDArray deviation = buffer("reciprocalDeviation", batch, channels);
    Operations.product(sums, average, mean, 1.0 / length, 0);
    Operations.product(squareSums, average, deviation, 1.0 / length, 0);
    Operations.square(mean, work);
    deviation.subi(work);
    Operations.cutOffBelowZero(deviation);
    deviation.addi(EPSILON);
    Operations.reciprocalSquareRootInPlace(deviation);
    if (addend != null) {
      mean.subi(addend);
    }
  }

  /** Writes the sums of a part's examples to its columns of a [B, C] array. */
  private void sum(INDArray x, int part, INDArray out) {
    if (widths.length == 1) {
      ExampleSums.of(layer.context(), x, out);
    } else {
      INDArray sums = scratch("partSums", x.size(0), widths[part]);
      ExampleSums.of(layer.context(), x, sums);
      cut(out, part).assign(sums);
    }
  }

  private INDArray cut(INDArray array, int part) {
    long from = 0;
    for (int i = 0; i < part; i++) {
      from += widths[i];
    }
    return array.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + widths[part]));
  }

  /** Returns the columns of a part, contiguous. */
  private INDArray columns(INDArray array, int part) {
    return widths.length == 1
        ? array
        : scratch("columns", array.size(0), widths[part]).assign(cut(array, part));
  }

  /** The factor of xHat, [B, C]. */
  private INDArray gain(long batch) {
    INDArray gain = buffer("gain", batch, channels);
    if (conditioningWidth > 0) {
      return gain.assign(modulation(batch, 0)).addi(1);
    }
    Operations.product(ones(batch, 1), row("Gain"), gain, 1, 0);
    return gain;
  }

  /** The addend of the normalised array, [B, C]. */
  private INDArray bias(long batch) {
    INDArray bias = scratch("bias", batch, channels);
    if (conditioningWidth > 0) {
      return bias.assign(modulation(batch, 1));
    }
    Operations.product(ones(batch, 1), row("Bias"), bias, 1, 0);
    return bias;
  }

  private INDArray modulation(long batch, int part) {
    INDArray modulation = scratch("modulation", batch, 2L * channels);
    if (part == 0) {
      Operations.product(
          given(conditioning), layer.parameter(name + "ModulationWeight"), modulation, 1, 0);
      Operations.addToRows(modulation, layer.parameter(name + "ModulationBias"), modulation);
    }
    return half(modulation, part);
  }

  private INDArray half(INDArray modulation, long part) {
    return modulation.get(
        NDArrayIndex.all(), NDArrayIndex.interval(part * channels, (part + 1) * channels));
  }

  private INDArray given(@Nullable INDArray array) {
    if (array == null) {
      throw new IllegalArgumentException(
          "conditioning must be given to a conditional group normalisation, got none");
    }
    return array;
  }

  private INDArray ones(long rows, long columns) {
    return layer.scratch().ones("ones." + rows + "x" + columns, rows, columns);
  }

  private INDArray row(String parameter) {
    return layer.parameter(name + parameter).reshape('c', 1, channels);
  }

  /**
   * Replaces the gradients of the results by those of xs, and writes those of the parameters.
   *
   * @param xs arrays as in the forward pass
   * @param gradients gradients of outs; become those of xs
   * @param conditioningGradient [B, C], to which cond's gradient is added; null without cond
   */
  void backwardInPlace(
      INDArray[] xs, INDArray[] gradients, @Nullable INDArray conditioningGradient) {
    long batch = xs[0].size(0);
    long length = xs[0].size(1);
    INDArray biasGradient = scratch("biasGradient", batch, channels);
    INDArray gainGradient = scratch("gainGradient", batch, channels);
    for (int part = 0; part < xs.length; part++) {
      INDArray products = scratchLike(xs[part]);
      gradients[part].muli(xs[part], products);
      sum(gradients[part], part, biasGradient);
      sum(products, part, gainGradient);
    }
    // sum(g xHat) = (sum(g x) - centre sum(g)) / deviation
    INDArray centre = buffer("centre", batch, channels);
    INDArray reciprocalDeviation = buffer("reciprocalDeviation", batch, channels);
    INDArray work = scratch("work", batch, channels);
    centre.muli(biasGradient, work);
    gainGradient.subi(work).muli(reciprocalDeviation);
    if (multiple != 1) {
      gainGradient.muli(multiple);
      biasGradient.muli(multiple);
    }
    parameterGradients(gainGradient, biasGradient, conditioningGradient);

    // With h = gain g: dx = (h - mean(h) - xHat mean(h xHat)) / deviation = factor g + slope x +
    // level.
    INDArray gain = buffer("gain", batch, channels);
    INDArray slope = scratch("slope", batch, channels);
    INDArray level = scratch("level", batch, channels);
    Operations.product(gainGradient.muli(gain), average, slope, -1.0 / length, 0);
    slope.muli(reciprocalDeviation).muli(reciprocalDeviation);
    Operations.product(biasGradient.muli(gain), average, level, -1.0 / length, 0);
    level.muli(reciprocalDeviation);
    slope.muli(centre, work);
    level.subi(work);
    INDArray factor = buffer("factor", batch, channels);
    for (int part = 0; part < xs.length; part++) {
      INDArray gradient = gradients[part];
      INDArray sloped = scratchLike(xs[part]);
      Operations.multiplyExamples(gradient, columns(factor, part), gradient);
      Operations.multiplyExamples(xs[part], columns(slope, part), sloped);
      gradient.addi(sloped);
      Operations.addToExamples(gradient, columns(level, part), gradient);
    }
  }

  private void parameterGradients(
      INDArray gainGradient, INDArray biasGradient, @Nullable INDArray conditioningGradient) {
    long batch = gainGradient.size(0);
    double beta = layer.context().gradientBeta();
    INDArray ones = ones(1, batch);
    if (conditioningWidth == 0) {
      Operations.product(ones, gainGradient, gradientRow("Gain", channels), 1, beta);
      Operations.product(ones, biasGradient, gradientRow("Bias", channels), 1, beta);
      return;
    }
    INDArray modulation = scratch("modulation", batch, 2L * channels);
    half(modulation, 0).assign(gainGradient);
    half(modulation, 1).assign(biasGradient);
    Operations.product(ones, modulation, gradientRow("ModulationBias", 2 * channels), 1, beta);
    Operations.productTransposedFirst(
        given(conditioning), modulation, layer.gradient(name + "ModulationWeight"), 1, beta);
    Operations.productTransposedSecond(
        modulation, layer.parameter(name + "ModulationWeight"), given(conditioningGradient), 1, 1);
  }

  private INDArray gradientRow(String parameter, int width) {
    return layer.gradient(name + parameter).reshape('c', 1, width);
  }
}
