package org.md4j.objective;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cross-entropy of predictions at masked positions, and its closed-form gradient.
 *
 * <pre>
 *   nats[p]           = -ln softmax(logits[p])[target[p]]
 *   d loss/d logits   = weight[p] (softmax(logits[p])[v] - [v = target[p]])
 *   loss              = sum over p of weight[p] nats[p]
 * </pre>
 *
 * <p>logits are [P, V] in c order, FLOAT or DOUBLE, and are <em>overwritten</em>: after {@link
 * #natsInPlace} they hold the softmax, after {@link #natsAndGradientInPlace} the gradient. P may
 * differ from call to call. Results on the host are double, but carry no more digits than the type
 * of the logits.
 *
 * <p>Finite for any finite logits: the cross-entropy is {@code (largest logit - logit(target)) -
 * ln(largest probability)}, in which nothing under- or overflows, not the logarithm of a
 * probability that may be 0. Logits that are not finite give a value that is not finite.
 *
 * <p>Owns scratch memory that grows with P: use one instance per thread, for its whole life.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (4); the gradient is the softmax's.
 */
public final class MaskedCrossEntropy {
  /** One-hot rows are made this many numbers at a time: they stay in the cache for any V. */
  private static final int ONE_HOT_BLOCK = 1 << 18;

  private @Nullable INDArray rowBuffer; // [capacity]
  private @Nullable INDArray oneHotBuffer; // [block, V]

  /**
   * The cross-entropy of each row; leaves the softmax in {@code logits}.
   *
   * @param logits [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @return nats, [P]
   * @throws IllegalArgumentException if shape, order or type of the logits, or a target, is wrong;
   *     the logits are then unchanged
   */
  public double[] natsInPlace(INDArray logits, int[] targets) {
    requireLogits(logits, targets);
    return softmaxInPlace(logits, targets);
  }

  /**
   * The cross-entropy of each row; leaves the gradient of their weighted sum in {@code logits}.
   *
   * @param logits [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @param weights [P], the factor of each row in the loss
   * @return nats, [P], not weighted
   * @throws IllegalArgumentException if shape, order or type of the logits, or a target, or the
   *     number of weights is wrong; the logits are then unchanged
   */
  public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
    requireLogits(logits, targets);
    if (weights.length != targets.length) {
      throw new IllegalArgumentException(
          "weights must have shape [P] = [" + targets.length + "], got [" + weights.length + "]");
    }
    double[] nats = softmaxInPlace(logits, targets);
    subtractOneHotInPlace(logits, targets);
    scaleRowsInPlace(logits, weights);
    return nats;
  }

  private double[] softmaxInPlace(INDArray logits, int[] targets) {
    int rows = targets.length;
    INDArray row = rowBuffer(logits.dataType(), rows);
    // ND4J 1.0.0-M2.1: softmax without oneDNN does not shift a row of negative logits and returns
    // NaN where all of them underflow. Shifted here, the largest is 0.
    run("reduce_max", row, List.of(logits), 1); // [P, V] -> [P]
    run("subtract", logits, List.of(logits, row.reshape(rows, 1))); // [P, V] - [P, 1]
    int[][] places = new int[rows][2];
    for (int p = 0; p < rows; p++) {
      places[p][0] = p;
      places[p][1] = targets[p];
    }
    try (INDArray indices = Nd4j.createFromArray(places)) {
      run("gather_nd", row, List.of(logits, indices)); // [P, V], [P, 2] -> [P]
    }
    double[] nats = row.toDoubleVector();
    // On three axes oneDNN's kernel is used, up to 20 times as fast as the one for two.
    INDArray threeAxes = logits.reshape('c', new long[] {1, rows, logits.size(1)});
    run("softmax", threeAxes, List.of(threeAxes), 2);
    run("reduce_max", row, List.of(logits), 1); // [P, V] -> [P]
    double[] likeliest = row.toDoubleVector();
    for (int p = 0; p < rows; p++) {
      nats[p] = -nats[p] - Math.log(likeliest[p]);
    }
    return nats;
  }

  private void subtractOneHotInPlace(INDArray probabilities, int[] targets) {
    int rows = targets.length;
    int classes = (int) probabilities.size(1);
    int block = Math.max(1, ONE_HOT_BLOCK / classes);
    INDArray buffer = oneHotBuffer(probabilities.dataType(), block, classes);
    try (INDArray ids = Nd4j.createFromArray(targets)) {
      for (int from = 0; from < rows; from += block) {
        int to = Math.min(from + block, rows);
        INDArray oneHot = buffer.get(NDArrayIndex.interval(0, to - from), NDArrayIndex.all());
        Nd4j.exec(
            DynamicCustomOp.builder("onehot")
                .addInputs(ids.get(NDArrayIndex.interval(from, to)))
                .addOutputs(oneHot)
                .addIntegerArguments(-1, classes)
                .addFloatingPointArguments(1.0, 0.0)
                .build());
        probabilities
            .get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
            .subi(oneHot); // [block, V]
      }
    }
  }

  private static void scaleRowsInPlace(INDArray matrix, double[] weights) {
    try (INDArray doubles = Nd4j.createFromArray(weights);
        INDArray typed = doubles.castTo(matrix.dataType())) {
      INDArray column = typed.reshape(weights.length, 1);
      run("multiply", matrix, List.of(matrix, column)); // [P, V] * [P, 1]
    }
  }

  private INDArray rowBuffer(DataType type, int rows) {
    INDArray buffer = rowBuffer;
    if (buffer == null || buffer.dataType() != type || buffer.size(0) < rows) {
      // The next power of two: P fluctuates, and must not make a new buffer at every new maximum.
      buffer = replace(buffer, type, Math.max(rows, 2L * Integer.highestOneBit(rows)));
      rowBuffer = buffer;
    }
    return buffer.get(NDArrayIndex.interval(0, rows));
  }

  private INDArray oneHotBuffer(DataType type, int rows, int classes) {
    INDArray buffer = oneHotBuffer;
    if (buffer == null || buffer.dataType() != type || buffer.size(1) != classes) {
      buffer = replace(buffer, type, rows, classes);
      oneHotBuffer = buffer;
    }
    return buffer;
  }

  private static INDArray replace(@Nullable INDArray old, DataType type, long... shape) {
    if (old != null) {
      old.close();
    }
    return Nd4j.createUninitializedDetached(type, shape);
  }

  private static void run(
      String operation, INDArray output, List<INDArray> inputs, int... integers) {
    Nd4j.exec(
        DynamicCustomOp.builder(operation)
            .addInputs(inputs.toArray(INDArray[]::new))
            .addOutputs(output)
            .addIntegerArguments(integers)
            .build());
  }

  private static void requireLogits(INDArray logits, int[] targets) {
    if (logits.rank() != 2 || logits.size(0) != targets.length || targets.length == 0) {
      throw new IllegalArgumentException(
          "logits must have shape [P, V] with P = "
              + targets.length
              + " targets (at least 1), got "
              + Arrays.toString(logits.shape()));
    }
    DataType type = logits.dataType();
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "logits must be FLOAT or DOUBLE, got " + type + "; cast them first");
    }
    long classes = logits.size(1);
    boolean dense =
        (classes == 1 || logits.stride(1) == 1)
            && (targets.length == 1 || logits.stride(0) == classes);
    if (!dense) {
      throw new IllegalArgumentException(
          "logits must be dense in c order, got strides "
              + Arrays.toString(logits.stride())
              + "; copy them with dup('c') first");
    }
    for (int p = 0; p < targets.length; p++) {
      if (targets[p] < 0 || targets[p] >= classes) {
        throw new IllegalArgumentException(
            "targets["
                + p
                + "] ("
                + targets[p]
                + ") must be in 0.."
                + (classes - 1)
                + "; the mask has no logit");
      }
    }
  }
}
