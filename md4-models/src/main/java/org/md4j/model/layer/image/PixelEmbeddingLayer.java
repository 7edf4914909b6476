package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Turns tokens [B, HWS], I32, into images [B, HW, channels] (reference code b9fbf29,
 * networks/unet.py): every colour of every pixel is embedded, the embeddings of a pixel's colours
 * lie beside each other, and a 3x3 convolution makes them the first image. The table has V + 1
 * rows, the last for the mask: learned ones, or made of Fourier features of the values and then one
 * column wider, for an indicator of the mask.
 *
 * @param embeddingRows V + 1: the mask is embedded too
 * @param embeddingWidth E, learned entries of a row of the table
 * @param colours S, tokens of a pixel (its sub-pixels)
 * @param octaves octaves of Fourier features that the table is made of, or 0 for a learned table
 */
public record PixelEmbeddingLayer(
    int embeddingRows,
    int embeddingWidth,
    int height,
    int width,
    int colours,
    int channels,
    int octaves)
    implements LayerSpec {
  /** Rejects a negative number of octaves. */
  public PixelEmbeddingLayer {
    Requirements.requireNotNegative("octaves", octaves);
  }

  /** The entries of a row of the table. */
  private int tableWidth() {
    return ValueTable.width(embeddingWidth, octaves);
  }

  /** The channels of a pixel's embedded colours. */
  private int pixelWidth() {
    return colours * tableWidth();
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    ValueTable.addParameters(layout, embeddingRows, embeddingWidth, octaves);
    return layout
        .addMatrix(
            "weight",
            Initialiser.truncatedNormal(1, Convolution.fanIn(pixelWidth())),
            Convolution.kernelShape(pixelWidth(), channels))
        .add("bias", Initialiser.zeros(), channels);
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
    private final PixelEmbeddingLayer spec;
    private final ValueTable table;
    private final Convolution convolution;
    private final Memory embedded = operandMemory();
    private final Memory out = memory();

    Running(PixelEmbeddingLayer spec, Place place) {
      super(place);
      this.spec = spec;
      this.table = ValueTable.of(this, spec.embeddingRows(), spec.embeddingWidth(), spec.octaves());
      this.convolution =
          new Convolution(
              compute(), parameter("weight"), parameter("bias"), spec.height(), spec.width());
    }

    private long pixels() {
      return (long) spec.height() * spec.width();
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      long tokens = inputs[0].length();
      long batch = inputs[0].size(0);
      Tensor vectors = embedded.of(tokens, spec.tableWidth());
      compute().gatherRows(table.forward(), inputs[0].reshape(tokens), vectors);
      Tensor result = out.of(batch, pixels(), spec.channels());
      convolution.forward(vectors.reshape(batch, pixels(), spec.pixelWidth()), result);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long tokens = inputs[0].length();
      long batch = inputs[0].size(0);
      Tensor dEmbedded = scratch(tokens, spec.tableWidth());
      convolution.backward(
          embedded.of(tokens, spec.tableWidth()).reshape(batch, pixels(), spec.pixelWidth()),
          operand(outputGradient),
          dEmbedded.reshape(batch, pixels(), spec.pixelWidth()),
          accumulating());
      table.backward(inputs[0].reshape(tokens), dEmbedded);
      return new Tensor[] {null};
    }
  }
}
