package org.md4j.compute;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;

/** Normalisations of rows, by ND4J; the softmax of rank 4 is the one that reaches oneDNN. */
final class Nd4jNormalization {
  private final Nd4jWork work;
  private final Nd4jProducts products;
  private final Nd4jElementwise elementwise;

  Nd4jNormalization(Nd4jWork work, Nd4jProducts products, Nd4jElementwise elementwise) {
    this.work = work;
    this.products = products;
    this.elementwise = elementwise;
  }

  void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {
    long rows = x.size(0) * x.size(1);
    long width = x.size(2);
    Tensor standard = work.like(0, x);
    Tensor input = x.reshape(rows, width);
    Tensor matrix = standard.reshape(rows, width);
    Tensor squares = work.like(1, x).reshape(rows, width);
    Tensor means = mean.reshape(rows, 1);
    products.sumColumns(input, 1.0 / width, means);
    Nd4jWork.custom("subtract", matrix.array(), input.array(), means.array());
    Nd4j.exec(new Square(matrix.array(), squares.array()));
    products.sumColumns(squares, 1.0 / width, variance.reshape(rows, 1));
    Nd4jWork.custom(
        "multiply", matrix.array(), matrix.array(), reciprocalDeviation(variance, epsilon));
    elementwise.multiply(standard, examples(scale), out);
    elementwise.add(out, examples(shift), out);
  }

  /** Returns 1 / sqrt(variance + epsilon), [B N, 1], in work memory. */
  private INDArray reciprocalDeviation(Tensor variance, double epsilon) {
    INDArray reciprocal = work.piece(3, variance.length(), 1).array();
    variance.reshape(variance.length(), 1).array().addi(epsilon, reciprocal);
    Nd4j.exec(new RSqrt(reciprocal, reciprocal));
    return reciprocal;
  }

  /** Vectors of examples, [B, D] or [B, 1, D], as [B, 1, D]. */
  private static Tensor examples(Tensor vectors) {
    return vectors.rank() == 3 ? vectors : vectors.reshape(vectors.size(0), 1, vectors.size(1));
  }

  void layerNormGradient(
      Tensor x,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      Tensor dShift) {
    long rows = x.size(0) * x.size(1);
    long width = x.size(2);
    Tensor standard = work.like(0, x);
    INDArray xHat = standard.reshape(rows, width).array();
    INDArray reciprocal = reciprocalDeviation(variance, epsilon);
    Nd4jWork.custom(
        "subtract", xHat, x.reshape(rows, width).array(), mean.reshape(rows, 1).array());
    Nd4jWork.custom("multiply", xHat, xHat, reciprocal);
    Tensor product = work.like(1, x);
    products.sumRows(dOut, dShift, false);
    elementwise.multiply(dOut, standard, product);
    products.sumRows(product, dScale, false);

    // dx = (g - mean(g) - xHat mean(g xHat)) / deviation, with g = dy scale.
    Tensor g = dX;
    elementwise.multiply(dOut, examples(scale), g);
    elementwise.multiply(g, standard, product);
    Tensor weighted = product.reshape(rows, width);
    Tensor means = work.piece(2, rows, 1);
    INDArray gradients = g.reshape(rows, width).array();
    products.sumColumns(weighted, 1.0 / width, means);
    Nd4jWork.custom("multiply", weighted.array(), xHat, means.array());
    products.sumColumns(g.reshape(rows, width), 1.0 / width, means);
    gradients.subi(weighted.array());
    Nd4jWork.custom("subtract", gradients, gradients, means.array());
    Nd4jWork.custom("multiply", gradients, gradients, reciprocal);
  }

  void softmax(Tensor x, Tensor out) {
    Nd4j.exec(
        DynamicCustomOp.builder("softmax")
            .addInputs(x.array())
            .addOutputs(out.array())
            .addIntegerArguments(x.rank() - 1)
            .build());
  }

  void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    long width = p.size(p.rank() - 1);
    long rows = p.length() / width;
    Tensor column = work.piece(2, sums.shape());
    column.array().assign(sums.array());
    INDArray out = dX.reshape(rows, width).array();
    Nd4jWork.custom(
        "subtract", out, dP.reshape(rows, width).array(), column.reshape(rows, 1).array());
    out.muli(p.reshape(rows, width).array());
  }
}
