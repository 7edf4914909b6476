package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.md4j.compute.Numbers.FUNCTION;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.function;
import static org.md4j.compute.Numbers.map;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the products of every {@link Compute} to sums in double. */
class ProductTest {
  private final Tensors tensors = new Tensors();

  /** The exact product of matrices and the sum of the magnitudes of what is added. */
  private record Exact(double[] sums, double[] magnitudes) {
    static Exact product(Tensor first, Tensor second) {
      double[] a = values(first);
      double[] b = values(second);
      int m = (int) first.size(0);
      int k = (int) first.size(1);
      int n = (int) second.size(1);
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
    double[] bounds(Formats formats, int terms) {
      return map(magnitudes, x -> (terms + 2) * formats.rounding() * (x + 1));
    }
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void productsOfMatricesPlainAndTransposed(Formats formats) {
    Compute compute = formats.compute();
    int m = 7;
    int k = 13;
    int n = 5;
    Tensor a = tensors.draw(formats.in(), m, k);
    Tensor b = tensors.draw(formats.in(), k, n);
    Exact exact = Exact.product(a, b);
    Tensor turnedA = Tensors.empty(formats.in(), k, m);
    compute.copy(a.transposed(), turnedA);
    Tensor turnedB = Tensors.empty(formats.in(), n, k);
    compute.copy(b.transposed(), turnedB);
    Tensor out = Tensors.empty(formats.out(), m, n);
    for (Tensor first : new Tensor[] {a, turnedA.transposed()}) {
      for (Tensor second : new Tensor[] {b, turnedB.transposed()}) {
        if (first == a || second == b) {
          compute.product(first, second, out);
          assertClose(out, exact.sums(), exact.bounds(formats, k));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void productsAreScaledAndAdded(Formats formats) {
    Tensor a = tensors.draw(formats.in(), 3, 9);
    Tensor b = tensors.draw(formats.in(), 9, 4);
    Tensor out = tensors.draw(formats.out(), 3, 4);
    Exact exact = Exact.product(a, b);
    double[] expected = zip(values(out), exact.sums(), (before, sum) -> before - 0.375 * sum);

    formats.compute().product(a, b, out, -0.375, true);

    assertClose(out, expected, exact.bounds(formats, 9));
  }

  /** Columns of a wider matrix, as the weights of one colour are, and rows of a longer one. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void productsOfPartsOfMatrices(Formats formats) {
    Tensor a = tensors.draw(formats.in(), 9, 6).interval(0, 2, 7);
    Tensor b = tensors.draw(formats.in(), 6, 11).interval(1, 3, 7);
    Tensor wide = Tensors.filled(formats.out(), 9, 8, 6);
    Tensor out = wide.interval(0, 1, 6).interval(1, 2, 6);
    Exact exact = Exact.product(a, b);

    formats.compute().product(a, b, out);

    assertClose(out, exact.sums(), exact.bounds(formats, 6));
    assertThat(values(wide.interval(1, 0, 2))).containsOnly(9);
    assertThat(values(wide.interval(0, 6, 8))).containsOnly(9);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void affineMapsAndActivatedProducts(Formats formats) {
    Compute compute = formats.compute();
    Tensor a = tensors.draw(formats.in(), 6, 7);
    Tensor b = tensors.draw(formats.in(), 7, 3);
    Tensor row = tensors.draw(formats.element(), 3);
    Exact exact = Exact.product(a, b);
    Tensor out = Tensors.empty(formats.out(), 6, 3);
    double[] addend = values(row);
    double[] expected = new double[18];
    Arrays.setAll(expected, i -> exact.sums()[i] + addend[i % 3]);

    compute.affine(a, b, row, out);
    assertClose(out, expected, exact.bounds(formats, 8));

    for (Activation f : Activation.values()) {
      compute.activatedProduct(a, b, f, out);
      double[] activated = map(exact.sums(), function(f));
      assertClose(out, activated, FUNCTION * 8 * formats.rounding());
    }
  }

  /** As in 8 binary digits they are not: there 256 and 1 are 256. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void onesAreCountedExactly(Formats formats) {
    Tensor out = Tensors.empty(formats.out(), 3, 5);

    formats
        .compute()
        .product(
            Tensors.filled(formats.in(), 1, 3, 4096),
            Tensors.filled(formats.in(), 1, 4096, 5),
            out);

    assertThat(values(out)).containsOnly(4096);
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void oneIsAddedToManyExactly(Formats formats) {
    Tensor out = Tensors.filled(formats.out(), 4096, 3, 5);

    formats
        .compute()
        .product(
            Tensors.filled(formats.in(), 1, 3, 1),
            Tensors.filled(formats.in(), 1, 1, 5),
            out,
            1,
            true);

    assertThat(values(out)).containsOnly(4097);
  }

  /** Half a unit of bfloat16 twice is a whole one, but nothing if each half is rounded away. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void onlyTheWholeSumIsRounded(Formats formats) {
    Tensor ones = Tensors.filled(formats.in(), 1, 3, 2);
    Tensor out = Tensors.empty(formats.out(), 4, 2);
    Tensor halves =
        Tensors.of(
            formats.in(),
            new double[] {
              1, 0x1p-8, 0x1p-8, 0x1p-8, 1, 0x1p-8, 0x1p-8, 0x1p-8, 1, 1, 0x1p-7, 0x1p-8
            },
            4,
            3);

    formats.compute().product(halves, ones, out);
    assertThat(values(out.interval(0, 0, 3))).containsOnly(1 + 0x1p-7);
    assertThat(values(out.interval(0, 3, 4)))
        .containsOnly(formats.out() == Element.BF16 ? 1 + 0x1p-6 : 1 + 0x1p-7 + 0x1p-8);

    Tensor one = Tensors.of(formats.in(), new double[] {1, 0x1p-8, 0}, 1, 3);
    Tensor row = Tensors.filled(formats.element(), 0x1p-8, 2);
    Tensor shifted = Tensors.empty(formats.out(), 1, 2);
    formats.compute().affine(one, ones, row, shifted);
    assertThat(values(shifted)).containsOnly(1 + 0x1p-7);
  }

  /** Whatever was freed, moved or collected in between, an operation finds its memory. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void preparedOperationsOutliveCollections(Formats formats) {
    Compute compute = formats.compute();
    Memory memory = new Memory(formats.out());
    Tensor b = tensors.draw(formats.in(), 4, 3);
    for (int rows = 1; rows < 40; rows += 3) {
      Tensor a = tensors.draw(formats.in(), rows, 4);
      Tensor out = memory.of(rows, 3);
      compute.product(a, b, out);
      System.gc();
      compute.product(a, b, out);
      Exact exact = Exact.product(a, b);
      assertClose(out, exact.sums(), exact.bounds(formats, 4));
    }
  }
}
