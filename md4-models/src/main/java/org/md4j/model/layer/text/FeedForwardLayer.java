package org.md4j.model.layer.text;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.BlockNormalization;
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
 * The feed-forward half of a transformer block (reference code b9fbf29, networks/transformer.py),
 * with the sigmoid gate of {@code mlp_type = 'glu'}: x [B, N, D], positions [P], I32, if only those
 * are wanted, and, if conditioned, cond [B, C] to [B, N, D]:
 *
 * <pre>
 * h = norm(x; cond)                               with a short convolution h + c * h
 * out = x + gate * (sigmoid(h Wg) * (h Wu)) Wd
 * </pre>
 *
 * <p>In the last block nobody reads the result but at the wanted positions: there the core runs on
 * those alone, and what is at the others is x. The short convolution before it reads all positions.
 *
 * <p>No bias. In training, dropout acts by whole channels of an example on the result of Wd.
 *
 * @param width D
 * @param hiddenWidth F
 * @param initialiserScale variance of a weight times its fan-in at the start
 * @param conditioningWidth C, or 0 for none
 * @param dropout probability of dropout, in [0, 1)
 * @param wantedOnly whether the second input names the positions that the result is read at
 * @param shortConvolution taps w of the {@link ShortConvolution}, odd, or 0 for none
 * @param causal whether the short convolution reads a position and those before it only
 */
public record FeedForwardLayer(
    int width,
    int hiddenWidth,
    double initialiserScale,
    int conditioningWidth,
    double dropout,
    boolean wantedOnly,
    int shortConvolution,
    boolean causal)
    implements LayerSpec {
  private static final int CHANNEL_MASK = 0;

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, true);
    Initialiser in = Initialiser.truncatedNormal(initialiserScale, width);
    Initialiser out = Initialiser.truncatedNormal(initialiserScale, hiddenWidth);
    layout
        .addMatrix("gateWeight", in, width, hiddenWidth)
        .addMatrix("upWeight", in, width, hiddenWidth)
        .addMatrix("downWeight", out, hiddenWidth, width);
    ShortConvolution.addParameters(layout, shortConvolution, width);
    return layout;
  }

  @Override
  public int inputCount() {
    return 1 + (wantedOnly ? 1 : 0) + (conditioningWidth > 0 ? 1 : 0);
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends ResidualLayer {
    private final int width;
    private final int hidden;
    private final boolean wantedOnly;
    private final Parameter gateWeight = parameter("gateWeight");
    private final Parameter upWeight = parameter("upWeight");
    private final Parameter downWeight = parameter("downWeight");
    private final Memory chosen = operandMemory();
    private final Memory gate = operandMemory();
    private final Memory up = operandMemory();
    private final Memory product = operandMemory();
    private final Memory core = memory();

    Running(FeedForwardLayer spec, Place place) {
      super(place, spec.width(), spec.conditioningWidth() > 0);
      this.width = spec.width();
      this.hidden = spec.hiddenWidth();
      this.wantedOnly = spec.wantedOnly();
      normalizeBy(BlockNormalization.of(this, width, spec.conditioningWidth(), true));
      if (spec.shortConvolution() > 0) {
        convolveBy(new ShortConvolution(this, spec.shortConvolution(), spec.causal()));
      }
      dropChannels(new Dropout(this, spec.dropout(), CHANNEL_MASK));
    }

    /** The positions that are wanted, or null for all. */
    private @Nullable Tensor wanted(Tensor[] inputs) {
      // Positions are strictly ascending: as many as there are, they are all.
      boolean all = !wantedOnly || inputs[1].length() == inputs[0].size(0) * inputs[0].size(1);
      return all ? null : inputs[1];
    }

    @Override
    protected Tensor core(Tensor h, Tensor[] inputs, boolean training) {
      Tensor result = core.of(h.shape());
      Tensor positions = wanted(inputs);
      if (positions == null) {
        gated(h, result);
        return result;
      }
      long wanted = positions.length();
      Tensor rows = chosen.of(capacity(wanted), width);
      gatherWanted(h, positions, rows);
      Tensor core = scratch(rows.shape());
      gated(rows, core);
      compute().zero(result);
      compute().scatterRows(core.interval(0, 0, wanted), positions, result);
      return result;
    }

    private void gated(Tensor h, Tensor result) {
      long rows = h.size(0);
      Tensor gates = gate.of(rows, hidden);
      Tensor ups = up.of(rows, hidden);
      Tensor products = product.of(rows, hidden);
      compute().activatedProduct(h, gateWeight.operand(), Activation.LOGISTIC, gates);
      compute().product(h, upWeight.operand(), ups);
      compute().multiply(gates, ups, products);
      compute().product(products, downWeight.operand(), result);
    }

    @Override
    protected Tensor coreBackward(Tensor h, Tensor coreGradient, Tensor[] inputs) {
      Tensor positions = wanted(inputs);
      if (positions == null) {
        Tensor dH = scratch(h.shape());
        gatedBackward(h, coreGradient, dH);
        return dH;
      }
      long wanted = positions.length();
      Tensor rows = chosen.of(capacity(wanted), width);
      Tensor dCore = scratch(rows.shape());
      gatherWanted(coreGradient, positions, dCore);
      Tensor dRows = scratch(rows.shape());
      gatedBackward(rows, dCore, dRows);
      Tensor dH = scratch(h.shape());
      compute().zero(dH);
      compute().scatterRows(dRows.interval(0, 0, wanted), positions, dH);
      return dH;
    }

    private void gatedBackward(Tensor h, Tensor coreGradient, Tensor dH) {
      long rows = h.size(0);
      Tensor gates = gate.of(rows, hidden);
      Tensor dCore = operand(coreGradient);
      Tensor products = product.of(rows, hidden);
      compute().product(products.transposed(), dCore, downWeight.gradient(), 1, accumulating());
      Tensor dProduct = operandScratch(rows, hidden);
      compute().product(dCore, downWeight.operand().transposed(), dProduct);

      // The products are not needed any more: their memory takes the gradient of the gate.
      compute().multiply(dProduct, up.of(rows, hidden), products);
      compute().activationGradient(Activation.LOGISTIC, gates, products, products);
      compute().multiply(dProduct, gates, dProduct);

      compute().product(h.transposed(), products, gateWeight.gradient(), 1, accumulating());
      compute().product(h.transposed(), dProduct, upWeight.gradient(), 1, accumulating());
      compute().product(products, gateWeight.operand().transposed(), dH);
      compute().product(dProduct, upWeight.operand().transposed(), dH, 1, true);
    }
  }
}
