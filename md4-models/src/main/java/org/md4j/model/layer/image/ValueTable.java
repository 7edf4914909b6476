package org.md4j.model.layer.image;

import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * The table that values are looked up in on their way into a network: V + 1 rows, the last for the
 * mask.
 *
 * <p>Kinds: learned, every entry a parameter; made of Fourier features of the values ({@link
 * FourierValueTable}).
 */
sealed interface ValueTable permits ValueTable.Learned, FourierValueTable {
  /**
   * Adds the parameters of a table to a layer's layout.
   *
   * @param rows V + 1
   * @param embeddingWidth E, entries of a row that are learned
   * @param octaves octaves of Fourier features, or 0 for a learned table
   */
  static void addParameters(ParameterLayout layout, int rows, int embeddingWidth, int octaves) {
    if (octaves > 0) {
      FourierValueTable.addParameters(layout, embeddingWidth, octaves);
    } else {
      layout.add("embedding", Initialiser.embedding(embeddingWidth), rows, embeddingWidth);
    }
  }

  /** Counts the entries of a row. */
  static int width(int embeddingWidth, int octaves) {
    return octaves > 0 ? FourierValueTable.width(embeddingWidth) : embeddingWidth;
  }

  /** Makes the kind that a number of octaves calls for: 0 means a learned table. */
  static ValueTable of(Layer layer, int rows, int embeddingWidth, int octaves) {
    return octaves > 0
        ? new FourierValueTable(layer, rows, embeddingWidth, octaves)
        : new Learned(layer, layer.parameter("embedding"));
  }

  /** Returns the table of this forward pass, [V + 1, width], an operand of products. */
  Tensor forward();

  /**
   * Writes the gradients of the parameters.
   *
   * @param rows [M], I32, the rows that were looked up
   * @param rowGradients [M, width], their gradients
   */
  void backward(Tensor rows, Tensor rowGradients);

  /** A table that is a parameter. */
  record Learned(Layer layer, Parameter embedding) implements ValueTable {
    @Override
    public Tensor forward() {
      return embedding.operand();
    }

    @Override
    public void backward(Tensor rows, Tensor rowGradients) {
      embedding.addRows(rows, rowGradients, layer.accumulating());
    }
  }
}
