package org.md4j.model.layer.image;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.AdaptiveNormalization;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Turns patches [B, T, D] back into pixels [B, HW, C], told cond ("final layer" of Peebles and Xie,
 * arXiv 2212.09748, section 3.2):
 *
 * <pre>
 * (shift, scale) = swish(cond) Wm + bm            Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * out = pixels(h W + b)                           [T, D] x [D, p p C] for each example; W, b zero
 * </pre>
 *
 * @param height H, in pixels
 * @param width W, in pixels
 * @param channels C
 * @param patch p, which divides H and W
 * @param transformerWidth D
 * @param conditioningWidth the width of cond, at least 1
 */
public record PatchProjectionLayer(
    int height, int width, int channels, int patch, int transformerWidth, int conditioningWidth)
    implements LayerSpec {
  /** Rejects sizes out of their range. */
  public PatchProjectionLayer {
    new Patches(height, width, channels, patch);
    Requirements.requirePositive("transformerWidth", transformerWidth);
    Requirements.requireConditioning(conditioningWidth);
  }

  private Patches patches() {
    return new Patches(height, width, channels, patch);
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, transformerWidth, conditioningWidth, false);
    int patchWidth = patches().patchWidth();
    return layout
        .addMatrix("pixelWeight", Initialiser.zeros(), transformerWidth, patchWidth)
        .add("pixelBias", Initialiser.zeros(), patchWidth);
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
    private final PatchProjectionLayer spec;
    private final Patches patches;
    private final int width;
    private final AdaptiveNormalization normalization;
    private final Parameter weight = parameter("pixelWeight");
    private final Parameter bias = parameter("pixelBias");
    private final Memory out = memory();
    private final Memory inputGradient = memory();
    private @Nullable Tensor normalized;

    Running(PatchProjectionLayer spec, Place place) {
      super(place);
      this.spec = spec;
      this.patches = spec.patches();
      this.width = spec.transformerWidth();
      this.normalization = AdaptiveNormalization.ofImages(this, width, false);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      long batch = inputs[0].size(0);
      long rows = batch * patches.count();
      Tensor h = normalization.forward(inputs[0], inputs[1]).reshape(rows, width);
      normalized = h;
      Tensor projected = scratch(rows, patches.patchWidth());
      compute().affine(h, weight.operand(), bias.value(), projected);
      Tensor result = out.of(batch, (long) spec.height() * spec.width(), spec.channels());
      patches.toPixels(compute(), projected, result);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor h = Objects.requireNonNull(normalized);
      Tensor x = inputs[0];
      long rows = x.size(0) * patches.count();
      Tensor dProjected = scratch(rows, patches.patchWidth());
      patches.toPatches(compute(), outputGradient, dProjected);
      compute().sumRows(dProjected, bias.gradient(), accumulating());
      Tensor dOperand = operand(dProjected);
      compute().product(h.transposed(), dOperand, weight.gradient(), 1, accumulating());
      Tensor dX = inputGradient.of(x.shape());
      compute().product(dOperand, weight.operand().transposed(), dX.reshape(rows, width));
      Tensor dConditioning = normalization.backward(x, dX, null, dX);
      return new Tensor[] {dX, dConditioning};
    }
  }
}
