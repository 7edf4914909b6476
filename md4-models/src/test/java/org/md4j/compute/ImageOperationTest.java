package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.differences;
import static org.md4j.compute.Numbers.dot;
import static org.md4j.compute.Numbers.values;
import static org.md4j.compute.Numbers.zip;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what every {@link Compute} does with images to the same in double. */
class ImageOperationTest {
  private final Tensors tensors = new Tensors();

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofElement")
  void imagesAreHalvedAndDoubled(Formats formats) {
    Compute compute = formats.compute();
    Tensor small = tensors.draw(formats.in(), 2, 2, 3, 5);
    Tensor large = Tensors.empty(formats.out(), 2, 4, 6, 5);
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
    Tensor noise = tensors.draw(formats.in(), 2, 4, 6, 5);
    compute.averagePool(noise, small);
    double[] cells = values(noise);
    double[] means = new double[60];
    for (int i = 0; i < cells.length; i++) {
      int at = ((i / 120 * 2 + i / 30 % 4 / 2) * 3 + i / 5 % 6 / 2) * 5 + i % 5;
      means[at] += cells[i] / 4;
    }
    assertClose(small, means, 4 * formats.rounding());
  }

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromOperands")
  void convolutionsAndTheirGradients(Formats formats) {
    Compute compute = formats.compute();
    Shape shape = new Shape(2, 3, 4, 5, 6);
    Tensor x = tensors.draw(formats.in(), 2, 3, 4, 5);
    Tensor kernel = tensors.draw(formats.in(), 3, 3, 5, 6);
    Tensor bias = tensors.draw(formats.element(), 6);
    Tensor out = Tensors.empty(formats.out(), 2, 3, 4, 6);
    double bound = 60 * 45 * formats.rounding();
    double[] xs = values(x);
    double[] kernels = values(kernel);
    double[] biases = values(bias);

    compute.convolve(x, kernel, bias, out);
    assertClose(out, shape.convolution(xs, kernels, biases), bound);
    Tensor plain = Tensors.empty(formats.out(), 2, 3, 4, 6);
    compute.convolve(x, kernel, null, plain);
    assertClose(plain, shape.convolution(xs, kernels, null), bound);
    compute.convolve(x, kernel, null, out);
    assertClose(out, shape.convolution(xs, kernels, null), bound);

    Tensor dOut = tensors.draw(formats.in(), 2, 3, 4, 6);
    double[] weights = values(dOut);
    Tensor dX = Tensors.empty(formats.out(), 2, 3, 4, 5);
    Tensor dKernel = tensors.draw(formats.out(), 3, 3, 5, 6);
    Tensor dBias = tensors.draw(formats.out(), 6);
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

  /** As in 8 binary digits they are not: there 256 and 1 are 256. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromOperands")
  void onesAreCountedExactly(Formats formats) {
    int size = 33;
    int channels = 3;
    int kernels = 2;
    Tensor x = Tensors.filled(formats.in(), 1, 4, size, size, channels);
    Tensor kernel = Tensors.filled(formats.in(), 1, 3, 3, channels, kernels);
    Tensor dOut = Tensors.filled(formats.in(), 1, 4, size, size, kernels);
    Tensor dX = Tensors.empty(formats.out(), 4, size, size, channels);
    Tensor dKernel = Tensors.empty(formats.out(), 3, 3, channels, kernels);
    Tensor dBias = Tensors.empty(formats.out(), kernels);
    double[] counts = pixelsMet(4, size, channels * kernels);

    formats.compute().convolutionGradient(x, kernel, dOut, dX, dKernel, dBias, false);
    assertThat(values(dKernel)).containsExactly(counts);
    assertThat(values(dBias)).containsOnly(4.0 * size * size);

    formats.compute().convolutionGradient(x, kernel, dOut, dX, dKernel, dBias, true);
    assertThat(values(dKernel)).containsExactly(zip(counts, counts, Double::sum));
    assertThat(values(dBias)).containsOnly(8.0 * size * size);
  }

  /**
   * Whatever an implementation keeps between calls, images of one size say nothing of another's.
   */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromOperands")
  void oneSizeLeavesNothingBehindForTheNext(Formats formats) {
    for (int size : new int[] {9, 4, 7, 3}) {
      Tensor x = Tensors.filled(formats.in(), 1, 2, size, size, 2);
      Tensor kernel = Tensors.filled(formats.in(), 1, 3, 3, 2, 2);
      Tensor dX = Tensors.empty(formats.out(), 2, size, size, 2);
      Tensor dKernel = Tensors.empty(formats.out(), 3, 3, 2, 2);

      formats.compute().convolutionGradient(x, kernel, x, dX, dKernel, null, false);

      assertThat(values(dKernel)).as("size %d", size).containsExactly(pixelsMet(2, size, 4));
    }
  }

  /**
   * The pixels that each tap of a kernel meets: beside the middle one none beyond one edge, in a
   * corner none beyond two.
   */
  private static double[] pixelsMet(int batch, int size, int entriesOfTap) {
    double[] counts = new double[9 * entriesOfTap];
    for (int i = 0; i < counts.length; i++) {
      int tap = i / entriesOfTap;
      counts[i] =
          (double) batch * (tap / 3 == 1 ? size : size - 1) * (tap % 3 == 1 ? size : size - 1);
    }
    return counts;
  }

  /** The kernels that an implementation has packed are its own to keep. */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#fromOperands")
  void preparedConvolutionsOutliveCollections(Formats formats) {
    Shape shape = new Shape(1, 3, 3, 16, 16);
    Tensor x = tensors.draw(formats.in(), 1, 3, 3, 16);
    Tensor kernel = tensors.draw(formats.in(), 3, 3, 16, 16);
    Tensor out = Tensors.empty(formats.out(), 1, 3, 3, 16);
    double[] expected = shape.convolution(values(x), values(kernel), null);
    for (int call = 0; call < 4; call++) {
      formats.compute().convolve(x, kernel, null, out);
      assertClose(out, expected, 60 * 144 * formats.rounding());
      System.gc();
    }
  }
}
