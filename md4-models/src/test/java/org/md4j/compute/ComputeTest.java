package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds every implementation of {@link Compute} to a plain one in double, written out here entry by
 * entry, on odd sizes and strided views.
 *
 * <p>Bounds follow from the number format: a sum of n products is off by at most n roundings of the
 * sum of their magnitudes, and a function by a few roundings of its result and of its argument.
 */
class ComputeTest {
  /** The rounding of a number, 2^-24 in 32 bits and 2^-53 in 64. */
  private static double rounding(Compute compute) {
    return compute.element() == Element.F64 ? 0x1p-53 : 0x1p-24;
  }

  /** Roundings of a value that a function's polynomial is off by, generously. */
  private static final double FUNCTION = 32;

  private long drawn;

  static Stream<Named<Compute>> computes() {
    return Stream.of(
            ComputeBackend.nd4j(Precision.F32).open(DataType.DOUBLE),
            ComputeBackend.nd4j(Precision.F32).open(DataType.FLOAT),
            ComputeBackend.oneDnn(Precision.F32).open(DataType.FLOAT))
        .map(compute -> Named.of(compute.description(), compute));
  }

  /** A tensor of numbers in [-1, 1), another one every time. */
  private Tensor draw(Compute compute, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    new CounterRandom(17).uniforms(Purpose.TOKEN, 0).fill(drawn++, 0, values, 0, values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * values[i] - 1;
    }
    return tensor(compute, values, shape);
  }

  private static Tensor tensor(Compute compute, double[] values, long... shape) {
    return Tensor.of(
        Nd4j.createFromArray(values).castTo(compute.element().dataType()).reshape('c', shape));
  }

  private static Tensor empty(Compute compute, long... shape) {
    return new Memory(compute.element()).of(shape);
  }

  private static double[] values(Tensor tensor) {
    return tensor.array().dup('c').castTo(DataType.DOUBLE).data().asDouble();
  }

  private static void assertClose(Tensor actual, double[] expected, double[] bounds) {
    double[] got = values(actual);
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).as("entry %d", i).isCloseTo(expected[i], within(bounds[i]));
    }
  }

  private static void assertClose(Tensor actual, double[] expected, double bound) {
    double[] bounds = new double[expected.length];
    Arrays.fill(bounds, bound);
    assertClose(actual, expected, bounds);
  }

  /** The exact product of matrices and the sum of the magnitudes of what is added. */
  private record Exact(double[] sums, double[] magnitudes) {
    static Exact product(double[] a, double[] b, int m, int k, int n) {
      double[] sums = new double[m * n];
      double[] magnitudes = new double[m * n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          for (int l = 0; l < k; l++) {
            double term = a[i * k + l] * b[l * n + j];
            sums[i * n + j] += term;
            magnitudes[i * n + j] += Math.abs(term);
          }
        }
      }
      return new Exact(sums, magnitudes);
    }

    /** The bounds of a sum of so many terms. */
    double[] bounds(Compute compute, int terms) {
      return Arrays.stream(magnitudes)
          .map(x -> (terms + 2) * rounding(compute) * (x + 1))
          .toArray();
    }
  }

  @ParameterizedTest
  @MethodSource("computes")
  void productsOfMatricesPlainAndTransposed(Compute compute) {
    int m = 7;
    int k = 13;
    int n = 5;
    Tensor a = draw(compute, m, k);
    Tensor b = draw(compute, k, n);
    Exact exact = Exact.product(values(a), values(b), m, k, n);
    Tensor turnedA = empty(compute, k, m);
    compute.copy(a.transposed(), turnedA);
    Tensor turnedB = empty(compute, n, k);
    compute.copy(b.transposed(), turnedB);
    Tensor out = empty(compute, m, n);
    for (Tensor first : new Tensor[] {a, turnedA.transposed()}) {
      for (Tensor second : new Tensor[] {b, turnedB.transposed()}) {
        if (first == a || second == b) {
          compute.product(first, second, out);
          assertClose(out, exact.sums(), exact.bounds(compute, k));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("computes")
  void productsAreScaledAndAdded(Compute compute) {
    Tensor a = draw(compute, 3, 9);
    Tensor b = draw(compute, 9, 4);
    Tensor out = draw(compute, 3, 4);
    Exact exact = Exact.product(values(a), values(b), 3, 9, 4);
    double[] before = values(out);
    double[] expected = new double[before.length];
    Arrays.setAll(expected, i -> before[i] - 0.375 * exact.sums()[i]);

    compute.product(a, b, out, -0.375, true);

    assertClose(out, expected, exact.bounds(compute, 9));
  }

  /** Columns of a wider matrix, as the weights of one colour are, and rows of a longer one. */
  @ParameterizedTest
  @MethodSource("computes")
  void productsOfPartsOfMatrices(Compute compute) {
    Tensor a = draw(compute, 9, 6).interval(0, 2, 7);
    Tensor b = draw(compute, 6, 11).interval(1, 3, 7);
    Tensor out = empty(compute, 8, 4).interval(0, 1, 6);
    Exact exact = Exact.product(values(a), values(b), 5, 6, 4);

    compute.product(a, b, out);

    assertClose(out, exact.sums(), exact.bounds(compute, 6));
  }

  /** The heads of queries, keys and values beside each other, as attention sees them. */
  @ParameterizedTest
  @MethodSource("computes")
  void productsOfHeadsWithoutCopying(Compute compute) {
    int batch = 2;
    int length = 5;
    int heads = 3;
    int size = 4;
    Tensor rows = draw(compute, 10, 24);
    Tensor views = rows.reshape(batch, length, 6, size).permute(0, 2, 1, 3);
    Tensor query = views.interval(1, 0, heads);
    Tensor key = views.interval(1, heads, 6);
    Tensor scores = empty(compute, batch, heads, length, length);

    compute.product(query, key.transposed(), scores, 0.5, false);

    double[] all = values(rows);
    double[] expected = new double[(int) scores.length()];
    int next = 0;
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < length; i++) {
          for (int j = 0; j < length; j++) {
            double sum = 0;
            for (int c = 0; c < size; c++) {
              sum +=
                  all[((b * length + i) * 2 * heads + h) * size + c]
                      * all[((b * length + j) * 2 * heads + heads + h) * size + c];
            }
            expected[next++] = 0.5 * sum;
          }
        }
      }
    }
    assertClose(scores, expected, (size + 2) * size * rounding(compute));

    Tensor mixed = empty(compute, 10, 12);
    Tensor mix = mixed.reshape(batch, length, heads, size).permute(0, 2, 1, 3);
    compute.product(scores.transposed(), key, mix);
    double[] weights = values(scores);
    double[] sums = new double[(int) mixed.length()];
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < length; i++) {
          for (int j = 0; j < length; j++) {
            for (int c = 0; c < size; c++) {
              sums[((b * length + i) * heads + h) * size + c] +=
                  weights[((b * heads + h) * length + j) * length + i]
                      * all[((b * length + j) * 2 * heads + heads + h) * size + c];
            }
          }
        }
      }
    }
    assertClose(mixed, sums, (length + 2) * length * size * rounding(compute));
  }

  /**
   * Many sizes, among them those of twice as many examples as rows, of which oneDNN 3.11 computes a
   * stack of strided heads wrong.
   */
  @ParameterizedTest
  @MethodSource("computes")
  void productsOfHeadsOfManySizes(Compute compute) {
    int size = 4;
    for (int heads = 1; heads <= 3; heads++) {
      for (int length = 1; length <= 9; length++) {
        for (int batch : new int[] {1, 3, 8, 2 * length}) {
          int columns = 2 * heads * size;
          Tensor rows = draw(compute, (long) batch * length, columns);
          Tensor views = rows.reshape(batch, length, 2L * heads, size).permute(0, 2, 1, 3);
          Tensor scores = empty(compute, batch, heads, length, length);
          compute.product(
              views.interval(1, 0, heads),
              views.interval(1, heads, 2L * heads).transposed(),
              scores);
          double[] all = values(rows);
          double[] expected = new double[(int) scores.length()];
          for (int i = 0; i < expected.length; i++) {
            int key = i % length;
            int query = i / length % length;
            int head = i / (length * length) % heads;
            int first = i / (length * length * heads) * length;
            for (int c = 0; c < size; c++) {
              expected[i] +=
                  all[(first + query) * columns + head * size + c]
                      * all[(first + key) * columns + (heads + head) * size + c];
            }
          }
          assertClose(scores, expected, (size + 2) * size * rounding(compute));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("computes")
  void affineMapsAndActivatedProducts(Compute compute) {
    Tensor a = draw(compute, 6, 7);
    Tensor b = draw(compute, 7, 3);
    Tensor row = draw(compute, 3);
    Exact exact = Exact.product(values(a), values(b), 6, 7, 3);
    Tensor out = empty(compute, 6, 3);
    double[] addend = values(row);
    double[] expected = new double[18];
    Arrays.setAll(expected, i -> exact.sums()[i] + addend[i % 3]);

    compute.affine(a, b, row, out);
    assertClose(out, expected, exact.bounds(compute, 8));

    for (Activation f : Activation.values()) {
      compute.activatedProduct(a, b, f, out);
      double[] activated = Arrays.stream(exact.sums()).map(function(f)).toArray();
      assertClose(out, activated, FUNCTION * 8 * rounding(compute));
    }
  }

  private static DoubleUnaryOperator function(Activation f) {
    return switch (f) {
      case LOGISTIC -> x -> 1 / (1 + Math.exp(-x));
      case SWISH -> x -> x / (1 + Math.exp(-x));
      case GELU ->
          x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
    };
  }

  @ParameterizedTest
  @MethodSource("computes")
  void activationsAndTheirGradients(Compute compute) {
    double[] places = {-8, -3, -1, -0.25, 0.125, 0.5, 1, 2, 5, 9, -0.75};
    Tensor x = tensor(compute, places, 1, 11);
    Tensor dOut = draw(compute, 1, 11);
    double[] slopes = values(dOut);
    for (Activation f : Activation.values()) {
      DoubleUnaryOperator function = function(f);
      Tensor out = empty(compute, 1, 11);
      compute.activate(f, x, out);
      assertClose(
          out, Arrays.stream(places).map(function).toArray(), FUNCTION * 9 * rounding(compute));

      Tensor dX = empty(compute, 1, 11);
      compute.activationGradient(f, f == Activation.LOGISTIC ? out : x, dOut, dX);
      double[] expected = new double[places.length];
      double step = 1e-6;
      Arrays.setAll(
          expected,
          i ->
              slopes[i]
                  * (function.applyAsDouble(places[i] + step)
                      - function.applyAsDouble(places[i] - step))
                  / (2 * step));
      // Differences of step 1e-6 are off by about 1e-10.
      assertClose(dX, expected, 1e-9 + FUNCTION * 9 * rounding(compute));
    }
  }

  /** Shapes of x and of what is repeated: rows, columns, examples. */
  static Stream<Arguments> repeated() {
    return Stream.of(
        Arguments.of("nothing", new long[] {5, 3}, new long[] {5, 3}),
        Arguments.of("a row", new long[] {5, 3}, new long[] {1, 3}),
        Arguments.of("the row of one", new long[] {1, 3}, new long[] {1, 3}),
        Arguments.of("a column", new long[] {5, 3}, new long[] {5, 1}),
        Arguments.of("a row of each example", new long[] {2, 5, 3}, new long[] {2, 1, 3}),
        Arguments.of("a row everywhere", new long[] {2, 5, 3}, new long[] {1, 1, 3}),
        Arguments.of("an example", new long[] {2, 5, 3}, new long[] {1, 5, 3}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("repeated")
  void sumsAndProductsRepeatWhatIsSmaller(String name, long[] shape, long[] other) {
    computes()
        .map(Named::getPayload)
        .forEach(
            compute -> {
              Tensor x = draw(compute, shape);
              Tensor y = draw(compute, other);
              Tensor z = draw(compute, other);
              Tensor out = empty(compute, shape);
              double[] a = values(x);
              double[] b = spread(y, shape);
              double[] c = spread(z, shape);
              double bound = 4 * rounding(compute);

              compute.add(x, y, out);
              assertClose(out, zip(a, b, Double::sum), bound);
              compute.multiply(x, y, out);
              assertClose(out, zip(a, b, (p, q) -> p * q), bound);
              compute.multiplyAdd(x, y, z, out);
              assertClose(out, zip(zip(a, b, (p, q) -> p * q), c, Double::sum), bound);
              compute.multiplyAdd(x, y, x, out);
              assertClose(out, zip(zip(a, b, (p, q) -> p * q), a, Double::sum), bound);
              compute.add(x, y, x);
              assertClose(x, zip(a, b, Double::sum), bound);
            });
  }

  /** The entries of y, each where it is used. */
  private static double[] spread(Tensor y, long[] shape) {
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

  private static double[] zip(double[] a, double[] b, DoubleBinaryOperator operator) {
    double[] result = new double[a.length];
    Arrays.setAll(result, i -> operator.applyAsDouble(a[i], b[i]));
    return result;
  }

  /** A third of a row of three parts, as gates and scales lie. */
  @ParameterizedTest
  @MethodSource("computes")
  void whatIsRepeatedMayBeAPart(Compute compute) {
    Tensor x = draw(compute, 2, 5, 3);
    Tensor part = draw(compute, 2, 3, 3).interval(1, 1, 2);
    Tensor out = empty(compute, 2, 5, 3);
    double[] expected = zip(values(x), spread(part, x.shape()), (p, q) -> p * q);

    compute.multiply(x, part, out);

    assertClose(out, expected, rounding(compute));
  }

  @ParameterizedTest
  @MethodSource("computes")
  void linearFunctionsZerosAndRoots(Compute compute) {
    Tensor x = draw(compute, 3, 5);
    double[] before = values(x);
    Tensor out = empty(compute, 3, 5);

    compute.linear(x, -2.5, 0.75, out);
    assertClose(
        out, Arrays.stream(before).map(v -> -2.5 * v + 0.75).toArray(), 4 * rounding(compute));
    compute.reciprocalRoot(x, 0.01, out);
    // The root of 100 is taken of a number that is off by one rounding of it.
    assertClose(
        out,
        Arrays.stream(before).map(v -> 1 / Math.sqrt(Math.max(v, 0) + 0.01)).toArray(),
        FUNCTION * 10 * rounding(compute));
    compute.zero(x);
    assertThat(values(x)).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("computes")
  void sumsOverRowsAndColumns(Compute compute) {
    Tensor x = draw(compute, 2, 5, 3);
    double[] all = values(x);
    double[] examples = new double[6];
    double[] rows = new double[3];
    double[] columns = new double[10];
    for (int i = 0; i < all.length; i++) {
      examples[i / 15 * 3 + i % 3] += all[i];
      rows[i % 3] += all[i];
      columns[i / 3] += all[i];
    }
    double bound = 12 * 10 * rounding(compute);

    Tensor out = empty(compute, 2, 3);
    compute.sumRows(x, out, false);
    assertClose(out, examples, bound);

    Tensor parts = empty(compute, 2, 3, 3);
    compute.zero(parts);
    compute.sumRows(x, parts.interval(1, 2, 3), false);
    assertClose(parts.interval(1, 2, 3), examples, bound);
    assertThat(values(parts.interval(1, 0, 2))).containsOnly(0);

    Tensor row = draw(compute, 3);
    double[] before = values(row);
    compute.sumRows(x.reshape(10, 3), row, true);
    assertClose(row, zip(before, rows, Double::sum), bound);

    Tensor column = empty(compute, 10, 1);
    compute.sumColumns(x.reshape(10, 3), column);
    assertClose(column, columns, bound);
  }

  @ParameterizedTest
  @MethodSource("computes")
  void layerNormAndItsGradient(Compute compute) {
    int batch = 2;
    int length = 3;
    int width = 7;
    double epsilon = 1e-3;
    Tensor x = draw(compute, batch, length, width);
    Tensor modulation = draw(compute, batch, 3, width);
    Tensor shift = modulation.interval(1, 0, 1);
    Tensor scale = modulation.interval(1, 1, 2);
    Tensor out = empty(compute, batch, length, width);
    Tensor mean = empty(compute, batch, length);
    Tensor variance = empty(compute, batch, length);
    double[] scales = values(scale);
    double[] shifts = values(shift);
    double bound = FUNCTION * 8 * rounding(compute);

    compute.layerNorm(x, scale, shift, epsilon, out, mean, variance);
    assertClose(out, layerNorm(values(x), scales, shifts, length, width, epsilon), bound);

    Tensor dOut = draw(compute, batch, length, width);
    double[] weights = values(dOut);
    Tensor gradients = empty(compute, batch, 3, width);
    Tensor dX = empty(compute, batch, length, width);
    compute.layerNormGradient(
        x,
        mean,
        variance,
        scale,
        epsilon,
        dOut,
        dX,
        gradients.interval(1, 1, 2),
        gradients.interval(1, 0, 1));
    double[] xs = values(x);
    assertClose(
        dX,
        differences(xs, at -> dot(weights, layerNorm(at, scales, shifts, length, width, epsilon))),
        8 * bound + 1e-8);
    assertClose(
        gradients.interval(1, 1, 2),
        differences(scales, at -> dot(weights, layerNorm(xs, at, shifts, length, width, epsilon))),
        bound + 1e-8);
    assertClose(
        gradients.interval(1, 0, 1),
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

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private interface Loss {
    double at(double[] x);
  }

  private static double[] differences(double[] x, Loss loss) {
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

  @ParameterizedTest
  @MethodSource("computes")
  void rootMeanSquareNormAndItsGradient(Compute compute) {
    int width = 5;
    double epsilon = 1e-3;
    Tensor x = draw(compute, 2, 3, width);
    Tensor scale = draw(compute, width);
    Tensor out = empty(compute, 2, 3, width);
    Tensor root = empty(compute, 2, 3);
    double bound = FUNCTION * 8 * rounding(compute);
    double[] xs = values(x);
    double[] scales = values(scale);

    compute.rootMeanSquareNorm(x, scale, epsilon, out, root);
    assertClose(out, rootMeanSquareNorm(xs, scales, epsilon), bound);

    Tensor dOut = draw(compute, 2, 3, width);
    double[] weights = values(dOut);
    Tensor dScale = draw(compute, width);
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

  @ParameterizedTest
  @MethodSource("computes")
  void softmaxAndItsGradient(Compute compute) {
    int length = 3;
    int batch = 2;
    int heads = 2;
    Tensor x = draw(compute, batch, heads, length, length);
    double[] before = values(x);
    double bound = FUNCTION * 2 * rounding(compute);

    compute.softmax(x, x);
    assertClose(x, softmax(before, length), bound);

    Tensor dP = draw(compute, batch, heads, length, length);
    double[] weights = values(dP);
    double[] p = values(x);
    // By position first, as attention knows the sums.
    double[] sums = new double[batch * length * heads];
    for (int i = 0; i < p.length; i++) {
      int n = i / length % length;
      int h = i / (length * length) % heads;
      int b = i / (length * length * heads);
      sums[(b * length + n) * heads + h] += weights[i] * p[i];
    }
    Tensor byPosition = tensor(compute, sums, batch, length, heads, 1);
    compute.softmaxGradient(x, dP, byPosition.permute(0, 2, 1, 3), dP);
    assertClose(dP, differences(before, at -> dot(weights, softmax(at, length))), 4 * bound + 1e-8);
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

  @ParameterizedTest
  @MethodSource("computes")
  void rowsAreGatheredScatteredAndAdded(Compute compute) {
    Tensor table = draw(compute, 6, 3);
    double[] before = values(table);
    int[] numbers = {5, 0, 5, 2, 2, 2, 1};
    Tensor rows = Tensor.of(Nd4j.createFromArray(numbers));
    Tensor out = empty(compute, numbers.length, 3);

    compute.gatherRows(table, rows, out);
    double[] expected = new double[numbers.length * 3];
    Arrays.setAll(expected, i -> before[numbers[i / 3] * 3 + i % 3]);
    assertThat(values(out)).containsExactly(expected);

    compute.addToRows(out, rows, table);
    double[] sums = before.clone();
    for (int i = 0; i < expected.length; i++) {
      sums[numbers[i / 3] * 3 + i % 3] += expected[i];
    }
    assertClose(table, sums, 8 * rounding(compute));

    Tensor two = draw(compute, 2, 3);
    compute.scatterRows(two, Tensor.of(Nd4j.createFromArray(4, 1)), table);
    double[] written = values(table);
    assertThat(Arrays.copyOfRange(written, 12, 15))
        .containsExactly(Arrays.copyOfRange(values(two), 0, 3));
    assertThat(Arrays.copyOfRange(written, 3, 6))
        .containsExactly(Arrays.copyOfRange(values(two), 3, 6));
    assertThat(Arrays.copyOfRange(written, 0, 3))
        .containsExactly(Arrays.copyOfRange(values(table), 0, 3));
  }

  @ParameterizedTest
  @MethodSource("computes")
  void imagesAreHalvedAndDoubled(Compute compute) {
    Tensor small = draw(compute, 2, 2, 3, 5);
    Tensor large = empty(compute, 2, 4, 6, 5);
    compute.enlarge(small, large);
    double[] from = values(small);
    double[] to = values(large);
    for (int i = 0; i < to.length; i++) {
      int c = i % 5;
      int w = i / 5 % 6;
      int h = i / 30 % 4;
      int b = i / 120;
      assertThat(to[i]).isEqualTo(from[((b * 2 + h / 2) * 3 + w / 2) * 5 + c]);
    }
    Tensor noise = draw(compute, 2, 4, 6, 5);
    compute.averagePool(noise, small);
    double[] cells = values(noise);
    double[] means = new double[60];
    for (int i = 0; i < cells.length; i++) {
      int at = ((i / 120 * 2 + i / 30 % 4 / 2) * 3 + i / 5 % 6 / 2) * 5 + i % 5;
      means[at] += cells[i] / 4;
    }
    assertClose(small, means, 4 * rounding(compute));
  }

  @ParameterizedTest
  @MethodSource("computes")
  void convolutionsAndTheirGradients(Compute compute) {
    Shape shape = new Shape(2, 3, 4, 5, 6);
    Tensor x = draw(compute, 2, 3, 4, 5);
    Tensor kernel = draw(compute, 3, 3, 5, 6);
    Tensor bias = draw(compute, 6);
    Tensor out = empty(compute, 2, 3, 4, 6);
    double bound = 60 * 45 * rounding(compute);
    double[] xs = values(x);
    double[] kernels = values(kernel);
    double[] biases = values(bias);

    compute.convolve(x, kernel, bias, out);
    assertClose(out, shape.convolution(xs, kernels, biases), bound);
    Tensor plain = empty(compute, 2, 3, 4, 6);
    compute.convolve(x, kernel, null, plain);
    assertClose(plain, shape.convolution(xs, kernels, null), bound);
    compute.convolve(x, kernel, null, out);
    assertClose(out, shape.convolution(xs, kernels, null), bound);

    Tensor dOut = draw(compute, 2, 3, 4, 6);
    double[] weights = values(dOut);
    Tensor dX = empty(compute, 2, 3, 4, 5);
    Tensor dKernel = draw(compute, 3, 3, 5, 6);
    Tensor dBias = draw(compute, 6);
    double[] kernelBefore = values(dKernel);
    double[] biasBefore = values(dBias);
    double[] kernelGradient =
        differences(kernels, at -> dot(weights, shape.convolution(xs, at, biases)));
    double[] biasGradient =
        differences(biases, at -> dot(weights, shape.convolution(xs, kernels, at)));
    compute.convolutionGradient(x, kernel, dOut, dX, dKernel, dBias, true);
    assertClose(
        dX,
        differences(xs, at -> dot(weights, shape.convolution(at, kernels, biases))),
        bound + 1e-8);
    assertClose(dKernel, zip(kernelBefore, kernelGradient, Double::sum), bound + 1e-8);
    assertClose(dBias, zip(biasBefore, biasGradient, Double::sum), bound + 1e-8);

    compute.convolutionGradient(x, kernel, dOut, dX, dKernel, dBias, false);
    assertClose(dKernel, kernelGradient, bound + 1e-8);
    assertClose(dBias, biasGradient, bound + 1e-8);
    compute.convolutionGradient(x, kernel, dOut, dX, dKernel, null, false);
    assertClose(dKernel, kernelGradient, bound + 1e-8);
  }

  private record Shape(int batch, int height, int width, int in, int out) {
    double[] convolution(double[] x, double[] kernel, double @Nullable [] bias) {
      double[] y = new double[batch * height * width * out];
      for (int p = 0; p < y.length; p++) {
        int k = p % out;
        int column = p / out % width;
        int row = p / out / width % height;
        int b = p / out / width / height;
        double sum = bias == null ? 0 : bias[k];
        for (int tap = 0; tap < 9; tap++) {
          int h = row + tap / 3 - 1;
          int w = column + tap % 3 - 1;
          for (int c = 0; c < in && h >= 0 && h < height && w >= 0 && w < width; c++) {
            sum += x[((b * height + h) * width + w) * in + c] * kernel[(tap * in + c) * out + k];
          }
        }
        y[p] = sum;
      }
      return y;
    }
  }

  /** Whatever was freed, moved or collected in between, an operation finds its memory. */
  @ParameterizedTest
  @MethodSource("computes")
  void preparedOperationsOutliveCollections(Compute compute) {
    Memory memory = new Memory(compute.element());
    Tensor b = draw(compute, 4, 3);
    for (int rows = 1; rows < 40; rows++) {
      Tensor a = draw(compute, rows, 4);
      Tensor out = memory.of(rows, 3);
      compute.product(a, b, out);
      System.gc();
      compute.product(a, b, out);
      Exact exact = Exact.product(values(a), values(b), rows, 4, 3);
      assertClose(out, exact.sums(), exact.bounds(compute, 4));
    }
  }
}
