package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Views of a matrix by groups of examples, made once and kept for the last few numbers of examples
 * while their matrix stays the same object: making them anew for every step would cost more than
 * some of the operations on them.
 */
final class ExampleViews {
  /** The way in which the rows of a group of examples are seen. */
  @FunctionalInterface
  private interface View {
    /**
     * A view of the rows of some examples.
     *
     * @param block [examples * rows of one, columns]
     */
    INDArray of(INDArray block, long examples);
  }

  private final View view;
  private final Recent<Long, Groups> recent = new Recent<>(Buffers.RECENT);

  private record Groups(INDArray matrix, INDArray[] views) {}

  private ExampleViews(View view) {
    this.view = view;
  }

  /** Makes views of rows as they are. */
  static ExampleViews blocks() {
    return new ExampleViews((block, examples) -> block);
  }

  /** Makes views of rows as an [examples, H, N, columns] array. */
  static ExampleViews stacked(int heads) {
    return new ExampleViews(
        (block, examples) ->
            block.reshape('c', examples, heads, block.size(0) / examples / heads, block.size(1)));
  }

  /**
   * Makes views of the heads of one of several parts that lie beside each other, as a strided
   * [examples, H, N, s] array without copying.
   *
   * @param part number of the part of the columns
   * @param parts number of parts
   */
  static ExampleViews heads(int part, int parts, int heads, int headSize) {
    return new ExampleViews(
        (block, examples) ->
            block
                .reshape('c', examples, block.size(0) / examples, parts, heads, headSize)
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(part))
                .permute(0, 2, 1, 3));
  }

  /**
   * The views, one a group.
   *
   * @param matrix [batch * rows of one example, columns]
   * @param groupSize examples in a group; the last group may be smaller
   */
  INDArray[] of(INDArray matrix, long batch, long groupSize) {
    Groups groups = recent.get(batch);
    if (groups == null || groups.matrix() != matrix) {
      long rows = matrix.size(0) / batch;
      INDArray[] views = new INDArray[Math.toIntExact((batch + groupSize - 1) / groupSize)];
      for (int g = 0; g < views.length; g++) {
        long from = g * groupSize;
        long to = Math.min(batch, from + groupSize);
        INDArray block =
            matrix.get(NDArrayIndex.interval(from * rows, to * rows), NDArrayIndex.all());
        views[g] = view.of(block, to - from);
      }
      groups = new Groups(matrix, views);
      recent.put(batch, groups);
    }
    return groups.views();
  }
}
