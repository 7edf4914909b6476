package org.md4j.model.layer.text;

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

/**
 * The feed-forward half of a transformer block (reference code b9fbf29, networks/transformer.py),
 * with the sigmoid gate of {@code mlp_type = 'glu'}: x [B, N, D] and, if conditioned, cond [B, C]
 * to [B, N, D]:
 *
 * <pre>
 * h = norm(x; cond)
 * out = x + gate * (sigmoid(h Wg) * (h Wu)) Wd
 * </pre>
 *
 * <p>No bias. In training, dropout acts by whole channels of an example on the result of Wd.
 *
 * @param width D
 * @param hiddenWidth F
 * @param initialiserScale variance of a weight times its fan-in at the start
 * @param conditioningWidth C, or 0 for none
 * @param dropout probability of dropout, in [0, 1)
 */
public record FeedForwardLayer(
    int width, int hiddenWidth, double initialiserScale, int conditioningWidth, double dropout)
    implements LayerSpec {
  private static final int CHANNEL_MASK = 0;

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, true);
    Initialiser in = Initialiser.truncatedNormal(initialiserScale, width);
    Initialiser out = Initialiser.truncatedNormal(initialiserScale, hiddenWidth);
    return layout
        .add("gateWeight", in, width, hiddenWidth)
        .add("upWeight", in, width, hiddenWidth)
        .add("downWeight", out, hiddenWidth, width);
  }

  @Override
  public int inputCount() {
    return conditioningWidth > 0 ? 2 : 1;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends ResidualLayer {
    private final int width;
    private final int hidden;
    private final Parameter gateWeight = parameter("gateWeight");
    private final Parameter upWeight = parameter("upWeight");
    private final Parameter downWeight = parameter("downWeight");
    private final Memory gate = operandMemory();
    private final Memory up = operandMemory();
    private final Memory product = operandMemory();
    private final Memory core = memory();

    Running(FeedForwardLayer spec, Place place) {
      super(place, spec.width());
      this.width = spec.width();
      this.hidden = spec.hiddenWidth();
      normalizeBy(BlockNormalization.of(this, width, spec.conditioningWidth(), true));
      dropChannels(new Dropout(this, spec.dropout(), CHANNEL_MASK));
    }

    @Override
    protected Tensor core(Tensor h, long batch, long length, boolean training) {
      long rows = batch * length;
      Tensor gates = gate.of(rows, hidden);
      Tensor ups = up.of(rows, hidden);
      Tensor products = product.of(rows, hidden);
      compute().activatedProduct(h, gateWeight.operand(), Activation.LOGISTIC, gates);
      compute().product(h, upWeight.operand(), ups);
      compute().multiply(gates, ups, products);
      Tensor result = core.of(rows, width);
      compute().product(products, downWeight.operand(), result);
      return result;
    }

    @Override
    protected Tensor coreBackward(Tensor h, Tensor coreGradient, long batch, long length) {
      long rows = batch * length;
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
      Tensor dH = scratch(rows, width);
      compute().product(products, gateWeight.operand().transposed(), dH);
      compute().product(dProduct, upWeight.operand().transposed(), dH, 1, true);
      return dH;
    }
  }
}
