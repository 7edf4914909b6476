package org.md4j.compute;

/** The operations that are best composed of others whatever computes those. */
abstract class ComposedCompute implements Compute {
  private final Scratch work;

  ComposedCompute(Element element) {
    this.work = new Scratch(element);
  }

  @Override
  public void rootMeanSquareNorm(
      Tensor x, Tensor scale, double epsilon, Tensor out, Tensor reciprocalRoot) {
    long width = x.size(2);
    long rows = x.length() / width;
    Tensor matrix = x.reshape(rows, width);
    Tensor column = reciprocalRoot.reshape(rows, 1);
    Tensor squares = work.take(rows, width);
    multiply(matrix, matrix, squares);
    sumColumns(squares, column);
    linear(column, 1.0 / width, 0, column);
    reciprocalRoot(column, epsilon, column);
    multiply(matrix, column, squares);
    multiply(squares, scale.reshape(1, width), out.reshape(rows, width));
    work.free();
  }

  @Override
  public void rootMeanSquareNormGradient(
      Tensor x,
      Tensor reciprocalRoot,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      boolean accumulate) {
    long width = x.size(2);
    long rows = x.length() / width;
    Tensor column = reciprocalRoot.reshape(rows, 1);
    Tensor gradient = dOut.reshape(rows, width);
    Tensor result = dX.reshape(rows, width);
    Tensor xHat = work.take(rows, width);
    Tensor product = work.take(rows, width);
    Tensor mean = work.take(rows, 1);
    multiply(x.reshape(rows, width), column, xHat);
    multiply(gradient, xHat, product);
    sumRows(product, dScale, accumulate);

    // dx = (g - xHat mean(g xHat)) r, with g = dy scale.
    multiply(product, scale.reshape(1, width), product);
    sumColumns(product, mean);
    linear(mean, -1.0 / width, 0, mean);
    multiply(gradient, scale.reshape(1, width), result);
    multiplyAdd(xHat, mean, result, product);
    multiply(product, column, result);
    work.free();
  }
}
