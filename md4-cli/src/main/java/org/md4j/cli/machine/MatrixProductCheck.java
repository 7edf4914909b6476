package org.md4j.cli.machine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A native matrix product next to the same product in plain Java arithmetic.
 *
 * <p>Products of stacks of matrices, which attention is made of, take another way through ND4J
 * 1.0.0-M2.1 than products of two: always through the BLAS, so both are measured.
 *
 * @param size of the square matrices
 * @param largestError largest difference of any of the products, divided by the largest entry of
 *     the exact product
 * @param networkGigaflops speed of the product as networks compute it in 32 bits, its best of a few
 * @param bf16Gigaflops speed of the product as networks compute it in mixed precision, its best of
 *     a few; null where that is not the faster
 * @param gigaflops speed of the native product of two matrices, its best of a few
 * @param stackedGigaflops speed of the native products of two stacks of matrices, the best of a few
 */
public record MatrixProductCheck(
    int size,
    double largestError,
    double networkGigaflops,
    @Nullable Double bf16Gigaflops,
    double gigaflops,
    double stackedGigaflops) {
  /** 32-bit sums of a few hundred products keep about six digits; a wrong kernel keeps none. */
  static final double TOLERANCE = 1e-5;

  /** Two ways to one product that differ by this factor do not both use the processor as it is. */
  private static final double FAR = 3;

  private static final int ROUNDS = 5;
  private static final int STACK = 4;

  /** Multiplies two matrices of numbers in [-1, 1), natively and in Java. */
  public static MatrixProductCheck run(int size) {
    return run(size, Precision.fastest());
  }

  /**
   * Multiplies two matrices of numbers in [-1, 1), natively and in Java.
   *
   * @param fastest BF16 if mixed precision is to be measured as well
   */
  static MatrixProductCheck run(int size, Precision fastest) {
    float[][] left = matrix(size, 0);
    float[][] right = matrix(size, 1);
    try (INDArray x = Nd4j.create(left);
        INDArray y = Nd4j.create(right);
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, size, size);
        INDArray networkProduct = Nd4j.createUninitialized(DataType.FLOAT, size, size);
        Compute compute = ComputeBackend.preferred(Precision.F32).open(DataType.FLOAT);
        INDArray stackOfX = stack(x);
        INDArray stackOfY = stack(y);
        INDArray products = Nd4j.createUninitialized(DataType.FLOAT, STACK, size, size)) {
      double operations = 2.0 * size * size * size;
      Tensor a = Tensor.of(x);
      Tensor b = Tensor.of(y);
      Tensor c = Tensor.of(networkProduct);
      double network = operations / bestNanoseconds(() -> compute.product(a, b, c));
      double single = operations / bestNanoseconds(() -> x.mmul(y, product));
      double stacked =
          STACK
              * operations
              / bestNanoseconds(
                  () ->
                      Nd4j.exec(
                          DynamicCustomOp.builder("matmul")
                              .addInputs(stackOfX, stackOfY)
                              .addOutputs(products)
                              .build()));
      double[][] exact = product(left, right);
      double error =
          Math.max(
              largestError(product.toFloatMatrix(), exact),
              largestError(networkProduct.toFloatMatrix(), exact));
      for (int i = 0; i < STACK; i++) {
        float[][] slice = products.slice(i).dup('c').toFloatMatrix();
        error = Math.max(error, largestError(slice, exact));
      }
      Double mixed = null;
      if (fastest == Precision.BF16) {
        Bf16Product measured = Bf16Product.of(x, y);
        error = Math.max(error, measured.error());
        mixed = operations / measured.nanoseconds();
      }
      return new MatrixProductCheck(size, error, network, mixed, single, stacked);
    }
  }

  /** The product in mixed precision, against that of the same rounded numbers in Java. */
  private record Bf16Product(double error, long nanoseconds) {
    static Bf16Product of(INDArray x, INDArray y) {
      try (INDArray roundedX = x.castTo(DataType.BFLOAT16);
          INDArray roundedY = y.castTo(DataType.BFLOAT16);
          INDArray product = Nd4j.createUninitialized(DataType.FLOAT, x.rows(), y.columns());
          Compute compute = ComputeBackend.preferred(Precision.BF16).open(DataType.FLOAT)) {
        Tensor a = Tensor.of(roundedX);
        Tensor b = Tensor.of(roundedY);
        Tensor c = Tensor.of(product);
        long nanoseconds = bestNanoseconds(() -> compute.product(a, b, c));
        double[][] exact = MatrixProductCheck.product(values(roundedX), values(roundedY));
        return new Bf16Product(largestError(product.toFloatMatrix(), exact), nanoseconds);
      }
    }

    private static float[][] values(INDArray rounded) {
      try (INDArray wide = rounded.castTo(DataType.FLOAT)) {
        return wide.toFloatMatrix();
      }
    }
  }

  /** Returns which way to the product of two matrices is far slower than the other, if one is. */
  public Optional<String> slowWay() {
    if (FAR * networkGigaflops < gigaflops) {
      return Optional.of("SLOW in networks: less than a third of ND4J alone");
    }
    if (FAR * gigaflops < networkGigaflops) {
      return Optional.of("SLOW by ND4J alone: less than a third of networks");
    }
    return Optional.empty();
  }

  /** Whether the native products are right. */
  public boolean passed() {
    return largestError <= TOLERANCE;
  }

  /** A matrix several times over, [{@value #STACK}, size, size]. */
  private static INDArray stack(INDArray matrix) {
    INDArray stack =
        Nd4j.createUninitialized(DataType.FLOAT, STACK, matrix.rows(), matrix.columns());
    for (int i = 0; i < STACK; i++) {
      stack.slice(i).assign(matrix);
    }
    return stack;
  }

  private static long bestNanoseconds(Runnable task) {
    task.run();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      task.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  private static float[][] matrix(int size, int which) {
    Uniforms uniforms = new CounterRandom(which).uniforms(Purpose.INITIALISATION, 0);
    float[][] matrix = new float[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] = (float) (2 * uniforms.at(i, j) - 1);
      }
    }
    return matrix;
  }

  private static double[][] product(float[][] left, float[][] right) {
    int size = left.length;
    double[][] product = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < size; k++) {
        for (int j = 0; j < size; j++) {
          product[i][j] += (double) left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  private static double largestError(float[][] got, double[][] exact) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int j = 0; j < exact.length; j++) {
        difference = Math.max(difference, Math.abs(got[i][j] - exact[i][j]));
        largest = Math.max(largest, Math.abs(exact[i][j]));
      }
    }
    return difference / largest;
  }
}
