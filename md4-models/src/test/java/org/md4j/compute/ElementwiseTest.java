package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.md4j.compute.Numbers.FUNCTION;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.function;
import static org.md4j.compute.Numbers.map;
import static org.md4j.compute.Numbers.nearestBf16;
import static org.md4j.compute.Numbers.spread;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what every {@link Compute} does entry by entry to the same in double. */
class ElementwiseTest {
  /** Places of activations, exact in bfloat16. */
  private static final double[] PLACES = {-8, -3, -1, -0.25, 0.125, 0.5, 1, 2, 5, 9, -0.75};

  private final Tensors tensors = new Tensors();

  /** Ties of bfloat16 and their neighbours, of both signs and of several magnitudes. */
  private static double[] ties() {
    double[] mantissas = {
      1,
      1 + 0x1p-7,
      1 + 0x1p-8,
      1 + 0x1p-8 - 0x1p-23,
      1 + 0x1p-8 + 0x1p-23,
      1 + 3 * 0x1p-8,
      1 + 3 * 0x1p-8 - 0x1p-23,
      1 + 5 * 0x1p-8,
      2 - 0x1p-8,
      2 - 0x1p-8 - 0x1p-23,
      2 - 0x1p-23,
      1.7
    };
    double[] scales = {1, -1, 0x1p-100, -0x1p100, 3 * 0x1p10, 0};
    double[] values = new double[mantissas.length * scales.length];
    Arrays.setAll(
        values, i -> (float) (mantissas[i % mantissas.length] * scales[i / mantissas.length]));
    return values;
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void copiesAreRoundedToTheNearestOrTheEvenNumber(Formats formats) {
    assertThat(nearestBf16(1 + 0x1p-8)).isEqualTo(1);
    assertThat(nearestBf16(1 + 3 * 0x1p-8)).isEqualTo(1 + 0x1p-6);
    double[] given = ties();
    Tensor x =
        Tensors.of(
            formats.in(),
            formats.in() == Element.BF16 ? map(given, Numbers::nearestBf16) : given,
            12,
            6);
    double[] expected =
        formats.out() == Element.BF16 ? map(values(x), Numbers::nearestBf16) : values(x);
    Tensor out = Tensors.empty(formats.out(), 12, 6);

    formats.compute().copy(x, out);

    assertThat(values(out)).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void copiesOfAndToParts(Formats formats) {
    Tensor x = tensors.draw(formats.in(), 4, 5, 7).interval(2, 1, 4).permute(0, 2, 1);
    double[] expected =
        formats.out() == Element.BF16 ? map(values(x), Numbers::nearestBf16) : values(x);
    Tensor whole = Tensors.filled(formats.out(), 9, 4, 6, 5);

    formats.compute().copy(x, whole.interval(1, 2, 5));

    assertThat(values(whole.interval(1, 2, 5))).containsExactly(expected);
    assertThat(values(whole.interval(1, 0, 2))).containsOnly(9);
    assertThat(values(whole.interval(1, 5, 6))).containsOnly(9);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void activations(Formats formats) {
    for (Activation f : Activation.values()) {
      Tensor x = Tensors.of(formats.in(), PLACES, 1, 11);
      Tensor out = Tensors.empty(formats.out(), 1, 11);
      double[] expected = map(PLACES, function(f));
      double bound = FUNCTION * 9 * formats.rounding();

      formats.compute().activate(f, x, out);
      assertClose(out, expected, bound);
      formats.compute().activate(f, x, x);
      assertClose(x, expected, bound);
    }
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofOneOfEither")
  void gradientsOfActivations(Formats formats) {
    Tensor x = Tensors.of(formats.in(), PLACES, 1, 11);
    for (Activation f : Activation.values()) {
      Tensor dOut = tensors.draw(formats.in(), 1, 11);
      Tensor known = x;
      if (f == Activation.LOGISTIC) {
        known = Tensors.empty(formats.in(), 1, 11);
        formats.compute().activate(f, x, known);
      }
      // The result is rounded, and the gradient is taken where the rounded one is exact.
      double[] places =
          f == Activation.LOGISTIC ? map(values(known), y -> Math.log(y / (1 - y))) : PLACES;
      DoubleUnaryOperator function = function(f);
      double step = 1e-6;
      double[] expected =
          zip(
              values(dOut),
              places,
              (slope, at) ->
                  slope
                      * (function.applyAsDouble(at + step) - function.applyAsDouble(at - step))
                      / (2 * step));
      // Differences of step 1e-6 are off by about 1e-10.
      double bound = 1e-9 + FUNCTION * 9 * formats.rounding();
      Tensor dX = Tensors.empty(formats.out(), 1, 11);

      formats.compute().activationGradient(f, known, dOut, dX);
      assertClose(dX, expected, bound);
      formats.compute().activationGradient(f, known, dOut, dOut);
      assertClose(dOut, expected, bound);
    }
  }

  /** The shapes of x and of what is repeated: rows, columns, examples. */
  private record Repetition(String what, long[] shape, long[] other) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Arguments> repetitions() {
    return Stream.of(
            new Repetition("nothing", new long[] {5, 3}, new long[] {5, 3}),
            new Repetition("a row", new long[] {5, 3}, new long[] {1, 3}),
            new Repetition("the row of one", new long[] {1, 3}, new long[] {1, 3}),
            new Repetition("a column", new long[] {5, 3}, new long[] {5, 1}),
            new Repetition("a row of each example", new long[] {2, 5, 3}, new long[] {2, 1, 3}),
            new Repetition("a row everywhere", new long[] {2, 5, 3}, new long[] {1, 1, 3}),
            new Repetition("an example", new long[] {2, 5, 3}, new long[] {1, 5, 3}))
        .flatMap(
            repetition ->
                Formats.fromEitherToEither().map(formats -> Arguments.of(repetition, formats)));
  }

  @ParameterizedTest
  @MethodSource("repetitions")
  void sumsAndProductsRepeatWhatIsSmaller(Repetition repetition, Formats formats) {
    Compute compute = formats.compute();
    long[] shape = repetition.shape();
    double bound = 4 * formats.rounding();
    for (Element type : formats.eitherType()) {
      Tensor x = tensors.draw(formats.in(), shape);
      Tensor y = tensors.draw(type, repetition.other());
      Tensor z = tensors.draw(type, repetition.other());
      Tensor out = Tensors.empty(formats.out(), shape);
      double[] a = values(x);
      double[] b = spread(y, shape);
      double[] c = spread(z, shape);
      double[] sums = zip(a, b, Double::sum);
      double[] products = zip(a, b, (p, q) -> p * q);

      compute.add(x, y, out);
      assertClose(out, sums, bound);
      compute.multiply(x, y, out);
      assertClose(out, products, bound);
      compute.multiplyAdd(x, y, z, out);
      assertClose(out, zip(products, c, Double::sum), bound);
      compute.multiplyAdd(x, y, x, out);
      assertClose(out, zip(products, a, Double::sum), bound);
      if (Arrays.equals(shape, repetition.other())) {
        compute.multiply(x, y, y);
        assertClose(y, products, bound);
      } else {
        compute.add(x, y, x);
        assertClose(x, sums, bound);
      }
    }
  }

  /** The product is a tie of bfloat16, and with half a unit more it is exact. */
  @ParameterizedTest
  @MethodSource("repetitions")
  void aProductIsNotRoundedBeforeTheSum(Repetition repetition, Formats formats) {
    Tensor x = Tensors.filled(formats.in(), 1 + 0x1p-4, repetition.shape());
    Tensor y = Tensors.filled(formats.in(), 1 + 0x1p-4, repetition.other());
    Tensor z = Tensors.filled(formats.in(), 0x1p-8, repetition.other());
    Tensor out = Tensors.empty(formats.out(), repetition.shape());

    formats.compute().multiplyAdd(x, y, z, out);

    assertThat(values(out)).containsOnly(1 + 0x1p-3 + 0x1p-7);
  }

  /** A third of a row of three parts, as gates and scales lie. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void whatIsRepeatedMayBeAPart(Formats formats) {
    for (Element type : formats.eitherType()) {
      Tensor x = tensors.draw(formats.in(), 2, 5, 3);
      Tensor part = tensors.draw(type, 2, 3, 3).interval(1, 1, 2);
      Tensor out = Tensors.empty(formats.out(), 2, 5, 3);
      double[] expected = zip(values(x), spread(part, x.shape()), (p, q) -> p * q);

      formats.compute().multiply(x, part, out);

      assertClose(out, expected, formats.rounding());
    }
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void linearFunctionsZerosAndRoots(Formats formats) {
    Compute compute = formats.compute();
    Tensor x = tensors.draw(formats.in(), 3, 5);
    double[] before = values(x);
    Tensor out = Tensors.empty(formats.out(), 3, 5);

    compute.linear(x, -2.5, 0.75, out);
    assertClose(out, map(before, v -> -2.5 * v + 0.75), 4 * formats.rounding());
    compute.reciprocalRoot(x, 0.01, out);
    // The root of 100 is taken of a number that is off by one rounding of it.
    assertClose(
        out,
        map(before, v -> 1 / Math.sqrt(Math.max(v, 0) + 0.01)),
        FUNCTION * 10 * formats.rounding());
    compute.zero(x);
    assertThat(values(x)).containsOnly(0);
  }
}
