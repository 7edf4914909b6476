package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Turns class labels [B], I32, into vectors (reference code b9fbf29, models/backward.py): {@code c
 * = E[label]}.
 *
 * <p>Deviation: E has classes + 1 rows, the reference's has classes. The last row is the null label
 * "no class", which classifier-free guidance asks about.
 *
 * @param embeddingRows classes + 1: the null label is the last
 * @param width C
 */
public record ClassEmbeddingLayer(int embeddingRows, int width) implements LayerSpec {
  @Override
  public ParameterLayout parameterLayout() {
    return new ParameterLayout()
        .add("embedding", Initialiser.embedding(width), embeddingRows, width);
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer {
    private final int width;
    private final Parameter embedding = parameter("embedding");
    private final Memory out = memory();

    Running(ClassEmbeddingLayer spec, Place place) {
      super(place);
      this.width = spec.width();
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor result = out.of(inputs[0].length(), width);
      compute().gatherRows(embedding.value(), inputs[0], result);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      embedding.addRows(inputs[0], outputGradient, accumulating());
      return new Tensor[] {null};
    }
  }
}
