package org.md4j.examples.support;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A native matrix product next to the same product in plain Java arithmetic.
 *
 * @param size of the square matrices
 * @param largestError largest difference, divided by the largest entry of the exact product
 * @param gigaflops speed of the native product, its best of a few
 */
public record MatrixProductCheck(int size, double largestError, double gigaflops) {
  /** 32-bit sums of a few hundred products keep about six digits; a wrong kernel keeps none. */
  static final double TOLERANCE = 1e-5;

  private static final int ROUNDS = 5;

  /** Multiplies two matrices of numbers in [-1, 1) both ways. */
  public static MatrixProductCheck run(int size) {
    float[][] left = matrix(size, 0);
    float[][] right = matrix(size, 1);
    INDArray x = Nd4j.create(left);
    INDArray y = Nd4j.create(right);
    INDArray product = x.mmul(y);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      x.mmul(y, product);
      best = Math.min(best, System.nanoTime() - start);
    }
    double[][] exact = product(left, right);
    return new MatrixProductCheck(
        size, largestError(product.toFloatMatrix(), exact), 2.0 * size * size * size / best);
  }

  /** Whether the native product is right. */
  public boolean passed() {
    return largestError <= TOLERANCE;
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
