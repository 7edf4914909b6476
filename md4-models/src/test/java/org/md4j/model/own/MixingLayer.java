package org.md4j.model.own;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * A layer as a user writes one: it mixes the positions of a row, x [B, N, D] to [B, N, D], which no
 * layer of ours does.
 *
 * <pre>
 * out = x + gelu(M x)                             M [N, N], the same for all channels
 * </pre>
 *
 * @param length N
 * @param width D
 */
public record MixingLayer(int length, int width) implements LayerSpec {
  @Override
  public ParameterLayout parameterLayout() {
    return new ParameterLayout()
        .addMatrix("mixing", Initialiser.truncatedNormal(1, length), length, length);
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
    private final int length;
    private final int width;
    private final Parameter mixing = parameter("mixing");
    private final Memory mixed = memory();
    private final Memory out = memory();
    private final Memory inputGradient = memory();

    Running(MixingLayer spec, Place place) {
      super(place);
      this.length = spec.length();
      this.width = spec.width();
    }

    /** A row's positions and channels. */
    private Tensor row(Tensor x, long b) {
      return x.interval(0, b, b + 1).reshape(length, width);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor x = inputs[0];
      Tensor operand = operand(x);
      Tensor z = mixed.of(x.shape());
      for (long b = 0; b < x.size(0); b++) {
        compute().product(mixing.operand(), row(operand, b), row(z, b));
      }
      Tensor y = out.of(x.shape());
      compute().activate(Activation.GELU, z, y);
      compute().add(y, x, y);
      return y;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor x = inputs[0];
      Tensor dZ = scratch(x.shape());
      compute().activationGradient(Activation.GELU, mixed.of(x.shape()), outputGradient, dZ);
      Tensor operand = operand(x);
      Tensor dOperand = operand(dZ);
      Tensor dX = inputGradient.of(x.shape());
      for (long b = 0; b < x.size(0); b++) {
        compute()
            .product(
                row(dOperand, b),
                row(operand, b).transposed(),
                mixing.gradient(),
                1,
                accumulating() || b > 0);
        compute().product(mixing.operand().transposed(), row(dOperand, b), row(dX, b));
      }
      compute().add(dX, outputGradient, dX);
      return new Tensor[] {dX};
    }
  }
}
