package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Doubles images [B, HW, channels]: every pixel becomes 2x2 equal pixels.
 *
 * @param height height of the input
 * @param width width of the input
 */
public record UpsamplingLayer(int height, int width, int channels) implements LayerSpec {
  /** The number of pixels that each becomes: the sum of their gradients is this many means. */
  private static final double COPIES = 4;

  @Override
  public ParameterLayout parameterLayout() {
    return new ParameterLayout();
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
    private final UpsamplingLayer spec;
    private final Memory out = memory();
    private final Memory inputGradient = memory();

    Running(UpsamplingLayer spec, Place place) {
      super(place);
      this.spec = spec;
    }

    private Tensor input(Tensor x) {
      return x.reshape(x.size(0), spec.height(), spec.width(), spec.channels());
    }

    private Tensor output(Tensor y) {
      return y.reshape(y.size(0), 2L * spec.height(), 2L * spec.width(), spec.channels());
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor x = inputs[0];
      Tensor result = out.of(x.size(0), 2L * spec.height() * (2L * spec.width()), spec.channels());
      compute().enlarge(input(x), output(result));
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor dX = inputGradient.of(inputs[0].shape());
      compute().averagePool(output(outputGradient), input(dX));
      compute().linear(dX, COPIES, 0, dX);
      return new Tensor[] {dX};
    }
  }
}
