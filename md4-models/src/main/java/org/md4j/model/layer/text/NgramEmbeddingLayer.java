package org.md4j.model.layer.text;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.core.Checks;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Adds to vectors of tokens what is known of the n-grams around them: tokens [B, N], I32, and x [B,
 * N, D] to
 *
 * <pre>
 * x + [E[r_1], .., E[r_W]] P
 * </pre>
 *
 * <p>with r_w the row of the n-gram in the position's w-th window ({@link
 * org.md4j.model.text.NgramEmbedding} says which these are), E [rows of all windows, tableWidth]
 * and P [W tableWidth, D]. No vector is dropped out.
 *
 * <p>Deviation: the paper's networks and the reference code have no such layer. E starts at zero,
 * so that the layer adds nothing at the start; P is normal of standard deviation 1, which decides
 * how much a row's first update adds.
 *
 * @param embeddingRows V + 1: the mask is the last
 * @param orders orders n of the n-grams, ascending
 * @param tableRows rows of each window's part of the table at most
 * @param tableWidth width of the table
 * @param width D
 * @param causal whether a position's n-grams end at the position
 */
public record NgramEmbeddingLayer(
    int embeddingRows,
    List<Integer> orders,
    int tableRows,
    int tableWidth,
    int width,
    boolean causal)
    implements LayerSpec {
  /** Rejects sizes below 1. */
  public NgramEmbeddingLayer {
    orders = List.copyOf(orders);
    orders.forEach(order -> Checks.atLeastOne("order", order));
    Checks.atLeastOne("embeddingRows", embeddingRows);
    Checks.atLeastOne("tableRows", tableRows);
    Checks.atLeastOne("tableWidth", tableWidth);
    Checks.atLeastOne("width", width);
  }

  private NgramTable table() {
    return new NgramTable(embeddingRows, orders, tableRows, causal);
  }

  @Override
  public ParameterLayout parameterLayout() {
    NgramTable table = table();
    long beside = (long) table.windows() * tableWidth;
    return new ParameterLayout()
        .add("ngrams", Initialiser.zeros(), table.rows(), tableWidth)
        .add("projection", Initialiser.normal(1), beside, width);
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer {
    private final NgramTable table;
    private final int tableWidth;
    private final Parameter ngrams = parameter("ngrams");
    private final Parameter projection = parameter("projection");
    private final Memory embedded = operandMemory();
    private final Memory out = memory();
    private @Nullable Tensor found;

    Running(NgramEmbeddingLayer spec, Place place) {
      super(place);
      this.table = spec.table();
      this.tableWidth = spec.tableWidth();
    }

    /** The vectors of every position's n-grams beside each other, [B N, W E]. */
    private Tensor beside(long positions) {
      return embedded.of(positions, (long) table.windows() * tableWidth);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor tokens = inputs[0];
      Tensor x = inputs[1];
      long positions = tokens.length();
      int[] rows =
          table.lookUp(
              tokens.reshape(positions).array().toIntVector(), Math.toIntExact(tokens.size(1)));
      found = Tensor.of(rows);
      Tensor vectors = beside(positions);
      Tensor exact = unrounded(vectors);
      compute().gatherRows(ngrams.value(), found, exact.reshape(rows.length, tableWidth));
      round(exact, vectors);
      Tensor result = out.of(x.shape());
      compute().copy(x, result);
      compute()
          .product(vectors, projection.operand(), result.reshape(positions, x.size(2)), 1, true);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long positions = inputs[0].length();
      Tensor dOut = operand(outputGradient.reshape(positions, outputGradient.size(2)));
      Tensor vectors = beside(positions);
      compute().product(vectors.transposed(), dOut, projection.gradient(), 1, accumulating());
      Tensor dVectors = scratch(vectors.shape());
      compute().product(dOut, projection.operand().transposed(), dVectors);
      ngrams.addRows(
          Objects.requireNonNull(found, "a forward pass must come before"),
          dVectors.reshape(positions * table.windows(), tableWidth),
          accumulating());
      return new Tensor[] {null, outputGradient};
    }
  }
}
