package org.md4j.model.layer;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The few dense operations the layers are written in, each in the form that ND4J 1.0.0-M2.1 runs
 * fastest; every result goes to memory the caller owns.
 *
 * <p>The obvious forms are 3 to 20 times slower: {@code mmuli} into a c-order result copies, {@code
 * sum(0)} and {@code mean(1)} miss the BLAS, the legacy tanh and rank-2 softmax miss oneDNN.
 */
final class Operations {
  private static final MMulTranspose PLAIN = MMulTranspose.builder().build();
  private static final MMulTranspose FIRST = MMulTranspose.builder().transposeA(true).build();
  private static final MMulTranspose SECOND = MMulTranspose.builder().transposeB(true).build();

  private Operations() {}

  /** Computes c = alpha a b + beta c. */
  static void product(INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, PLAIN));
  }

  /** Computes c = alpha aᵀ b + beta c. */
  static void productTransposedFirst(
      INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, FIRST));
  }

  /** Computes c = alpha a bᵀ + beta c. */
  static void productTransposedSecond(
      INDArray a, INDArray b, INDArray c, double alpha, double beta) {
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, SECOND));
  }

  /** Computes out = x with every row multiplied by the vector. */
  static void multiplyRows(INDArray x, INDArray vector, INDArray out) {
    Nd4j.getExecutioner().exec(new BroadcastMulOp(x, vector, out, 1));
  }

  /** Computes out = x with the vector added to every row. */
  static void addToRows(INDArray x, INDArray vector, INDArray out) {
    Nd4j.getExecutioner().exec(new BroadcastAddOp(x, vector, out, 1));
  }

  /** Computes out = x with every column multiplied by the column [rows, 1]. */
  static void multiplyColumns(INDArray x, INDArray column, INDArray out) {
    custom("multiply", out, x, column);
  }

  /** Computes out = x with the column [rows, 1] subtracted from every column. */
  static void subtractFromColumns(INDArray x, INDArray column, INDArray out) {
    custom("subtract", out, x, column);
  }

  /**
   * Computes out = x [B, N, D] with every row of an example multiplied by that example's vector,
   * [B, D].
   */
  static void multiplyExamples(INDArray x, INDArray vectors, INDArray out) {
    custom("multiply", out, x, vectors.reshape('c', vectors.size(0), 1, vectors.size(1)));
  }

  /**
   * Computes out = x [B, N, D] with an example's vector, [B, D], added to every row of that
   * example.
   */
  static void addToExamples(INDArray x, INDArray vectors, INDArray out) {
    custom("add", out, x, vectors.reshape('c', vectors.size(0), 1, vectors.size(1)));
  }

  /** Gathers out = the rows of x with the given INT32 indices. */
  static void gatherRows(INDArray x, INDArray indices, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(x, indices)
            .addOutputs(out)
            .addIntegerArguments(0)
            .build());
  }

  /** Writes out[i, j] = 1 if indices[i] = j, else 0; indices INT32. */
  static void oneHot(INDArray indices, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(indices)
            .addOutputs(out)
            .addIntegerArguments(-1, (int) out.size(1))
            .addFloatingPointArguments(1.0, 0.0)
            .build());
  }

  /** Computes out = tanh x, through oneDNN where the backend has it. */
  static void tanh(INDArray x, INDArray out) {
    custom("tanh", out, x);
  }

  /** Replaces x by tanh x, through oneDNN where the backend has it. */
  static void tanhInPlace(INDArray x) {
    custom("tanh", x, x);
  }

  /**
   * Takes the softmax over the last dimension of a rank-4 array, in place; rank 2 would miss
   * oneDNN.
   */
  static void softmaxInPlace(INDArray x) {
    Nd4j.exec(
        DynamicCustomOp.builder("softmax")
            .addInputs(x)
            .addOutputs(x)
            .addIntegerArguments(3)
            .build());
  }

  static void square(INDArray x, INDArray out) {
    Nd4j.exec(new Square(x, out));
  }

  static void reciprocalSquareRootInPlace(INDArray x) {
    Nd4j.exec(new RSqrt(x, x));
  }

  /** Replaces negative entries by 0. */
  static void cutOffBelowZero(INDArray x) {
    Nd4j.exec(new ScalarMax(x, null, x, 0));
  }

  private static void custom(String name, INDArray out, INDArray... inputs) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(inputs).addOutputs(out).build());
  }
}
