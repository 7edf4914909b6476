package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Halves images [B, HW, channels]: every pixel of the result is the mean of 2x2 pixels.
 *
 * @param height height of the input, even
 * @param width width of the input, even
 */
public record DownsamplingLayer(int height, int width, int channels) implements LayerSpec {
  /** The share that each of four pixels has in their mean. */
  private static final double SHARE = 0.25;

  /** Rejects sizes that cannot be halved. */
  public DownsamplingLayer {
    if (height % 2 != 0 || width % 2 != 0) {
      throw new IllegalArgumentException(
          "height (%d) and width (%d) must be even to be halved".formatted(height, width));
    }
  }

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
    private final DownsamplingLayer spec;
    private final Memory out = memory();
    private final Memory inputGradient = memory();

    Running(DownsamplingLayer spec, Place place) {
      super(place);
      this.spec = spec;
    }

    private Tensor input(Tensor x) {
      return x.reshape(x.size(0), spec.height(), spec.width(), spec.channels());
    }

    private Tensor output(Tensor y) {
      return y.reshape(y.size(0), spec.height() / 2, spec.width() / 2, spec.channels());
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor x = inputs[0];
      Tensor result = out.of(x.size(0), spec.height() / 2L * (spec.width() / 2), spec.channels());
      compute().averagePool(input(x), output(result));
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor dX = inputGradient.of(inputs[0].shape());
      compute().enlarge(output(outputGradient), input(dX));
      compute().linear(dX, SHARE, 0, dX);
      return new Tensor[] {dX};
    }
  }
}
