package org.md4j.compute;

import static org.md4j.compute.Numbers.FUNCTION;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.differences;
import static org.md4j.compute.Numbers.dot;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the normalisations of every {@link Compute} and the softmax to their formulas in double,
 * and their gradients to differences of those.
 */
class NormalizationTest {
  private final Tensors tensors = new Tensors();

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#toEither")
  void layerNormAndItsGradient(Formats formats) {
    Compute compute = formats.compute();
    int batch = 2;
    int length = 3;
    int width = 7;
    double epsilon = 1e-3;
    Tensor x = tensors.draw(formats.in(), batch, length, width);
    Tensor modulation = tensors.draw(formats.in(), batch, 3, width);
    Tensor shift = modulation.interval(1, 0, 1);
    Tensor scale = modulation.interval(1, 1, 2);
    Tensor out = Tensors.empty(formats.out(), batch, length, width);
    Tensor mean = Tensors.empty(formats.element(), batch, length);
    Tensor variance = Tensors.empty(formats.element(), batch, length);
    double[] scales = values(scale);
    double[] shifts = values(shift);
    double bound = FUNCTION * 8 * formats.rounding();

    compute.layerNorm(x, scale, shift, epsilon, out, mean, variance);
    assertClose(out, layerNorm(values(x), scales, shifts, length, width, epsilon), bound);

    Tensor dOut = tensors.draw(formats.element(), batch, length, width);
    double[] weights = values(dOut);
    Tensor gradients = Tensors.empty(formats.element(), batch, 3, width);
    Tensor dScale = gradients.interval(1, 1, 2);
    Tensor dShift = gradients.interval(1, 0, 1);
    Tensor dX = Tensors.empty(formats.element(), batch, length, width);
    compute.layerNormGradient(x, mean, variance, scale, epsilon, dOut, dX, dScale, dShift);
    double[] xs = values(x);
    assertClose(
        dX,
        differences(xs, at -> dot(weights, layerNorm(at, scales, shifts, length, width, epsilon))),
        8 * bound + 1e-8);
    assertClose(
        dScale,
        differences(scales, at -> dot(weights, layerNorm(xs, at, shifts, length, width, epsilon))),
        bound + 1e-8);
    assertClose(
        dShift,
        differences(shifts, at -> dot(weights, layerNorm(xs, scales, at, length, width, epsilon))),
        bound + 1e-8);
  }

  private static double[] layerNorm(
      double[] x, double[] scale, double[] shift, int length, int width, double epsilon) {
    double[] y = new double[x.length];
    for (int r = 0; r < x.length / width; r++) {
      double[] row = Arrays.copyOfRange(x, r * width, (r + 1) * width);
      double mean = Arrays.stream(row).average().orElseThrow();
      double variance =
          Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int d = 0; d < width; d++) {
        int at = r / length * width + d;
        y[r * width + d] = scale[at] * (row[d] - mean) / Math.sqrt(variance + epsilon) + shift[at];
      }
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#toEither")
  void rootMeanSquareNormAndItsGradient(Formats formats) {
    Compute compute = formats.compute();
    int width = 5;
    double epsilon = 1e-3;
    Tensor x = tensors.draw(formats.in(), 2, 3, width);
    Tensor scale = tensors.draw(formats.in(), width);
    Tensor out = Tensors.empty(formats.out(), 2, 3, width);
    Tensor root = Tensors.empty(formats.element(), 2, 3);
    double bound = FUNCTION * 8 * formats.rounding();
    double[] xs = values(x);
    double[] scales = values(scale);

    compute.rootMeanSquareNorm(x, scale, epsilon, out, root);
    assertClose(out, rootMeanSquareNorm(xs, scales, epsilon), bound);

    Tensor dOut = tensors.draw(formats.element(), 2, 3, width);
    double[] weights = values(dOut);
    Tensor dScale = tensors.draw(formats.element(), width);
    double[] before = values(dScale);
    compute.rootMeanSquareNormGradient(x, root, scale, epsilon, dOut, dOut, dScale, true);
    assertClose(
        dOut,
        differences(xs, at -> dot(weights, rootMeanSquareNorm(at, scales, epsilon))),
        8 * bound + 1e-8);
    assertClose(
        dScale,
        zip(
            before,
            differences(scales, at -> dot(weights, rootMeanSquareNorm(xs, at, epsilon))),
            Double::sum),
        bound + 1e-8);
  }

  private static double[] rootMeanSquareNorm(double[] x, double[] scale, double epsilon) {
    int width = scale.length;
    double[] y = new double[x.length];
    for (int r = 0; r < x.length / width; r++) {
      double[] row = Arrays.copyOfRange(x, r * width, (r + 1) * width);
      double square = Arrays.stream(row).map(v -> v * v).average().orElseThrow();
      for (int d = 0; d < width; d++) {
        y[r * width + d] = scale[d] * row[d] / Math.sqrt(square + epsilon);
      }
    }
    return y;
  }

  private static final int HEADS = 2;
  private static final int LENGTH = 3;
  private static final long[] SCORES = {2, HEADS, LENGTH, LENGTH};

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#toEither")
  void softmaxes(Formats formats) {
    Tensor x = tensors.draw(formats.in(), SCORES);
    Tensor out = Tensors.empty(formats.out(), SCORES);
    double[] expected = softmax(values(x), LENGTH);
    double bound = FUNCTION * 2 * formats.rounding();

    formats.compute().softmax(x, out);
    assertClose(out, expected, bound);
    formats.compute().softmax(x, x);
    assertClose(x, expected, bound);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void gradientsOfSoftmaxes(Formats formats) {
    Compute compute = formats.compute();
    Tensor x = tensors.draw(formats.in(), SCORES);
    double[] before = values(x);
    compute.softmax(x, x);
    Tensor dP = tensors.draw(formats.element(), SCORES);
    double[] weights = values(dP);

    compute.softmaxGradient(x, dP, sums(formats, x, dP), dP);

    assertClose(
        dP,
        differences(before, at -> dot(weights, softmax(at, LENGTH))),
        4 * FUNCTION * 2 * formats.rounding() + 1e-8);
  }

  /** Rounded probabilities are no softmax, whose differences these could be: the formula is. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void gradientsOfRoundedSoftmaxes(Formats formats) {
    Compute compute = formats.compute();
    Tensor x = tensors.draw(formats.element(), SCORES);
    Tensor p = Tensors.empty(formats.in(), SCORES);
    compute.softmax(x, p);
    Tensor dP = tensors.draw(formats.element(), SCORES);
    Tensor sums = sums(formats, p, dP);
    double[] row = values(sums);
    double[] differences = values(dP);
    Arrays.setAll(differences, i -> differences[i] - row[i / LENGTH]);
    Tensor dX = Tensors.empty(formats.out(), SCORES);

    compute.softmaxGradient(p, dP, sums, dX);

    assertClose(
        dX, zip(values(p), differences, (q, d) -> q * d), 4 * FUNCTION * 2 * formats.rounding());
  }

  /** The rows' sums of p dP, by position first, as attention knows them. */
  private static Tensor sums(Formats formats, Tensor p, Tensor dP) {
    double[] products = zip(values(p), values(dP), (q, d) -> q * d);
    double[] sums = new double[products.length / LENGTH];
    for (int i = 0; i < products.length; i++) {
      int n = i / LENGTH % LENGTH;
      int h = i / (LENGTH * LENGTH) % HEADS;
      int b = i / (LENGTH * LENGTH * HEADS);
      sums[(b * LENGTH + n) * HEADS + h] += products[i];
    }
    return Tensors.of(formats.element(), sums, 2, LENGTH, HEADS, 1).permute(0, 2, 1, 3);
  }

  private static double[] softmax(double[] x, int width) {
    double[] y = new double[x.length];
    for (int r = 0; r < x.length / width; r++) {
      double sum = 0;
      for (int d = 0; d < width; d++) {
        sum += Math.exp(x[r * width + d]);
      }
      for (int d = 0; d < width; d++) {
        y[r * width + d] = Math.exp(x[r * width + d]) / sum;
      }
    }
    return y;
  }
}
