package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Views of a matrix by example, made once and kept while the matrix stays the same object: making
 * them anew for every step would cost more than some of the operations on them.
 */
final class ExampleViews {
  /** How the rows of one example are seen. */
  @FunctionalInterface
  interface View {
    /** A view of [rows of one example, columns]. */
    INDArray of(INDArray block);
  }

  private final View view;
  private INDArray matrix = Nd4j.empty();
  private INDArray[] examples = {};

  private ExampleViews(View view) {
    this.view = view;
  }

  /** Example rows as they are. */
  static ExampleViews blocks() {
    return new ExampleViews(block -> block);
  }

  /** Example rows as a [1, H, rows / H, columns] array. */
  static ExampleViews stacked(int heads) {
    return new ExampleViews(
        block -> block.reshape('c', 1, heads, block.size(0) / heads, block.size(1)));
  }

  /**
   * The heads of one of several groups that lie beside each other, as a strided [1, H, N, s] array
   * without copying.
   *
   * @param group which group of columns
   * @param groups number of groups
   */
  static ExampleViews heads(int group, int groups, int heads, int headSize) {
    return new ExampleViews(
        block ->
            block
                .reshape('c', 1, block.size(0), groups, heads, headSize)
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(group))
                .permute(0, 2, 1, 3));
  }

  /** The views, one an example. */
  INDArray[] of(INDArray currentMatrix, long batch) {
    if (currentMatrix != matrix || examples.length != batch) {
      long rows = currentMatrix.size(0) / batch;
      INDArray[] views = new INDArray[Math.toIntExact(batch)];
      for (int b = 0; b < views.length; b++) {
        views[b] =
            view.of(
                currentMatrix.get(
                    NDArrayIndex.interval(b * rows, (b + 1) * rows), NDArrayIndex.all()));
      }
      matrix = currentMatrix;
      examples = views;
    }
    return examples;
  }
}
