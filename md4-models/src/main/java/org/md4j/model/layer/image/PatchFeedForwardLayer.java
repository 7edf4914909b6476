package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.AdaptiveNormalization;
import org.md4j.model.layer.Dropout;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;
import org.md4j.model.layer.ResidualLayer;
import org.md4j.model.layer.ShortConvolution;

/**
 * The feed-forward half of a transformer block over patches of images ("DiT", Peebles and Xie,
 * arXiv 2212.09748, section 3.2, adaLN-Zero): x [B, T, D] and cond [B, C] to [B, T, D].
 *
 * <pre>
 * (shift, scale, gate) = swish(cond) Wm + bm      Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * out = x + gate * (gelu(h W1 + b1) W2 + b2)      with a short convolution h + c * h in place of h
 * </pre>
 *
 * <p>In training, dropout acts on the hidden activations, entry by entry.
 *
 * @param width D
 * @param hiddenWidth F
 * @param conditioningWidth C, at least 1
 * @param dropout probability of dropout, in [0, 1)
 * @param shortConvolution taps w of the {@link ShortConvolution} over patches in their order, odd,
 *     or 0 for none
 */
public record PatchFeedForwardLayer(
    int width, int hiddenWidth, int conditioningWidth, double dropout, int shortConvolution)
    implements LayerSpec {
  private static final int HIDDEN_MASK = 0;

  /** Rejects numbers out of their range. */
  public PatchFeedForwardLayer {
    Requirements.requirePositive("width", width);
    Requirements.requirePositive("hiddenWidth", hiddenWidth);
    Requirements.requireConditioning(conditioningWidth);
    Requirements.requireDropout(dropout);
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, width, conditioningWidth, true);
    layout
        .addMatrix("hiddenWeight", Initialiser.truncatedNormal(1, width), width, hiddenWidth)
        .add("hiddenBias", Initialiser.zeros(), hiddenWidth)
        .addMatrix("outputWeight", Initialiser.truncatedNormal(1, hiddenWidth), hiddenWidth, width)
        .add("outputBias", Initialiser.zeros(), width);
    ShortConvolution.addParameters(layout, shortConvolution, width);
    return layout;
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends ResidualLayer {
    private final int width;
    private final int hiddenWidth;
    private final Parameter hiddenWeight = parameter("hiddenWeight");
    private final Parameter hiddenBias = parameter("hiddenBias");
    private final Parameter outputWeight = parameter("outputWeight");
    private final Parameter outputBias = parameter("outputBias");
    private final Memory argument = memory();
    private final Memory hidden = operandMemory();
    private final Memory core = memory();
    private final Dropout dropout;
    private @Nullable Tensor mask;

    Running(PatchFeedForwardLayer spec, Place place) {
      super(place, spec.width(), true);
      this.width = spec.width();
      this.hiddenWidth = spec.hiddenWidth();
      normalizeBy(AdaptiveNormalization.ofImages(this, width, true));
      if (spec.shortConvolution() > 0) {
        convolveBy(new ShortConvolution(this, spec.shortConvolution(), false));
      }
      this.dropout = new Dropout(this, spec.dropout(), HIDDEN_MASK);
    }

    @Override
    protected Tensor core(Tensor h, Tensor[] inputs, boolean training) {
      long batch = inputs[0].size(0);
      long length = inputs[0].size(1);
      long rows = batch * length;
      Tensor z = argument.of(rows, hiddenWidth);
      compute().affine(h, hiddenWeight.operand(), hiddenBias.value(), z);
      Tensor activated = hidden.of(rows, hiddenWidth);
      compute().activate(Activation.GELU, z, activated);
      mask = dropout.draw(training, batch, length * hiddenWidth);
      if (mask != null) {
        compute().multiply(activated, mask.reshape(rows, hiddenWidth), activated);
      }
      Tensor result = core.of(rows, width);
      compute().affine(activated, outputWeight.operand(), outputBias.value(), result);
      return result;
    }

    @Override
    protected Tensor coreBackward(Tensor h, Tensor coreGradient, Tensor[] inputs) {
      long batch = inputs[0].size(0);
      long length = inputs[0].size(1);
      long rows = batch * length;
      compute().sumRows(coreGradient, outputBias.gradient(), accumulating());
      Tensor dCore = operand(coreGradient);
      Tensor activated = hidden.of(rows, hiddenWidth);
      compute().product(activated.transposed(), dCore, outputWeight.gradient(), 1, accumulating());
      Tensor dHidden = scratch(rows, hiddenWidth);
      compute().product(dCore, outputWeight.operand().transposed(), dHidden);
      if (mask != null) {
        compute().multiply(dHidden, mask.reshape(rows, hiddenWidth), dHidden);
      }
      compute()
          .activationGradient(Activation.GELU, argument.of(rows, hiddenWidth), dHidden, dHidden);
      compute().sumRows(dHidden, hiddenBias.gradient(), accumulating());
      Tensor dOperand = operand(dHidden);
      compute().product(h.transposed(), dOperand, hiddenWeight.gradient(), 1, accumulating());
      Tensor dH = scratch(rows, width);
      compute().product(dOperand, hiddenWeight.operand().transposed(), dH);
      return dH;
    }
  }
}
