package org.md4j.model.layer.image;

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
    return new Resizing(
        place,
        new Resizing.Size(height, width),
        new Resizing.Size(height / 2, width / 2),
        channels);
  }
}
