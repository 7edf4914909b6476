package org.md4j.model.layer.image;

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
        new Resizing.Size(2L * height, 2L * width),
        channels);
  }
}
