package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Takes the mean of an image's pixels, [B, HW, C] to [B, C]: the features of a classifier.
 *
 * @param channels C
 */
public record PixelMeanLayer(int channels) implements LayerSpec {
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
    private final int channels;
    private final Memory out = memory();
    private final Memory inputGradient = memory();

    Running(PixelMeanLayer spec, Place place) {
      super(place);
      this.channels = spec.channels();
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor x = inputs[0];
      Tensor result = out.of(x.size(0), channels);
      compute().sumRows(x, result, false);
      compute().linear(result, 1.0 / x.size(1), 0, result);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor dX = inputGradient.of(inputs[0].shape());
      long batch = dX.size(0);
      Tensor share = scratch(batch, channels);
      compute().linear(outputGradient, 1.0 / dX.size(1), 0, share);
      compute().zero(dX);
      compute().add(dX, share.reshape(batch, 1, channels), dX);
      return new Tensor[] {dX};
    }
  }
}
