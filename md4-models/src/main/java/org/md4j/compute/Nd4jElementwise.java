package org.md4j.compute;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations that are done entry by entry, as ND4J does them fastest: tanh is the one squashing
 * function that reaches oneDNN, by its newer name.
 */
final class Nd4jElementwise {
  private static final double GELU_LINEAR = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715 * GELU_LINEAR;

  private final Nd4jWork work;

  Nd4jElementwise(Nd4jWork work) {
    this.work = work;
  }

  void add(Tensor x, Tensor y, Tensor out) {
    if (isRow(x, y)) {
      INDArray row = y.reshape(y.length()).array();
      Nd4j.getExecutioner().exec(new BroadcastAddOp(x.array(), row, out.array(), 1));
    } else if (y.length() == x.length()) {
      x.array().addi(y.array(), out.array());
    } else {
      Nd4jWork.custom("add", out.array(), x.array(), y.array());
    }
  }

  void multiply(Tensor x, Tensor y, Tensor out) {
    if (isRow(x, y)) {
      INDArray row = y.reshape(y.length()).array();
      Nd4j.getExecutioner().exec(new BroadcastMulOp(x.array(), row, out.array(), 1));
    } else if (y.length() == x.length()) {
      x.array().muli(y.array(), out.array());
    } else {
      Nd4jWork.custom("multiply", out.array(), x.array(), y.array());
    }
  }

  /** Tells whether y is one row for all rows of the matrix x. */
  private static boolean isRow(Tensor x, Tensor y) {
    return x.rank() == 2
        && y.rank() == 2
        && y.size(0) == 1
        && x.size(0) > 1
        && y.size(1) == x.size(1);
  }

  void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    multiply(x, y, out);
    add(out, z, out);
  }

  void linear(Tensor x, double factor, double addend, Tensor out) {
    x.array().muli(factor, out.array());
    if (addend != 0) {
      out.array().addi(addend);
    }
  }

  /** Replaces u by the logistic function of 2 u: (1 + tanh u) / 2. */
  static void logisticOfTwice(INDArray u) {
    Nd4jWork.custom("tanh", u, u);
    u.addi(1).muli(0.5);
  }

  void activate(Activation f, Tensor x, Tensor out) {
    INDArray z = x.array();
    INDArray y = out.array();
    switch (f) {
      case LOGISTIC -> {
        z.muli(0.5, y);
        logisticOfTwice(y);
      }
      case SWISH -> z.muli(logistic(x), y);
      case GELU -> {
        INDArray tanh = geluTanh(x);
        tanh.addi(1).muli(0.5);
        z.muli(tanh, y);
      }
    }
  }

  private INDArray logistic(Tensor x) {
    INDArray sigmoid = work.like(0, x).array();
    x.array().muli(0.5, sigmoid);
    logisticOfTwice(sigmoid);
    return sigmoid;
  }

  /** Returns T = tanh(a z + b z³) in work memory. */
  private INDArray geluTanh(Tensor x) {
    INDArray tanh = work.like(0, x).array();
    Nd4j.exec(new Square(x.array(), tanh));
    tanh.muli(GELU_CUBIC).addi(GELU_LINEAR).muli(x.array());
    Nd4jWork.custom("tanh", tanh, tanh);
    return tanh;
  }

  void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    INDArray k = known.array();
    INDArray slope = work.like(1, known).array();
    switch (f) {
      case LOGISTIC -> {
        k.rsubi(1, slope);
        slope.muli(k);
      }
      case SWISH -> {
        // s (1 + z (1 - s))
        INDArray sigmoid = logistic(known);
        sigmoid.rsubi(1, slope);
        slope.muli(k).addi(1).muli(sigmoid);
      }
      case GELU -> {
        // (1 + T) (1 + (1 - T) z (a + 3 b z²)) / 2
        INDArray tanh = geluTanh(known);
        Nd4j.exec(new Square(k, slope));
        slope.muli(3 * GELU_CUBIC).addi(GELU_LINEAR).muli(k);
        slope.muli(tanh.rsubi(1)).addi(1);
        slope.muli(tanh.rsubi(2)).muli(0.5);
      }
    }
    dOut.array().muli(slope, dX.array());
  }

  void reciprocalRoot(Tensor x, double addend, Tensor out) {
    Nd4j.exec(new ScalarMax(x.array(), null, out.array(), 0));
    out.array().addi(addend);
    Nd4j.exec(new RSqrt(out.array(), out.array()));
  }
}
