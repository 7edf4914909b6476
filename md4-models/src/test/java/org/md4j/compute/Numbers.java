package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What the tests of {@link Compute} hold its results to: the same in double, written out entry by
 * entry from the very numbers in its arguments, on odd sizes and strided views.
 *
 * <p>Bounds follow from the number format: a sum of n products is off by at most n roundings of the
 * sum of their magnitudes, and a function by a few roundings of its result and of its argument.
 * Rounding never turns two numbers' order around, so that a result in bfloat16 lies between the
 * rounded ends of the interval that it had to be in before.
 */
final class Numbers {
  /** Roundings of a value that a function's polynomial is off by, generously. */
  static final double FUNCTION = 32;

  private Numbers() {}

  /** The entries of a tensor in c order. */
  static double[] values(Tensor tensor) {
    return tensor.array().dup('c').castTo(DataType.DOUBLE).data().asDouble();
  }

  /**
   * Checks that results are as near to the expected ones as they must be; those in bfloat16, that
   * they are such numbers rounded once.
   */
  static void assertClose(Tensor actual, double[] expected, double[] bounds) {
    boolean rounded = actual.element() == Element.BF16;
    double[] got = values(actual);
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      double least = expected[i] - bounds[i];
      double most = expected[i] + bounds[i];
      assertThat(got[i])
          .as("entry %d of %s, %s", i, actual, expected[i])
          .isBetween(rounded ? nearestBf16(least) : least, rounded ? nearestBf16(most) : most);
    }
  }

  static void assertClose(Tensor actual, double[] expected, double bound) {
    double[] bounds = new double[expected.length];
    Arrays.fill(bounds, bound);
    assertClose(actual, expected, bounds);
  }

  /** Rounds a number to 8 binary digits, to the nearest, of two as near to the even one. */
  static double nearestBf16(double x) {
    double unit = Math.scalb(1.0, Math.getExponent(x) - 7);
    return Math.rint(x / unit) * unit;
  }

  static double[] zip(double[] a, double[] b, DoubleBinaryOperator operator) {
    double[] result = new double[a.length];
    Arrays.setAll(result, i -> operator.applyAsDouble(a[i], b[i]));
    return result;
  }

  static double[] map(double[] x, DoubleUnaryOperator operator) {
    return Arrays.stream(x).map(operator).toArray();
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The entries of y, each where it is used. */
  static double[] spread(Tensor y, long[] shape) {
    double[] from = values(y);
    double[] to = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < to.length; i++) {
      int rest = i;
      int index = 0;
      int stride = 1;
      for (int d = shape.length - 1; d >= 0; d--) {
        int at = (int) (rest % shape[d]);
        rest /= (int) shape[d];
        index += y.size(d) == 1 ? 0 : at * stride;
        stride *= (int) y.size(d);
      }
      to[i] = from[index];
    }
    return to;
  }

  /** What gradients are of: a number that depends on many. */
  interface Loss {
    double at(double[] x);
  }

  /** The gradient by central differences of step 1e-5, off by about 1e-10. */
  static double[] differences(double[] x, Loss loss) {
    double step = 1e-5;
    double[] result = new double[x.length];
    double[] moved = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] = x[i] + step;
      double above = loss.at(moved);
      moved[i] = x[i] - step;
      result[i] = (above - loss.at(moved)) / (2 * step);
      moved[i] = x[i];
    }
    return result;
  }

  /** An activation, in double. */
  static DoubleUnaryOperator function(Activation f) {
    return switch (f) {
      case LOGISTIC -> x -> 1 / (1 + Math.exp(-x));
      case SWISH -> x -> x / (1 + Math.exp(-x));
      case GELU ->
          x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
    };
  }
}
