package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Turns images [B, HW, C] into one vector a patch, [B, T, D] with T = (H/p) (W/p) (Dosovitskiy et
 * al., arXiv 2010.11929, section 3.1): a convolution of p x p pixels with stride p, written as one
 * product on rearranged pixels ({@link Patches}), and a trained vector a position:
 *
 * <pre>
 * out = patches(x) W + b + position               [T, p p C] x [p p C, D] for each example
 * </pre>
 *
 * <p>The table of positions starts as sines and cosines: the first half of the D channels tells the
 * patch's row y, the second its column x, each {@code [sin(y f_i)..., cos(y f_i)...]} with {@code
 * f_i = 10000^(-i/n)}, i = 0..n-1, n = D/4; y and x count patches from 0.
 *
 * @param height H, in pixels
 * @param width W, in pixels
 * @param channels C
 * @param patch p, which divides H and W
 * @param transformerWidth D, a multiple of 4
 */
public record PatchEmbeddingLayer(
    int height, int width, int channels, int patch, int transformerWidth) implements LayerSpec {
  /** Rejects sizes out of their range. */
  public PatchEmbeddingLayer {
    new Patches(height, width, channels, patch);
    Requirements.requirePositive("transformerWidth", transformerWidth);
    if (transformerWidth % 4 != 0) {
      throw new IllegalArgumentException(
          "transformerWidth ("
              + transformerWidth
              + ") must be a multiple of 4: sine and cosine of y and of x");
    }
  }

  private Patches patches() {
    return new Patches(height, width, channels, patch);
  }

  @Override
  public ParameterLayout parameterLayout() {
    int patchWidth = patches().patchWidth();
    return new ParameterLayout()
        .addMatrix(
            "patchWeight", Initialiser.truncatedNormal(1, patchWidth), patchWidth, transformerWidth)
        .add("patchBias", Initialiser.zeros(), transformerWidth)
        .add(
            "position",
            Initialiser.sinusoids(width / patch, transformerWidth),
            patches().count(),
            transformerWidth);
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
    private final Patches patches;
    private final int width;
    private final Parameter weight = parameter("patchWeight");
    private final Parameter bias = parameter("patchBias");
    private final Parameter position = parameter("position");
    private final Memory rearranged = operandMemory();
    private final Memory out = memory();
    private final Memory inputGradient = memory();

    Running(PatchEmbeddingLayer spec, Place place) {
      super(place);
      this.patches = spec.patches();
      this.width = spec.transformerWidth();
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      long batch = inputs[0].size(0);
      long count = patches.count();
      Tensor rows = rearranged.of(batch * count, patches.patchWidth());
      patches.toPatches(compute(), inputs[0], rows);
      Tensor result = out.of(batch, count, width);
      compute().affine(rows, weight.operand(), bias.value(), result.reshape(batch * count, width));
      Tensor flat = result.reshape(batch, count * width);
      compute().add(flat, position.value().reshape(1, count * width), flat);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long batch = inputs[0].size(0);
      long count = patches.count();
      Tensor dOut = outputGradient.reshape(batch * count, width);
      compute()
          .sumRows(
              outputGradient.reshape(batch, count * width),
              position.gradient().reshape(1, count * width),
              accumulating());
      compute().sumRows(dOut, bias.gradient(), accumulating());
      Tensor dOperand = operand(dOut);
      Tensor rows = rearranged.of(batch * count, patches.patchWidth());
      compute().product(rows.transposed(), dOperand, weight.gradient(), 1, accumulating());
      Tensor dPatches = scratch(batch * count, patches.patchWidth());
      compute().product(dOperand, weight.operand().transposed(), dPatches);
      Tensor dX = inputGradient.of(inputs[0].shape());
      patches.toPixels(compute(), dPatches, dX);
      return new Tensor[] {dX};
    }
  }
}
