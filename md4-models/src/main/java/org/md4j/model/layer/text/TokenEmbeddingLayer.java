package org.md4j.model.layer.text;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Dropout;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Turns tokens [B, N], I32, into vectors [B, N, D] (reference code b9fbf29,
 * networks/transformer.py): {@code x = E[token]}, or with a projection {@code x = E[token] W + b}.
 * E has V + 1 rows, the last for the mask. Without projection, ordinary dropout on the result in
 * training.
 *
 * @param embeddingRows V + 1: the mask is the last
 * @param embeddingWidth width of the table
 * @param width D; equals embeddingWidth unless projected
 * @param projected whether a dense layer with bias follows the table
 * @param dropout probability that an entry of the embedding is dropped in training; not used with a
 *     projection
 */
public record TokenEmbeddingLayer(
    int embeddingRows, int embeddingWidth, int width, boolean projected, double dropout)
    implements LayerSpec {
  private static final int EMBEDDING_MASK = 0;

  /** Rejects a width that needs a projection without one. */
  public TokenEmbeddingLayer {
    if (!projected && embeddingWidth != width) {
      throw new IllegalArgumentException(
          "embeddingWidth ("
              + embeddingWidth
              + ") must equal width without a projection, got width "
              + width);
    }
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout =
        new ParameterLayout()
            .add("embedding", Initialiser.embedding(embeddingWidth), embeddingRows, embeddingWidth);
    if (projected) {
      layout
          .add(
              "projectionWeight",
              Initialiser.truncatedNormal(1, embeddingWidth),
              embeddingWidth,
              width)
          .add("projectionBias", Initialiser.zeros(), width);
    }
    return layout;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public Layer layer(Place place) {
    return projected ? new Projected(this, place) : new Plain(this, place);
  }

  private static final class Plain extends Layer {
    private final int width;
    private final Parameter embedding = parameter("embedding");
    private final Dropout dropout;
    private final Memory embedded = memory();
    private @Nullable Tensor mask;

    Plain(TokenEmbeddingLayer spec, Place place) {
      super(place);
      this.width = spec.width();
      this.dropout = new Dropout(this, spec.dropout(), EMBEDDING_MASK);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor tokens = inputs[0];
      long rows = tokens.length();
      Tensor x = embedded.of(rows, width);
      compute().gatherRows(embedding.value(), tokens.reshape(rows), x);
      mask = dropout.draw(training, tokens.size(0), tokens.size(1) * width);
      if (mask != null) {
        compute().multiply(x, mask.reshape(x.shape()), x);
      }
      return x.reshape(tokens.size(0), tokens.size(1), width);
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long rows = inputs[0].length();
      Tensor dEmbedded = outputGradient.reshape(rows, width);
      if (mask != null) {
        Tensor masked = scratch(rows, width);
        compute().multiply(dEmbedded, mask.reshape(rows, width), masked);
        dEmbedded = masked;
      }
      embedding.addRows(inputs[0].reshape(rows), dEmbedded, accumulating());
      return new Tensor[] {null};
    }
  }

  private static final class Projected extends Layer {
    private final int embeddingWidth;
    private final int width;
    private final Parameter embedding = parameter("embedding");
    private final Parameter weight = parameter("projectionWeight");
    private final Parameter bias = parameter("projectionBias");
    private final Memory embedded = operandMemory();
    private final Memory out = memory();

    Projected(TokenEmbeddingLayer spec, Place place) {
      super(place);
      this.embeddingWidth = spec.embeddingWidth();
      this.width = spec.width();
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor tokens = inputs[0];
      long rows = tokens.length();
      Tensor vectors = embedded.of(rows, embeddingWidth);
      compute().gatherRows(embedding.operand(), tokens.reshape(rows), vectors);
      Tensor x = out.of(rows, width);
      compute().affine(vectors, weight.operand(), bias.value(), x);
      return x.reshape(tokens.size(0), tokens.size(1), width);
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long rows = inputs[0].length();
      Tensor dOut = outputGradient.reshape(rows, width);
      Tensor vectors = embedded.of(rows, embeddingWidth);
      compute().sumRows(dOut, bias.gradient(), accumulating());
      Tensor dOperand = operand(dOut);
      compute().product(vectors.transposed(), dOperand, weight.gradient(), 1, accumulating());
      Tensor dEmbedded = scratch(rows, embeddingWidth);
      compute().product(dOperand, weight.operand().transposed(), dEmbedded);
      embedding.addRows(inputs[0].reshape(rows), dEmbedded, accumulating());
      return new Tensor[] {null};
    }
  }
}
