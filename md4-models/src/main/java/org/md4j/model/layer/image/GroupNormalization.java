package org.md4j.model.layer.image;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

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
 * an example and channel.
 *
 * <p>The channels may lie in several arrays, which saves joining them.
 */
final class GroupNormalization {
  private static final double EPSILON = 1e-6;

  private final Layer layer;
  private final Compute compute;
  private final int[] widths;
  private final int channels;
  private final @Nullable Parameter gainParameter;
  private final @Nullable Parameter biasParameter;
  private final @Nullable Parameter modulationWeight;
  private final @Nullable Parameter modulationBias;
  private final Memory centreMemory;
  private final Memory deviationMemory;
  private final Memory gainMemory;
  private final Memory factorMemory;

  /** The matrix [C, C] by which a product averages over a channel's group. */
  private final Tensor average;

  private @Nullable Tensor conditioning;

  /**
   * Makes a normalisation within a layer.
   *
   * @param name name of its parameters, as in {@link #addParameters}
   * @param conditional whether cond scales and shifts, in place of a learned gain and bias
   * @param widths channels of each of the arrays that are normalised together
   */
  GroupNormalization(Layer layer, String name, int groups, boolean conditional, int... widths) {
    this.layer = layer;
    this.compute = layer.compute();
    this.widths = widths.clone();
    this.channels = Arrays.stream(widths).sum();
    this.gainParameter = conditional ? null : layer.parameter(name + "Gain");
    this.biasParameter = conditional ? null : layer.parameter(name + "Bias");
    this.modulationWeight = conditional ? layer.parameter(name + "ModulationWeight") : null;
    this.modulationBias = conditional ? layer.parameter(name + "ModulationBias") : null;
    this.centreMemory = layer.memory();
    this.deviationMemory = layer.memory();
    this.gainMemory = layer.memory();
    this.factorMemory = layer.memory();
    this.average = layer.memory().of(channels, channels);
    fillAverage(channels / groups);
  }

  private void fillAverage(int groupWidth) {
    compute.write(
        (from, piece) -> {
          for (int i = 0; i < piece.length; i++) {
            long row = (from + i) / channels;
            long column = (from + i) % channels;
            piece[i] = row / groupWidth == column / groupWidth ? 1.0 / groupWidth : 0;
          }
        },
        average);
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
   * Normalises arrays that lie beside each other as one.
   *
   * @param xs arrays [B, HW, width], not changed; to be the same at the backward pass
   * @param givenConditioning cond [B, C], or null if there is none
   * @param addend [B, C], taken to be added to every pixel of an example: x + addend is normalised,
   *     without the sum being written anywhere; or null
   * @param outs arrays of the shapes of xs
   */
  void forward(
      Tensor[] xs, @Nullable Tensor givenConditioning, @Nullable Tensor addend, Tensor[] outs) {
    conditioning = givenConditioning;
    long batch = xs[0].size(0);
    statistics(xs, addend);
    Tensor gain = gainMemory.of(batch, channels);
    Tensor bias = layer.scratch(batch, channels);
    gainAndBias(gain, bias);
    Tensor factor = factorMemory.of(batch, channels);
    compute.multiply(gain, deviationMemory.of(batch, channels), factor);
    Tensor offset = layer.scratch(batch, channels);
    compute.multiply(factor, centreMemory.of(batch, channels), offset);
    compute.linear(offset, -1, 0, offset);
    compute.add(offset, bias, offset);
    for (int part = 0; part < xs.length; part++) {
      compute.multiplyAdd(xs[part], part(factor, part), part(offset, part), outs[part]);
    }
  }

  /** A part's columns of [B, C], as [B, 1, width]. */
  private Tensor part(Tensor array, int part) {
    long from = 0;
    for (int i = 0; i < part; i++) {
      from += widths[i];
    }
    return array.reshape(array.size(0), 1, channels).interval(2, from, from + widths[part]);
  }

  /** Fills centre, the mean without the addend, and the reciprocal deviation, both [B, C]. */
  private void statistics(Tensor[] xs, @Nullable Tensor addend) {
    long batch = xs[0].size(0);
    long length = xs[0].size(1);
    Tensor sums = layer.scratch(batch, channels);
    Tensor squareSums = layer.scratch(batch, channels);
    for (int part = 0; part < xs.length; part++) {
      Tensor squares = layer.scratch(xs[part].shape());
      compute.multiply(xs[part], xs[part], squares);
      compute.sumRows(xs[part], part(sums, part), false);
      compute.sumRows(squares, part(squareSums, part), false);
    }
    Tensor work = layer.scratch(batch, channels);
    if (addend != null) {
      // With n pixels: sum (x + e)² = sum x² + e (2 sum x + n e).
      Tensor addends = layer.scratch(batch, channels);
      compute.linear(addend, (double) length, 0, addends);
      compute.linear(sums, 2, 0, work);
      compute.add(work, addends, work);
      compute.multiply(work, addend, work);
      compute.add(squareSums, work, squareSums);
      compute.add(sums, addends, sums);
    }
    Tensor mean = centreMemory.of(batch, channels);
    Tensor deviation = deviationMemory.of(batch, channels);
    compute.product(sums, average, mean, 1.0 / length, false);
    compute.product(squareSums, average, deviation, 1.0 / length, false);
    compute.multiply(mean, mean, work);
    compute.linear(work, -1, 0, work);
    compute.add(deviation, work, deviation);
    compute.reciprocalRoot(deviation, EPSILON, deviation);
    if (addend != null) {
      compute.linear(addend, -1, 0, work);
      compute.add(mean, work, mean);
    }
  }

  /** Writes the factor and the addend of xHat, [B, C] each. */
  private void gainAndBias(Tensor gain, Tensor bias) {
    long batch = gain.size(0);
    if (modulationWeight != null && modulationBias != null) {
      Tensor modulation = layer.scratch(batch, 2L * channels);
      compute.affine(
          Objects.requireNonNull(conditioning),
          modulationWeight.value(),
          modulationBias.value(),
          modulation);
      compute.copy(modulation.interval(1, 0, channels), gain);
      compute.linear(gain, 1, 1, gain);
      compute.copy(modulation.interval(1, channels, 2L * channels), bias);
      return;
    }
    spread(Objects.requireNonNull(gainParameter), gain);
    spread(Objects.requireNonNull(biasParameter), bias);
  }

  /** Writes a parameter's vector to every row. */
  private void spread(Parameter vector, Tensor rows) {
    compute.zero(rows);
    compute.add(rows, vector.value().reshape(1, channels), rows);
  }

  /**
   * Computes the gradients of xs, and writes those of the parameters.
   *
   * @param xs arrays as in the forward pass
   * @param gradients gradients of outs, not changed
   * @param results overwritten by the gradients of xs; may be gradients
   * @param conditioningGradient [B, C], to which cond's gradient is added; null without cond
   */
  void backward(
      Tensor[] xs, Tensor[] gradients, Tensor[] results, @Nullable Tensor conditioningGradient) {
    long batch = xs[0].size(0);
    long length = xs[0].size(1);
    Tensor biasGradient = layer.scratch(batch, channels);
    Tensor gainGradient = layer.scratch(batch, channels);
    Tensor[] work = new Tensor[xs.length];
    for (int part = 0; part < xs.length; part++) {
      work[part] = layer.scratch(xs[part].shape());
      compute.multiply(gradients[part], xs[part], work[part]);
      compute.sumRows(gradients[part], part(biasGradient, part), false);
      compute.sumRows(work[part], part(gainGradient, part), false);
    }
    // sum(g xHat) = (sum(g x) - centre sum(g)) / deviation
    Tensor centre = centreMemory.of(batch, channels);
    Tensor deviation = deviationMemory.of(batch, channels);
    Tensor product = layer.scratch(batch, channels);
    compute.multiply(centre, biasGradient, product);
    compute.linear(product, -1, 0, product);
    compute.add(gainGradient, product, gainGradient);
    compute.multiply(gainGradient, deviation, gainGradient);
    parameterGradients(gainGradient, biasGradient, conditioningGradient);

    // With h = gain g: dx = (h - mean(h) - xHat mean(h xHat)) / deviation = factor g + slope x +
    // level.
    Tensor gain = gainMemory.of(batch, channels);
    Tensor slope = layer.scratch(batch, channels);
    Tensor level = layer.scratch(batch, channels);
    compute.multiply(gainGradient, gain, gainGradient);
    compute.product(gainGradient, average, slope, -1.0 / length, false);
    compute.multiply(slope, deviation, slope);
    compute.multiply(slope, deviation, slope);
    compute.multiply(biasGradient, gain, biasGradient);
    compute.product(biasGradient, average, level, -1.0 / length, false);
    compute.multiply(level, deviation, level);
    compute.multiply(slope, centre, product);
    compute.linear(product, -1, 0, product);
    compute.add(level, product, level);
    Tensor factor = factorMemory.of(batch, channels);
    for (int part = 0; part < xs.length; part++) {
      compute.multiplyAdd(xs[part], part(slope, part), part(level, part), work[part]);
      compute.multiplyAdd(gradients[part], part(factor, part), work[part], results[part]);
    }
  }

  private void parameterGradients(
      Tensor gainGradient, Tensor biasGradient, @Nullable Tensor conditioningGradient) {
    long batch = gainGradient.size(0);
    boolean accumulate = layer.accumulating();
    if (modulationWeight == null || modulationBias == null) {
      compute.sumRows(gainGradient, Objects.requireNonNull(gainParameter).gradient(), accumulate);
      compute.sumRows(biasGradient, Objects.requireNonNull(biasParameter).gradient(), accumulate);
      return;
    }
    Tensor modulation = layer.scratch(batch, 2L * channels);
    compute.copy(gainGradient, modulation.interval(1, 0, channels));
    compute.copy(biasGradient, modulation.interval(1, channels, 2L * channels));
    compute.sumRows(modulation, modulationBias.gradient(), accumulate);
    Tensor cond = Objects.requireNonNull(conditioning);
    compute.product(cond.transposed(), modulation, modulationWeight.gradient(), 1, accumulate);
    compute.product(
        modulation,
        modulationWeight.value().transposed(),
        Objects.requireNonNull(conditioningGradient),
        1,
        true);
  }
}
