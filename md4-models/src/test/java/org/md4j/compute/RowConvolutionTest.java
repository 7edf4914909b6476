package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.differences;
import static org.md4j.compute.Numbers.dot;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the convolutions of rows of every {@link Compute} to the formula in double. */
class RowConvolutionTest {
  private final Tensors tensors = new Tensors();

  /** Rows of N positions of D channels, and w taps of which some read positions before. */
  private record Shape(int batch, int length, int width, int taps, int before) {
    double[] convolution(double[] x, double[] kernel) {
      double[] y = new double[batch * length * width];
      for (int i = 0; i < y.length; i++) {
        int d = i % width;
        int n = i / width % length;
        int b = i / width / length;
        for (int j = 0; j < taps; j++) {
          int m = n + j - before;
          if (m >= 0 && m < length) {
            y[i] += kernel[j * width + d] * x[(b * length + m) * width + d];
          }
        }
      }
      return y;
    }

    /** The bound of a sum of so many terms, of magnitude at most 1. */
    double bound(Formats formats, int terms) {
      return 2.0 * terms * terms * formats.rounding();
    }

    Tensor rows(Tensors tensors, Element element) {
      return tensors.draw(element, batch, length, width);
    }

    Tensor kernel(Tensors tensors, Formats formats) {
      return tensors.draw(formats.element(), taps, width);
    }
  }

  /**
   * Odd sizes and those of vector registers; rows shorter than the kernel; both ends and middle.
   */
  private static Stream<Shape> shapes() {
    return Stream.of(
        new Shape(2, 7, 5, 3, 1),
        new Shape(3, 6, 3, 5, 4),
        new Shape(2, 9, 16, 5, 2),
        new Shape(1, 33, 40, 5, 0),
        new Shape(2, 3, 11, 9, 4),
        new Shape(2, 2, 7, 9, 8),
        new Shape(3, 1, 1, 5, 2),
        new Shape(1, 4, 9, 1, 0),
        new Shape(2, 5, 24, 31, 30));
  }

  private static Stream<Arguments> with(Supplier<Stream<Formats>> all) {
    return shapes().flatMap(shape -> all.get().map(formats -> Arguments.of(shape, formats)));
  }

  static Stream<Arguments> forward() {
    return with(Formats::fromEitherToEither);
  }

  static Stream<Arguments> backward() {
    return with(Formats::fromEither);
  }

  @ParameterizedTest
  @MethodSource("forward")
  void convolutions(Shape shape, Formats formats) {
    Tensor x = shape.rows(tensors, formats.in());
    Tensor kernel = shape.kernel(tensors, formats);
    Tensor out = shape.rows(tensors, formats.out());

    formats.compute().convolveRows(x, kernel, shape.before(), out);

    assertClose(
        out, shape.convolution(values(x), values(kernel)), shape.bound(formats, shape.taps()));
  }

  @ParameterizedTest
  @MethodSource("backward")
  void gradients(Shape shape, Formats formats) {
    Compute compute = formats.compute();
    Tensor x = shape.rows(tensors, formats.in());
    Tensor kernel = shape.kernel(tensors, formats);
    Tensor dOut = shape.rows(tensors, formats.element());
    Tensor dX = shape.rows(tensors, formats.element());
    Tensor dKernel = shape.kernel(tensors, formats);
    double[] before = values(dKernel);
    double[] xs = values(x);
    double[] kernels = values(kernel);
    double[] weights = values(dOut);
    double[] rowGradient = differences(xs, at -> dot(weights, shape.convolution(at, kernels)));
    double[] kernelGradient = differences(kernels, at -> dot(weights, shape.convolution(xs, at)));
    // Differences are off by about 1e-10 of a loss of order ten.
    double rowBound = shape.bound(formats, shape.taps()) + 1e-8;
    double kernelBound = shape.bound(formats, shape.batch() * shape.length() + 1) + 1e-8;

    compute.rowConvolutionGradient(x, kernel, shape.before(), dOut, dX, dKernel, true);
    assertClose(dX, rowGradient, rowBound);
    assertClose(dKernel, zip(before, kernelGradient, Double::sum), kernelBound);

    compute.rowConvolutionGradient(x, kernel, shape.before(), dOut, dOut, dKernel, false);
    assertClose(dOut, rowGradient, rowBound);
    assertClose(dKernel, kernelGradient, kernelBound);
    assertThat(values(x)).containsExactly(xs);
    assertThat(values(kernel)).containsExactly(kernels);
  }

  /** As in 8 binary digits they are not: there 256 and 1 are 256. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void onesAreCountedExactly(Formats formats) {
    int length = 1031;
    int taps = 5;
    int reach = 2;
    Tensor x = Tensors.filled(formats.in(), 1, 4, length, 3);
    Tensor kernel = Tensors.filled(formats.element(), 1, taps, 3);
    Tensor dOut = Tensors.filled(formats.element(), 1, 4, length, 3);
    Tensor dX = Tensors.empty(formats.element(), 4, length, 3);
    Tensor dKernel = Tensors.empty(formats.element(), taps, 3);
    double[] counts = new double[taps * 3];
    // A tap that reads r positions away meets r positions fewer of a row.
    Arrays.setAll(counts, i -> 4.0 * (length - Math.abs(i / 3 - reach)));

    formats.compute().rowConvolutionGradient(x, kernel, reach, dOut, dX, dKernel, false);
    assertThat(values(dKernel)).containsExactly(counts);

    formats.compute().rowConvolutionGradient(x, kernel, reach, dOut, dX, dKernel, true);
    assertThat(values(dKernel)).containsExactly(zip(counts, counts, Double::sum));
  }

  /** Half a unit of bfloat16 twice is a whole one, but nothing if each half is rounded away. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void onlyTheWholeSumIsRounded(Formats formats) {
    Tensor kernel = Tensors.filled(formats.element(), 1, 3, 2);
    Tensor out = Tensors.empty(formats.out(), 1, 3, 2);
    Tensor halves =
        Tensors.of(formats.in(), new double[] {0x1p-8, 0x1p-8, 1, 1, 0x1p-8, 0x1p-8}, 1, 3, 2);

    formats.compute().convolveRows(halves, kernel, 1, out);

    assertThat(values(out.interval(1, 1, 2))).containsOnly(1 + 0x1p-7);
  }

  /** Whatever an implementation keeps between calls, rows of one size say nothing of another's. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void oneSizeLeavesNothingBehindForTheNext(Formats formats) {
    for (int length : new int[] {9, 4, 7, 2, 9}) {
      for (int taps : new int[] {5, 3}) {
        for (int before = 0; before < taps; before++) {
          Shape shape = new Shape(2, length, 3, taps, before);
          Tensor x = shape.rows(tensors, formats.in());
          Tensor kernel = shape.kernel(tensors, formats);
          Tensor out = shape.rows(tensors, formats.element());
          Tensor dKernel = shape.kernel(tensors, formats);

          formats.compute().convolveRows(x, kernel, before, out);
          assertClose(
              out, shape.convolution(values(x), values(kernel)), shape.bound(formats, taps));

          double[] xs = values(x);
          double[] weights = values(out);
          double[] expected =
              differences(values(kernel), at -> dot(weights, shape.convolution(xs, at)));
          formats.compute().rowConvolutionGradient(x, kernel, before, out, out, dKernel, false);
          assertClose(dKernel, expected, 8 * shape.bound(formats, 2 * length + 1) + 1e-8);
        }
      }
    }
  }

  /** Neither beyond its taps nor in another row may a position's result see anything. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEitherToEither")
  void whatIsOutOfReachChangesNoBit(Formats formats) {
    int length = 8;
    for (int before : new int[] {0, 1, 2, 4}) {
      Tensor x = tensors.draw(formats.in(), 2, length, 11);
      Tensor kernel = tensors.draw(formats.element(), 5, 11);
      Tensor out = Tensors.empty(formats.out(), 2, length, 11);
      formats.compute().convolveRows(x, kernel, before, out);
      double[] was = values(out);
      double[] xs = values(x);
      for (int changed = 0; changed < length; changed++) {
        double[] other = xs.clone();
        for (int d = 0; d < 11; d++) {
          other[changed * 11 + d] = 1e3;
        }
        Tensor y = Tensors.of(formats.in(), other, 2, length, 11);
        formats.compute().convolveRows(y, kernel, before, out);
        double[] is = values(out);
        for (int i = 0; i < is.length; i++) {
          int n = i / 11 % length;
          boolean reads = i / 11 < length && n - before <= changed && changed <= n + 4 - before;
          if (reads) {
            assertThat(is[i]).as("entry %d, changed %d", i, changed).isNotEqualTo(was[i]);
          } else {
            assertThat(is[i]).as("entry %d, changed %d", i, changed).isEqualTo(was[i]);
          }
        }
      }
    }
  }

  /** What an implementation has packed is its own to keep. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromEither")
  void preparedConvolutionsOutliveCollections(Formats formats) {
    Shape shape = new Shape(2, 9, 16, 5, 2);
    Tensor x = shape.rows(tensors, formats.in());
    Tensor kernel = shape.kernel(tensors, formats);
    Tensor dOut = shape.rows(tensors, formats.element());
    Tensor dX = shape.rows(tensors, formats.element());
    Tensor dKernel = shape.kernel(tensors, formats);
    formats.compute().rowConvolutionGradient(x, kernel, 2, dOut, dX, dKernel, false);
    double[] first = values(dKernel);
    double[] rows = values(dX);
    for (int call = 0; call < 3; call++) {
      System.gc();
      formats.compute().rowConvolutionGradient(x, kernel, 2, dOut, dX, dKernel, false);
      assertThat(values(dKernel)).containsExactly(first);
      assertThat(values(dX)).containsExactly(rows);
    }
  }
}
