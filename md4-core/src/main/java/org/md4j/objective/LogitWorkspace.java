package org.md4j.objective;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The operations on matrices of logits that costs are made of, with the arrays they reuse. These
 * grow with the number of rows and are kept from step to step: one workspace per thread, for its
 * whole life.
 *
 * <p>Matrices are [P, V] in c order, FLOAT or DOUBLE, P and V at least 1; what is computed has
 * their type, and what is returned on the host is that in double. The number of rows may differ
 * from call to call. A matrix may begin anywhere in the array it is a view of. Sizes are not
 * checked: begin a cost with {@link #requireLogits}.
 *
 * <p>The cross-entropy, to show how a {@link TokenCost} is made of them:
 *
 * <pre>{@code
 * double[] nats = workspace.softmaxInPlace(logits, targets);
 * workspace.subtractOneHotInPlace(logits, targets);
 * workspace.scaleRowsInPlace(logits, weights); // now the gradient of the weighted sum of nats
 * }</pre>
 */
public final class LogitWorkspace {
  /** The numbers of one-hot rows made at a time: few enough to stay in the cache for any V. */
  private static final int ONE_HOT_BLOCK = 1 << 18;

  private @Nullable INDArray rowBuffer; // [capacity]
  private @Nullable INDArray matrixBuffer; // [capacity, V]
  private @Nullable INDArray oneHotBuffer; // [block, V]

  /** Makes a workspace that takes memory when it is first used. */
  public LogitWorkspace() {}

  /**
   * Reads one number of each row.
   *
   * @param matrix [P, V]
   * @param targets [P], in 0..V-1
   * @return {@code matrix[p, targets[p]]}, [P]
   */
  public double[] gather(INDArray matrix, int[] targets) {
    INDArray row = row(matrix.dataType(), targets.length);
    int[][] places = new int[targets.length][2];
    for (int p = 0; p < targets.length; p++) {
      places[p][0] = p;
      places[p][1] = targets[p];
    }
    try (INDArray indices = Nd4j.createFromArray(places)) {
      run("gather_nd", row, List.of(matrix, indices)); // [P, V], [P, 2] -> [P]
    }
    return row.toDoubleVector();
  }

  /**
   * Adds up each row.
   *
   * @param matrix [P, V]
   * @return the sum over v of {@code matrix[p, v]}, [P]
   */
  public double[] rowSums(INDArray matrix) {
    INDArray row = row(matrix.dataType(), matrix.size(0));
    run("reduce_sum", row, List.of(matrix), 1);
    return row.toDoubleVector();
  }

  /**
   * Turns logits into probabilities, {@code softmax(logits[p])}.
   *
   * @param logits [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @return the cross-entropy with each target, nats, [P]: {@code (largest logit - logit(target)) -
   *     ln(largest probability)}, in which nothing under- or overflows, not the logarithm of a
   *     probability that may be 0
   */
  public double[] softmaxInPlace(INDArray logits, int[] targets) {
    int rows = targets.length;
    INDArray row = row(logits.dataType(), rows);
    // ND4J 1.0.0-M2.1: softmax without oneDNN does not shift a row of negative logits and returns
    // NaN where all of them underflow. Shifted here, the largest is 0.
    run("reduce_max", row, List.of(logits), 1); // [P, V] -> [P]
    run("subtract", logits, List.of(logits, row.reshape(rows, 1))); // [P, V] - [P, 1]
    double[] nats = gather(logits, targets);
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

  /**
   * Subtracts 1 from one number of each row: {@code matrix[p, targets[p]] -= 1}.
   *
   * @param matrix [P, V], overwritten
   * @param targets [P], in 0..V-1
   */
  public void subtractOneHotInPlace(INDArray matrix, int[] targets) {
    subtractInPlace(matrix, targets, null);
  }

  /**
   * Subtracts from one number of each row: {@code matrix[p, targets[p]] -= values[p]}.
   *
   * @param matrix [P, V], overwritten
   * @param targets [P], in 0..V-1
   * @param values [P]
   */
  public void subtractOneHotInPlace(INDArray matrix, int[] targets, double[] values) {
    try (INDArray doubles = Nd4j.createFromArray(values);
        INDArray typed = doubles.castTo(matrix.dataType())) {
      subtractInPlace(matrix, targets, typed.reshape(values.length, 1));
    }
  }

  private void subtractInPlace(INDArray matrix, int[] targets, @Nullable INDArray column) {
    int rows = targets.length;
    int classes = (int) matrix.size(1);
    int block = Math.max(1, ONE_HOT_BLOCK / classes);
    INDArray buffer = oneHotBuffer(matrix.dataType(), block, classes);
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
        if (column != null) {
          INDArray values = column.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
          run("multiply", oneHot, List.of(oneHot, values)); // [block, V] * [block, 1]
        }
        MatrixRows.view(matrix, from, to).subi(oneHot); // [block, V]
      }
    }
  }

  /**
   * Multiplies each row: {@code matrix[p, v] *= factors[p]}.
   *
   * @param matrix [P, V], overwritten
   * @param factors [P]
   */
  public void scaleRowsInPlace(INDArray matrix, double[] factors) {
    try (INDArray doubles = Nd4j.createFromArray(factors);
        INDArray typed = doubles.castTo(matrix.dataType())) {
      INDArray column = typed.reshape(factors.length, 1);
      run("multiply", matrix, List.of(matrix, column)); // [P, V] * [P, 1]
    }
  }

  /** Lends a matrix of the same shape and type with arbitrary values, until the next call. */
  public INDArray matrixLike(INDArray matrix) {
    long rows = matrix.size(0);
    long columns = matrix.size(1);
    INDArray buffer = matrixBuffer;
    if (buffer == null
        || buffer.dataType() != matrix.dataType()
        || buffer.size(1) != columns
        || buffer.size(0) < rows) {
      buffer = replace(buffer, matrix.dataType(), capacity(rows), columns);
      matrixBuffer = buffer;
    }
    return buffer.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
  }

  private INDArray row(DataType type, long rows) {
    INDArray buffer = rowBuffer;
    if (buffer == null || buffer.dataType() != type || buffer.size(0) < rows) {
      buffer = replace(buffer, type, capacity(rows));
      rowBuffer = buffer;
    }
    return buffer.get(NDArrayIndex.interval(0, rows));
  }

  /**
   * Returns the next power of two: P fluctuates, and must not make a new buffer at every new
   * maximum.
   */
  private static long capacity(long rows) {
    return Math.max(rows, 2 * Long.highestOneBit(rows));
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

  /**
   * Rejects logits and targets that no cost can be computed from.
   *
   * @throws IllegalArgumentException if the logits are not a dense matrix [P, V] of FLOAT or
   *     DOUBLE, there are not P targets, at least one, or a target is outside 0..V-1
   */
  public static void requireLogits(INDArray logits, int[] targets) {
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
    if (!MatrixRows.isDense(logits)) {
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

  /**
   * Rejects weights that are not one per target.
   *
   * @throws IllegalArgumentException if there are not as many weights as targets
   */
  public static void requireWeights(double[] weights, int[] targets) {
    if (weights.length != targets.length) {
      throw new IllegalArgumentException(
          "weights must have shape [P] = [" + targets.length + "], got [" + weights.length + "]");
    }
  }
}
